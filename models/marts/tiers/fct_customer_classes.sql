-- One row per customer, scheme and month, for everybody the company has at the start of the month: the
-- class that holds then, so that who is moved down before leaving still leaves the class it was in.
-- Customers are counted once in every scheme: never sum over schemes.
{%- set schemes = ['core', 'abcd', 'kmgm', 'ibm', 'key_account', 'potential'] %}
with

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

as_known as (
    select * from int_customer_classes
    where edition = 'as_known'
),

restated as (
    select * from int_customer_classes
    where edition = 'restated'
),

paired as (
    select
        restated.customer_key,
        {% for scheme in schemes -%}
        as_known.{{ scheme }}_class as {{ scheme }}_as_known,
        restated.{{ scheme }}_class as {{ scheme }}_restated,
        {% endfor -%}
        dim_months.reporting_month
    from restated
    inner join as_known
        on
            restated.customer_key = as_known.customer_key
            and restated.class_month = as_known.class_month
    -- Not the month after the last reported one.
    inner join dim_months
        on restated.class_month = dim_months.reporting_month
),

final as (
    {% for scheme in schemes -%}
    select
        customer_key,
        '{{ scheme }}' as scheme,
        reporting_month,
        {{ scheme }}_as_known as class_as_known,
        {{ scheme }}_restated as class_restated
    from paired
    {% if not loop.last %}union all
    {% endif -%}
    {% endfor -%}
)

select * from final
