-- The counts by scheme, and once for all customers under a scheme of one class. And again by the core class of
-- a year earlier: who is moved down month by month before leaving was still a core customer then.
with

int_class_churn_cubes as (
    select * from {{ ref('int_class_churn_cubes') }}
),

int_churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

known_classes as (
    select
        customer_key,
        class_month,
        core_class
    from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

first_classes as (
    select min(class_month) as class_month
    from known_classes
),

year_earlier as (
    select
        bases.reporting_month,
        coalesce(classes.core_class, 'none') as core_class,
        {{ count_churn_groups() }}
    from int_churn_bases as bases
    inner join first_classes
        on {{ months_apart('first_classes.class_month', 'bases.reporting_month') }} >= 12
    left join known_classes as classes
        on
            bases.customer_key = classes.customer_key
            and cast({{ dbt.dateadd('month', -12, 'bases.reporting_month') }} as date) = classes.class_month
    group by
        bases.reporting_month,
        coalesce(classes.core_class, 'none')
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
    union all

    select
        'year_earlier' as basis,
        reporting_month,
        'core' as scheme,
        core_class as customer_class,
        {{ add_churn_groups() }}
    from year_earlier
    group by
        reporting_month,
        core_class
)

select * from final
