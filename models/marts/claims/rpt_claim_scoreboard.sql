-- Every figure of the brief, held against the company's own. Supported where the measured value lies in
-- the band of the claim (of a band with one edge, the whole interval); contradicted where the whole interval
-- lies outside; otherwise, or where nothing is measured, not measurable, and the reason says why.
with

claims as (
    select * from {{ ref('claims') }}
),

word_of_mouth as (
    select * from {{ ref('rpt_word_of_mouth') }}
),

last_months as (
    select max(reporting_month) as reporting_month
    from word_of_mouth
    where is_closed_month
),

-- Figures that a report has already, of the last closed month: a claim is no second place to compute them.
report_measures as (
    select
        'four_guarantees_share' as measure,
        standards.kept_rate as measured_value,
        standards.kept_low_rate as measured_low,
        standards.kept_high_rate as measured_high,
        standards.known_count as observation_count
    from last_months
    left join {{ ref('rpt_key_account_standards') }} as standards
        on
            last_months.reporting_month = standards.reporting_month
            and standards.standard = 'all_four_guarantees'
    union all
    select
        'referral_close_rate' as measure,
        word_of_mouth.won_deal_rate as measured_value,
        word_of_mouth.won_deal_low_rate as measured_low,
        word_of_mouth.won_deal_high_rate as measured_high,
        word_of_mouth.decided_deal_count as observation_count
    from last_months
    left join word_of_mouth
        on last_months.reporting_month = word_of_mouth.reporting_month
),

measures as (
    select * from report_measures
    union all
    select * from {{ ref('int_claim_revenue_measures') }}
    union all
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
