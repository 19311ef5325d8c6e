-- Churn of groups beside that of their customers. Groups of one are in it, so that all groups are all
-- customers; the kinds overlap and are never added.
{%- set kinds = {'all': 'true', 'several_members': 'has_several_members', 'key_account': 'has_key_account'} %}
{%- set months_before = {'month': 0, 'quarter': 2, 'trailing_year': 11} %}
with

int_group_churn_counts as (
    select * from {{ ref('int_group_churn_counts') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_provisional_months as (
    select * from {{ ref('int_provisional_months') }}
),

of_kinds as (
    {% for kind, condition in kinds.items() -%}
    select
        *,
        '{{ kind }}' as group_kind
    from int_group_churn_counts
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

dated as (
    select
        *,
        case horizon
            {% for horizon, count in months_before.items() -%}
            when '{{ horizon }}' then cast({{ dbt.dateadd('month', count, 'reporting_month') }} as date)
            {% endfor -%}
        end as end_month
    from of_kinds
),

-- A period that ends after the last month reported is not over and has no row.
added as (
    select
        dated.group_kind,
        dated.horizon,
        dated.end_month,
        dated.reporting_month as period_start_month,
        provisional.reporting_month is not null as is_provisional,
        dim_months.is_closed_month,
        {% for counted in [
            'start_group', 'lost_group', 'closed_group', 'start_customer', 'lost_customer', 'lost_in_kept_group'
        ] -%}
        cast(sum(dated.{{ counted }}_count) as bigint) as {{ counted }}_count,
        {% endfor -%}
        cast(sum(dated.start_revenue) as decimal(18, 4)) as start_revenue,
        cast(sum(dated.lost_revenue) as decimal(18, 4)) as lost_revenue
    from dated
    inner join dim_months
        on dated.end_month = dim_months.reporting_month
    left join int_provisional_months as provisional
        on dated.end_month = provisional.reporting_month
    group by
        dated.group_kind,
        dated.horizon,
        dated.end_month,
        dated.reporting_month,
        provisional.reporting_month is not null,
        dim_months.is_closed_month
),

final as (
    select
        group_kind,
        horizon,
        end_month as reporting_month,
        period_start_month,
        start_group_count,
        lost_group_count,
        closed_group_count,
        {% set closed_ratio = "case when is_closed_month then " -%}
        {{ closed_ratio ~ safe_ratio('lost_group_count', 'start_group_count') }} end as churn_rate,
        {{ closed_ratio ~ wilson_bound('lost_group_count', 'start_group_count', 'low') }} end as churn_low_rate,
        {{ closed_ratio ~ wilson_bound('lost_group_count', 'start_group_count', 'high') }} end as churn_high_rate,
        start_revenue,
        lost_revenue,
        {{ closed_ratio ~ safe_ratio('lost_revenue', 'start_revenue') }} end as revenue_churn_rate,
        start_customer_count,
        lost_customer_count,
        lost_in_kept_group_count,
        {{ closed_ratio ~ safe_ratio('lost_customer_count', 'start_customer_count') }} end as customer_churn_rate,
        is_provisional,
        is_closed_month
    from added
)

select * from final
