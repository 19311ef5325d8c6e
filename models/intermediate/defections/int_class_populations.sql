-- How many customers each class holds at the start of a month. The month after the last reported one is
-- here too: its start is the last month's end.
with

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
),

-- A few rows for every month, from which each scheme is added up.
combinations as (
    select
        edition as basis,
        class_month,
        {% for scheme in list_class_schemes() -%}
        {{ scheme }}_class,
        {% endfor -%}
        count(*) as customer_count
    from int_customer_classes
    group by
        {% for scheme in list_class_schemes() -%}
        {{ scheme }}_class,
        {% endfor -%}
        edition,
        class_month
),

final as (
    {% for scheme in list_class_schemes() -%}
    select
        basis,
        class_month,
        '{{ scheme }}' as scheme,
        {{ scheme }}_class as customer_class,
        cast(sum(customer_count) as bigint) as customer_count
    from combinations
    group by
        basis,
        class_month,
        {{ scheme }}_class
    {% if not loop.last %}
    union all

    {% endif -%}
    {%- endfor %}
)

select * from final
