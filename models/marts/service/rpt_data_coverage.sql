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
        count(*) as customer_count,
        count(case when is_known then 1 end) as known_count,
        sum(net_revenue) as net_revenue_t12,
        coalesce(sum(case when is_known then net_revenue end), 0) as known_net_revenue_t12
    from together
    group by reporting_month, input
),

-- Where nobody is live, as without a ledger, the row is there and its shares are unknown.
spine as (
    {%- for input in inputs + ['cause'] %}
    select
        reporting_month,
        is_closed_month,
        '{{ input }}' as input
    from dim_months
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

filled as (
    select
        spine.reporting_month,
        spine.input,
        spine.is_closed_month,
        {% for count in ['customer_count', 'known_count'] -%}
        cast(coalesce(counted.{{ count }}, 0) as bigint) as {{ count }},
        {% endfor -%}
        cast(counted.net_revenue_t12 as decimal(18, 4)) as net_revenue_t12,
        cast(counted.known_net_revenue_t12 as decimal(18, 4)) as known_net_revenue_t12
    from spine
    left join counted
        on
            spine.reporting_month = counted.reporting_month
            and spine.input = counted.input
),

final as (
    select
        reporting_month,
        input,
        customer_count,
        known_count,
        {{ safe_ratio('known_count', 'customer_count') }} as customer_coverage_share,
        net_revenue_t12,
        known_net_revenue_t12,
        {{ safe_ratio('known_net_revenue_t12', 'net_revenue_t12') }} as revenue_coverage_share,
        is_closed_month
    from filled
)

select * from final
