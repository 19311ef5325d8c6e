-- The same customers twice: what they brought in a window of months, and in the window before it. Who
-- brought nothing before is new business and belongs to neither rate. start - contraction - churn +
-- expansion = end, in constant currency, so no part of it is a currency moving.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

compared as (
    select
        reporting_month,
        net_revenue_constant as end_1_amount,
        lag(net_revenue_constant, 1) over (
            partition by customer_key
            order by reporting_month nulls last
        ) as start_1_amount,
        net_revenue_t3 as end_3_amount,
        lag(net_revenue_t3, 3) over (
            partition by customer_key
            order by reporting_month nulls last
        ) as start_3_amount,
        net_revenue_t12 as end_12_amount,
        net_revenue_t12_ly as start_12_amount
    from fct_customer_months
),

{% for window_months in [1, 3, 12] -%}
window_{{ window_months }} as (
    select
        reporting_month,
        {{ window_months }} as window_months,
        count(*) as start_customer_count,
        sum(start_{{ window_months }}_amount) as start_amount,
        sum(greatest(end_{{ window_months }}_amount, 0)) as end_amount,
        sum(case
            when
                end_{{ window_months }}_amount > 0
                and end_{{ window_months }}_amount < start_{{ window_months }}_amount
                then start_{{ window_months }}_amount - end_{{ window_months }}_amount
            else 0
        end) as contraction_amount,
        sum(case when end_{{ window_months }}_amount <= 0 then start_{{ window_months }}_amount else 0 end)
            as churned_amount,
        sum(greatest(end_{{ window_months }}_amount - start_{{ window_months }}_amount, 0)) as expansion_amount,
        sum(least(end_{{ window_months }}_amount, 0)) as end_credit_amount
    from compared
    where start_{{ window_months }}_amount > 0
    group by reporting_month
),

{% endfor -%}
windows as (
    {% for window_months in [1, 3, 12] -%}
    select * from window_{{ window_months }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

window_list as (
    {% for window_months in [1, 3, 12] -%}
    select {{ window_months }} as window_months
    {{ "union all" if not loop.last }}
    {% endfor %}
),

final as (
    select
        int_month_ends.reporting_month,
        cast(window_list.window_months as bigint) as window_months,
        -- Amounts stay NULL until the ledger holds both windows in full.
        {% set is_known = "int_month_ends.ledger_month_number >= 2 * window_list.window_months" -%}
        case when {{ is_known }} then cast(coalesce(windows.start_customer_count, 0) as bigint) end
            as start_customer_count,
        {% for part in ['start', 'contraction', 'churned', 'expansion', 'end', 'end_credit'] -%}
        case when {{ is_known }} then cast(coalesce(windows.{{ part }}_amount, 0) as decimal(18, 4)) end
            as {{ part }}_amount,
        {% endfor -%}
        case
            when int_month_ends.is_closed_month and {{ is_known }}
                then {{ safe_ratio(
                    'windows.start_amount - windows.contraction_amount - windows.churned_amount',
                    'windows.start_amount'
                ) }}
        end as gross_retention_rate,
        case
            when int_month_ends.is_closed_month and {{ is_known }}
                then {{ safe_ratio('windows.end_amount', 'windows.start_amount') }}
        end as net_retention_ratio,
        int_month_ends.is_closed_month
    from int_month_ends
    cross join window_list
    left join windows
        on
            int_month_ends.reporting_month = windows.reporting_month
            and window_list.window_months = windows.window_months
)

select * from final
