-- A type's count is known from the month the CRM first told of any failure, or from its own first failure in
-- our books: before that none means not asked, and not zero.
with

int_typed_failures as (
    select * from {{ ref('int_typed_failures') }}
),

int_failure_types as (
    select * from {{ ref('int_failure_types') }}
    where reported_failure_code = failure_code
),

first_case as (
    select min(reporting_month) as first_month from int_typed_failures
    where case_id is not null
),

first_failures as (
    select
        failure_code,
        min(reporting_month) as first_month
    from int_typed_failures
    group by failure_code
),

final as (
    select
        types.failure_code,
        types.failure_family_code,
        types.failure_level,
        types.exposure_unit as taxonomy_unit,
        least(
            coalesce(first_failures.first_month, first_case.first_month),
            coalesce(first_case.first_month, first_failures.first_month)
        ) as known_from_month
    from int_failure_types as types
    cross join first_case
    left join first_failures
        on types.failure_code = first_failures.failure_code
    where first_failures.first_month is not null or first_case.first_month is not null
)

select * from final
