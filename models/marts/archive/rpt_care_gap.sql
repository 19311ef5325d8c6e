-- Whether those who left had been left alone: how many had heard nothing from us for longer than the policy allows,
-- against customers of the same class in the same months. At the start of the month of their last order silence can
-- have been a reason; at the start of the month they count as lost it can be the consequence, too. Both are told.
{%- set moments = {'last_purchase': 'last_purchase_date', 'effective': 'effective_date'} %}
{%- set cuts = {
    'total': "'all'", 'customer_class': 'lost.customer_class', 'primary_cause': "coalesce(lost.cause_code, 'unknown')",
} %}
with

int_care_gaps as (
    select * from {{ ref('int_care_gaps') }}
),

full_defections as (
    select
        defections.customer_key,
        defections.episode_no,
        defections.last_purchase_date,
        defections.effective_date,
        defections.primary_cause_code as cause_code
    from {{ ref('fct_defections') }} as defections
    inner join {{ ref('dim_months') }} as dim_months
        on {{ month_of('defections.effective_date') }} = dim_months.reporting_month
    where defections.defected_on is not null and dim_months.is_closed_month
),

lost as (
    {%- for moment, day in moments.items() %}
    select
        '{{ moment }}' as moment,
        gaps.reporting_month,
        gaps.customer_key,
        defections.episode_no,
        gaps.customer_class,
        defections.cause_code,
        gaps.gap_days,
        gaps.has_care_gap
    from full_defections as defections
    inner join int_care_gaps as gaps
        on
            defections.customer_key = gaps.customer_key
            and {{ month_of('defections.' ~ day) }} = gaps.reporting_month
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- Whoever is lost in a month is no control of it; whoever is lost later still is.
controls as (
    {%- for moment in moments %}
    select
        '{{ moment }}' as moment,
        gaps.reporting_month,
        gaps.customer_class,
        count(*) as customer_count,
        count(case when gaps.has_care_gap then 1 end) as gap_count
    from int_care_gaps as gaps
    left join lost
        on
            gaps.customer_key = lost.customer_key
            and gaps.reporting_month = lost.reporting_month
            and lost.moment = '{{ moment }}'
    where lost.customer_key is null
    group by
        gaps.reporting_month,
        gaps.customer_class
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

counted as (
    {%- for cut, cut_value in cuts.items() %}
    select
        lost.moment,
        '{{ cut }}' as cut,
        {{ cut_value }} as cut_value,
        cast(count(*) as bigint) as lost_count,
        cast(count(case when lost.has_care_gap then 1 end) as bigint) as gap_count,
        cast(count(lost.gap_days) as bigint) as contacted_count,
        median(cast(lost.gap_days as double)) as median_gap_days,
        {{ exact_sum(safe_ratio('controls.gap_count', 'controls.customer_count')) }} as expected_gap_count
    from lost
    -- Without anybody to compare with a customer says nothing.
    inner join controls
        on
            lost.moment = controls.moment
            and lost.reporting_month = controls.reporting_month
            and lost.customer_class = controls.customer_class
    group by all
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (
    select
        moment,
        cut,
        cut_value,
        lost_count,
        gap_count,
        {{ safe_ratio('gap_count', 'lost_count') }} as gap_rate,
        {{ wilson_bound('gap_count', 'lost_count', 'low') }} as gap_low_rate,
        {{ wilson_bound('gap_count', 'lost_count', 'high') }} as gap_high_rate,
        expected_gap_count,
        {{ safe_ratio('expected_gap_count', 'lost_count') }} as matched_gap_rate,
        {{ safe_ratio('gap_count', 'expected_gap_count') }} as rate_ratio,
        {{ garwood_bound('gap_count', 'low') }} / nullif(expected_gap_count, 0) as rate_ratio_low,
        {{ garwood_bound('gap_count', 'high') }} / nullif(expected_gap_count, 0) as rate_ratio_high,
        contacted_count,
        median_gap_days
    from counted
)

select * from final
