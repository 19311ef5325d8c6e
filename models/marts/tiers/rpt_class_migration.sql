-- Where the customers of a class are a month later: in a class, or no longer ours.
{%- set schemes = ['core', 'abcd', 'kmgm', 'ibm', 'key_account', 'potential'] %}
with

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
),

int_class_months as (
    select * from {{ ref('int_class_months') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

moves as (
    select
        starts.edition as basis,
        starts.class_month as reporting_month,
        {% for scheme in schemes -%}
        starts.{{ scheme }}_class as {{ scheme }}_at_start,
        coalesce(ends.{{ scheme }}_class, 'left') as {{ scheme }}_at_end,
        {% endfor -%}
        dim_months.is_closed_month
    from int_customer_classes as starts
    inner join dim_months
        on starts.class_month = dim_months.reporting_month
    inner join int_class_months as end_months
        on dim_months.reporting_month = end_months.measured_month
    left join int_customer_classes as ends
        on
            starts.customer_key = ends.customer_key
            and starts.edition = ends.edition
            and end_months.class_month = ends.class_month
),

-- Once over all customers, for all schemes; then over the far fewer ways in which they moved.
combined as (
    select
        *,
        count(*) as customer_count
    from moves
    group by all
),

counted as (
    {% for scheme in schemes -%}
    select
        basis,
        '{{ scheme }}' as scheme,
        reporting_month,
        is_closed_month,
        {{ scheme }}_at_start as class_at_start,
        {{ scheme }}_at_end as class_at_end,
        sum(customer_count) as customer_count
    from combined
    group by
        basis,
        reporting_month,
        is_closed_month,
        {{ scheme }}_at_start,
        {{ scheme }}_at_end
    {% if not loop.last %}union all
    {% endif -%}
    {% endfor -%}
),

final as (
    select
        basis,
        scheme,
        reporting_month,
        class_at_start,
        class_at_end,
        cast(customer_count as bigint) as customer_count,
        cast(
            sum(customer_count) over (partition by basis, scheme, reporting_month, class_at_start) as bigint
        ) as start_customer_count,
        case
            when is_closed_month then {{ safe_ratio(
                'customer_count',
                'sum(customer_count) over (partition by basis, scheme, reporting_month, class_at_start)'
            ) }}
        end as migration_share,
        is_closed_month
    from counted
)

select * from final
