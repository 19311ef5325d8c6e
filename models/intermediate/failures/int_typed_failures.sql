-- Every failure under its type and again under the family of the type, so that a family holds what was
-- reported as the family alone too. What has no type is in neither.
with

fct_failures as (
    select * from {{ ref('fct_failures') }}
    where failure_type_key is not null
),

int_failure_types as (
    select * from {{ ref('int_failure_types') }}
    where reported_failure_code = failure_code
),

levels as (
    select
        failure_code as recorded_code,
        failure_code,
        exposure_unit,
        failure_level
    from int_failure_types

    union all

    select
        types.failure_code as recorded_code,
        families.failure_code,
        families.exposure_unit,
        families.failure_level
    from int_failure_types as types
    inner join int_failure_types as families
        on types.failure_family_code = families.failure_code
    where types.failure_code <> families.failure_code
),

final as (
    select
        fct_failures.failure_key,
        levels.failure_code,
        levels.failure_level,
        levels.exposure_unit as taxonomy_unit,
        fct_failures.customer_key,
        fct_failures.product_key,
        fct_failures.case_id,
        fct_failures.failure_source,
        cast(fct_failures.occurred_at as date) as occurred_on,
        cast(fct_failures.reported_at as date) as reported_on,
        fct_failures.reporting_month
    from fct_failures
    inner join levels
        on fct_failures.failure_type_key = levels.recorded_code
)

select * from final
