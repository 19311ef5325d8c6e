-- Members of a programme when a fiscal year began, those it had paid for in the year before, by class; and beside them
-- everybody else of the class. Margins count where those of both years are known.
with

payments as (
    select * from {{ ref('int_programme_payments') }}
    where customer_key is not null
),

years as (
    select
        fiscal_year,
        min(reporting_month) as start_month,
        max(reporting_month) as end_month,
        cast({{ dbt.dateadd('month', -1, 'min(reporting_month)') }} as date) as month_before,
        cast({{ dbt.dateadd('month', -12, 'min(reporting_month)') }} as date) as year_before,
        cast({{ dbt.dateadd('month', 12, 'min(reporting_month)') }} as date) as year_after
    from {{ ref('dim_months') }}
    group by fiscal_year
    having count(case when is_closed_month then 1 end) = 12
),

members as (
    select
        payments.programme,
        years.fiscal_year,
        payments.customer_key,
        sum(case when payments.paid_date >= years.start_month then payments.paid_amount else 0 end) as paid_amount
    from payments
    inner join years
        on
            payments.paid_date >= years.year_before
            and payments.paid_date < years.year_after
    group by payments.programme, years.fiscal_year, payments.customer_key
    having count(case when payments.paid_date < years.start_month then 1 end) > 0
),

customers as (
    select
        years.fiscal_year,
        bases.customer_key,
        classes.abcd_class,
        bases.is_full_after_trailing_year as is_lost,
        case when ends.margin is not null then starts.margin end as margin_before,
        case when starts.margin is not null then ends.margin end as margin_after
    from {{ ref('int_churn_bases') }} as bases
    inner join years
        on bases.reporting_month = years.start_month
    inner join {{ ref('int_customer_classes') }} as classes
        on
            bases.customer_key = classes.customer_key
            and bases.reporting_month = classes.class_month
            and classes.edition = 'restated'
    left join {{ ref('int_contribution_years') }} as starts
        on
            bases.customer_key = starts.customer_key
            and years.month_before = starts.reporting_month
    left join {{ ref('int_contribution_years') }} as ends
        on
            bases.customer_key = ends.customer_key
            and years.end_month = ends.reporting_month
),

{% set measures = {
    'customer_count': 'count(*)', 'lost_count': 'count(case when customers.is_lost then 1 end)',
    'costed_count': 'count(customers.margin_after)', 'margin_before': 'coalesce(sum(customers.margin_before), 0)',
    'margin_after': 'coalesce(sum(customers.margin_after), 0)',
} -%}
classes as (
    select
        {% for name, sum in measures.items() -%}
        {{ sum }} as {{ name }},
        {% endfor -%}
        customers.fiscal_year,
        customers.abcd_class
    from customers
    group by customers.fiscal_year, customers.abcd_class
),

inside as (
    select
        {% for name, sum in measures.items() -%}
        {{ sum }} as {{ name }},
        {% endfor -%}
        sum(members.paid_amount) as paid_amount,
        members.programme,
        customers.fiscal_year,
        customers.abcd_class
    from members
    inner join customers
        on
            members.customer_key = customers.customer_key
            and members.fiscal_year = customers.fiscal_year
    group by members.programme, customers.fiscal_year, customers.abcd_class
),

final as (
    select
        inside.programme,
        inside.fiscal_year,
        inside.abcd_class,
        {% for name in measures -%}
        cast(inside.{{ name }} as {{ 'bigint' if 'count' in name else 'decimal(18, 4)' }}) as member_{{ name }},
        cast(classes.{{ name }} - inside.{{ name }} as {{ 'bigint' if 'count' in name else 'decimal(18, 4)' }})
            as other_{{ name }},
        {% endfor -%}
        cast(inside.paid_amount as decimal(18, 4)) as member_paid_amount
    from inside
    inner join classes
        on
            inside.fiscal_year = classes.fiscal_year
            and inside.abcd_class = classes.abcd_class
)

select * from final
