-- Whether a full defection was one: known when the customer orders again within the time the policy
-- sets, or when that time has passed without an order.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

maturing as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        int_defections.reactivated_on,
        cast(
            {{ dbt.dateadd('month', 'int_defection_policies.false_defection_months', 'int_defections.defected_on') }}
            as date
        ) as mature_on,
        int_reporting_calendar.as_of_date
    from int_defections
    inner join int_defection_policies
        on
            int_defections.defected_on >= int_defection_policies.fiscal_year_start_date
            and int_defections.defected_on < int_defection_policies.next_fiscal_year_start_date
    cross join int_reporting_calendar
    where int_defections.defection_type = 'full'
),

final as (
    select
        customer_key,
        episode_no,
        mature_on,
        case
            when reactivated_on < mature_on then true
            when mature_on <= as_of_date then false
        end as is_false_defection
    from maturing
)

select * from final
