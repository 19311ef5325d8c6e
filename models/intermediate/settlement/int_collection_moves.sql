-- What moves what a customer owes, by month: bills and receipts, and again by the day from which they count as
-- due and as settled. A receipt counts against its own document, in constant currency, so that it pays it
-- exactly. What fell due before the first receipt on record is left out: how it was paid is not known.
with

code_due_months as (
    select * from {{ ref('int_customer_code_due_months') }}
),

fct_receipts as (
    select * from {{ ref('fct_receipts') }}
    where due_date is not null
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

receipt_log as (
    select min(reporting_month) as first_receipt_month
    from fct_receipts
),

billed as (
    select
        coalesce(identities.customer_key, due_months.customer_code) as customer_key,
        due_months.*
    from code_due_months as due_months
    inner join receipt_log
        on due_months.due_month >= receipt_log.first_receipt_month
    left join int_customer_identities as identities
        on due_months.customer_code = identities.customer_code
),

-- What an internal account is billed is no revenue and not among the bills, so what it pays must not be either.
settled as (
    select
        fct_receipts.customer_key,
        fct_receipts.reporting_month,
        fct_receipts.received_date,
        fct_receipts.due_date,
        greatest(fct_receipts.received_date, fct_receipts.due_date) as settled_date,
        fct_receipts.received_constant_amount,
        fct_receipts.is_on_time
    from fct_receipts
    inner join receipt_log
        on fct_receipts.due_date >= receipt_log.first_receipt_month
    where fct_receipts.customer_key in (select billed.customer_key from billed)
),

-- What is added to a balance, and the same by the days of its month that had gone before. Each on its own: summed
-- side by side they are five times the rows, and rows wide enough to spill.
{% set flows = {
    'billed': ('billed', 'reporting_month', 'billed_constant', 'billed_constant_days'),
    'due': ('billed', 'due_month', 'billed_constant', 'due_constant_days'),
    'received': ('settled', 'reporting_month', 'received_constant_amount', 'received_constant_amount * '
        ~ dbt.datediff('reporting_month', 'received_date', 'day')),
    'settled': ('settled', month_of('settled_date'), 'received_constant_amount', 'received_constant_amount * '
        ~ dbt.datediff(month_of('settled_date'), 'settled_date', 'day')),
    'on_time': ('settled', month_of('due_date'), 'case when is_on_time then received_constant_amount end', none),
} -%}
{% for flow, (relation, month, amount, days) in flows.items() -%}
{{ flow }}_moves as (
    select
        customer_key,
        {{ month }} as move_month,
        {% if days -%}
        sum({{ days }}) as days,
        {% endif -%}
        sum({{ amount }}) as amount
    from {{ relation }}
    group by
        customer_key,
        {{ month }}
),

{% endfor -%}
every_move as (
    {% for flow in flows -%}
    select
        customer_key,
        move_month
    from {{ flow }}_moves
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
),

moved as (
    select
        customer_key,
        move_month as reporting_month
    from every_move
    group by customer_key, move_month
),

final as (
    select
        moved.customer_key,
        {% for flow, (relation, month, amount, days) in flows.items() -%}
        cast(coalesce({{ flow }}_moves.amount, 0) as decimal(18, 4)) as {{ flow }}_amount,
        {% if days -%}
        cast(coalesce({{ flow }}_moves.days, 0) as decimal(28, 4)) as {{ flow }}_days,
        {% endif -%}
        {% endfor -%}
        moved.reporting_month
    from moved
    {% for flow in flows -%}
    left join {{ flow }}_moves
        on
            moved.customer_key = {{ flow }}_moves.customer_key
            and moved.reporting_month = {{ flow }}_moves.move_month
    {% endfor -%}
)

select * from final
