-- One row for all customers of a month that are in the same class of every scheme: the bases are read once
-- for all schemes, and every scheme adds these few rows up.
with

int_churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
),

final as (
    select
        classes.edition as basis,
        bases.reporting_month,
        {% for scheme in list_class_schemes() -%}
        classes.{{ scheme }}_class,
        {% endfor -%}
        {{ count_churn_groups() }}
    from int_churn_bases as bases
    inner join int_customer_classes as classes
        on
            bases.customer_key = classes.customer_key
            and bases.reporting_month = classes.class_month
    group by
        {% for scheme in list_class_schemes() -%}
        classes.{{ scheme }}_class,
        {% endfor -%}
        classes.edition,
        bases.reporting_month
)

select * from final
