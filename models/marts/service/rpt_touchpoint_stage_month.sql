-- How often customers are in touch with us in each stage of their life, by the time they spend in it: contacts over
-- customer-months, where a customer that was there for half a month counts half. Automatic mail is no care and stands
-- apart. Before the first order nobody knows how many could have been contacted, so there is a count and no rate.
with

fct_touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

int_customer_stages as (
    select * from {{ ref('int_customer_stages') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

first_months as (
    select min(reporting_month) as first_month
    from fct_touchpoints
),

exposures as (
    select
        stages.reporting_month,
        stages.lifecycle_stage,
        count(*) as customer_count,
        sum(stages.exposure_days) as exposure_days
    from int_customer_stages as stages
    -- Before the CRM recorded anything there were contacts that nobody knows.
    inner join first_months
        on stages.reporting_month >= first_months.first_month
    group by
        stages.reporting_month,
        stages.lifecycle_stage
),

contacts as (
    select
        reporting_month,
        lifecycle_stage,
        count(case when is_held and not is_repeat then 1 end) as touchpoint_count,
        {% for direction in ['inbound', 'outbound', 'automated'] -%}
        count(case when is_held and not is_repeat and direction = '{{ direction }}' then 1 end)
            as {{ direction }}_count,
        {% endfor -%}
        count(case when is_human and not is_repeat then 1 end) as human_count,
        count(distinct case when is_human then customer_key end) as contacted_customer_count,
        count(case when is_planned then 1 end) as planned_count,
        count(case when is_planned and is_held then 1 end) as planned_held_count,
        count(case when is_held and not is_repeat then sentiment_level end) as rated_count,
        sum(case when is_held and not is_repeat then sentiment_level end) as sentiment_total
    from fct_touchpoints
    group by
        reporting_month,
        lifecycle_stage
),

joined as (
    select
        coalesce(exposures.reporting_month, contacts.reporting_month) as reporting_month,
        coalesce(exposures.lifecycle_stage, contacts.lifecycle_stage) as lifecycle_stage,
        cast(exposures.customer_count as bigint) as customer_count,
        cast(exposures.exposure_days as bigint) as exposure_days,
        {% for count in [
            'touchpoint', 'inbound', 'outbound', 'automated', 'human', 'contacted_customer', 'planned', 'planned_held',
            'rated',
        ] -%}
        cast(coalesce(contacts.{{ count }}_count, 0) as bigint) as {{ count }}_count,
        {% endfor -%}
        contacts.sentiment_total
    from exposures
    full outer join contacts
        on
            exposures.reporting_month = contacts.reporting_month
            and exposures.lifecycle_stage = contacts.lifecycle_stage
),

rated as (
    select
        joined.*,
        dim_months.is_closed_month,
        case when dim_months.is_closed_month then joined.human_count end as rated_human_count,
        nullif(cast(joined.exposure_days as double) / dim_months.days_in_month, 0) as customer_months,
        {{ safe_ratio('joined.planned_held_count', 'joined.planned_count') }} as planned_held_rate,
        {{ safe_ratio('joined.sentiment_total', 'joined.rated_count') }} as mean_sentiment_level
    from joined
    inner join dim_months
        on joined.reporting_month = dim_months.reporting_month
),

final as (
    select
        reporting_month,
        lifecycle_stage,
        customer_count,
        exposure_days,
        touchpoint_count,
        inbound_count,
        outbound_count,
        automated_count,
        human_count,
        rated_human_count / customer_months as human_per_customer_month,
        {{ garwood_bound('rated_human_count', 'low') }} / customer_months as human_low_per_customer_month,
        {{ garwood_bound('rated_human_count', 'high') }} / customer_months as human_high_per_customer_month,
        contacted_customer_count,
        planned_count,
        planned_held_count,
        case when is_closed_month then planned_held_rate end as planned_held_rate,
        rated_count,
        case when is_closed_month then mean_sentiment_level end as mean_sentiment_level,
        is_closed_month
    from rated
)

select * from final
