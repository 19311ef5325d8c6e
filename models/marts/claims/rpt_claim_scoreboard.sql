-- Every figure of the brief, held against the company's own. Supported where the measured value lies in
-- the band of the claim (of a band with one edge, the whole interval); contradicted where the whole interval
-- lies outside; otherwise, or where nothing is measured, not measurable, and the reason says why.
with

claims as (
    select * from {{ ref('claims') }}
),

-- Most figures are of a year: before there is one, they are not known.
last_months as (
    select
        max(reporting_month) as reporting_month,
        count(*) >= 12 as has_year
    from {{ ref('dim_months') }}
    where is_closed_month
),

measures as (
    {% for measure, report, rows, value, bounds, observations in list_reported_claims() -%}
    select
        '{{ measure }}' as measure,
        {{ value }} as measured_value,
        {{ bounds[0] if bounds else value }} as measured_low,
        {{ bounds[1] if bounds else value }} as measured_high,
        cast({{ observations }} as bigint) as observation_count
    from {{ ref(report) }} as reports
    inner join last_months
        on reports.reporting_month {{ 'between ' ~ dbt.dateadd('month', -11, 'last_months.reporting_month') ~ ' and'
            if measure == 'repeat_order_share' else '=' }} last_months.reporting_month
    where
        {{ rows }}
        {{ 'and last_months.has_year' if report not in ['rpt_key_account_standards', 'rpt_word_of_mouth'] }}
    union all
    {% endfor -%}
    select * from {{ ref('int_claim_cause_measures') }}
    union all
    select * from {{ ref('int_claim_loyalty_measures') }}
    union all
    select * from {{ ref('int_claim_answer_measures') }}
),

judged as (
    select
        claims.*,
        measures.measured_value,
        measures.measured_low,
        measures.measured_high,
        measures.observation_count,
        case
            when measures.measure is null then 'not_modelled'
            when measures.measured_value is null then 'no_data'
            when measures.observation_count < claims.minimum_count then 'too_few'
            when
                measures.measured_value >= coalesce(claims.band_low, measures.measured_value)
                and measures.measured_value <= coalesce(claims.band_high, measures.measured_value)
                and (claims.band_high is not null or measures.measured_low >= claims.band_low)
                and (claims.band_low is not null or measures.measured_high <= claims.band_high)
                then 'inside_band'
            when measures.measured_high < claims.band_low or measures.measured_low > claims.band_high
                then 'outside_band'
            else 'interval_touches_band'
        end as verdict_reason
    from claims
    left join measures
        on claims.measure = measures.measure
),

final as (
    select
        claim_id,
        cast(sort_order as bigint) as sort_order,
        document,
        claim_en,
        claim_zh,
        claimed_low,
        claimed_high,
        claimed_label_en,
        claimed_label_zh,
        band_low,
        band_high,
        measure,
        measured_value,
        measured_low,
        measured_high,
        observation_count,
        case verdict_reason
            when 'inside_band' then 'supported'
            when 'outside_band' then 'contradicted'
            else 'not_measurable'
        end as verdict,
        verdict_reason,
        reason as band_reason
    from judged
)

select * from final
