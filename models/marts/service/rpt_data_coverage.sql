-- Why a figure is empty: for every input that metrics need, of how many customers live at the start of the month, and
-- of how much of their revenue, it is known. Causes are asked of the lost and not of the living. Never add over inputs.
{%- set inputs = ['cost', 'wallet', 'survey', 'contact', 'payment', 'owner', 'class', 'segment'] %}
with

int_customer_inputs as (
    select * from {{ ref('int_customer_inputs') }}
),

full_defections as (
    select * from {{ ref('fct_defections') }}
    where defected_on is not null
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

living as (
    {%- for input in inputs %}
    select
        reporting_month,
        '{{ input }}' as input,
        has_{{ input }} as is_known,
        greatest(net_revenue_t12, 0) as net_revenue
    from int_customer_inputs
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

lost as (
    select
        dim_months.reporting_month,
        'cause' as input,
        coalesce(full_defections.has_known_cause, false) as is_known,
        greatest(full_defections.lost_revenue_t12, 0) as net_revenue
    from dim_months
    inner join full_defections
        on {{ months_apart(month_of('full_defections.effective_date'), 'dim_months.reporting_month') }} between 0 and 11
),

together as (
    select * from living
    union all
    select * from lost
),

counted as (
    select
        reporting_month,
        input,
        cast(count(*) as bigint) as customer_count,
        cast(count(case when is_known then 1 end) as bigint) as known_count,
        cast(sum(net_revenue) as decimal(18, 4)) as net_revenue_t12,
        cast(coalesce(sum(case when is_known then net_revenue end), 0) as decimal(18, 4)) as known_net_revenue_t12
    from together
    group by reporting_month, input
),

final as (
    select
        counted.reporting_month,
        counted.input,
        counted.customer_count,
        counted.known_count,
        {{ safe_ratio('counted.known_count', 'counted.customer_count') }} as customer_coverage_share,
        counted.net_revenue_t12,
        counted.known_net_revenue_t12,
        {{ safe_ratio('counted.known_net_revenue_t12', 'counted.net_revenue_t12') }} as revenue_coverage_share,
        dim_months.is_closed_month
    from counted
    inner join dim_months
        on counted.reporting_month = dim_months.reporting_month
)

select * from final
