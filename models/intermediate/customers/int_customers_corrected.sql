with

stg_ledger__customers as (
    select * from {{ ref('stg_ledger__customers') }}
),

customer_overrides as (
    select * from {{ ref('customer_overrides') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

overrides_in_force as (
    select
        customer_overrides.customer_code,
        customer_overrides.attribute,
        -- Two rows of one attribute can be in force at once; the one that began later holds.
        max_by(
            coalesce(customer_overrides.override_value, ''), customer_overrides.valid_from
        ) as override_value
    from customer_overrides
    cross join int_reporting_calendar
    where
        customer_overrides.valid_from <= int_reporting_calendar.as_of_date
        and (
            customer_overrides.valid_to is null
            or customer_overrides.valid_to > int_reporting_calendar.as_of_date
        )
    group by
        customer_overrides.customer_code,
        customer_overrides.attribute
),

-- NULL where nothing was corrected, empty where the correction says that there is none.
overrides_by_customer as (
    select
        customer_code,
        max(case when attribute = 'merged_into_code' then override_value end) as merged_into_code,
        max(case when attribute = 'split_from_code' then override_value end) as split_from_code,
        max(case when attribute = 'parent_customer_code' then override_value end) as parent_customer_code,
        max(case when attribute = 'is_internal' then override_value end) as is_internal,
        max(case when attribute = 'closed_on' then override_value end) as closed_on,
        max(case when attribute = 'closed_reason' then override_value end) as closed_reason
    from overrides_in_force
    group by customer_code
),

corrected as (
    select
        customers.customer_code,
        customers.customer_name,
        nullif(
            coalesce(overrides.parent_customer_code, customers.parent_customer_code), ''
        ) as parent_customer_code,
        -- A merge agreed for a later day has not happened yet in the month reported.
        case
            when overrides.merged_into_code is not null then nullif(overrides.merged_into_code, '')
            when coalesce(customers.merged_on, calendar.as_of_date) <= calendar.as_of_date
                then customers.merged_into_code
        end as merged_into_code,
        customers.merged_on,
        -- No source system knows of splits.
        nullif(overrides.split_from_code, '') as split_from_code,
        customers.country,
        customers.region,
        customers.industry,
        customers.currency,
        customers.opened_on,
        case
            when overrides.closed_on is not null then try_cast(nullif(overrides.closed_on, '') as date)
            else customers.closed_on
        end as closed_on,
        nullif(coalesce(overrides.closed_reason, customers.closed_reason), '') as closed_reason,
        coalesce(
            try_cast(nullif(overrides.is_internal, '') as boolean),
            overrides.is_internal is null and customers.is_internal,
            false
        ) as is_internal,
        overrides.customer_code is not null as is_overridden,
        customers.is_deleted_in_source
    from stg_ledger__customers as customers
    cross join int_reporting_calendar as calendar
    left join overrides_by_customer as overrides
        on customers.customer_code = overrides.customer_code
)

select * from corrected
