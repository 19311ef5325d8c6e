-- The counts by scheme, and once for all customers under a scheme of one class.
with

int_class_churn_cubes as (
    select * from {{ ref('int_class_churn_cubes') }}
),

final as (
    select
        basis,
        reporting_month,
        'all' as scheme,
        'all' as customer_class,
        {{ add_churn_groups() }}
    from int_class_churn_cubes
    group by
        basis,
        reporting_month
    {% for scheme in list_class_schemes() %}
    union all

    select
        basis,
        reporting_month,
        '{{ scheme }}' as scheme,
        {{ scheme }}_class as customer_class,
        {{ add_churn_groups() }}
    from int_class_churn_cubes
    group by
        basis,
        reporting_month,
        {{ scheme }}_class
    {% endfor %}
)

select * from final
