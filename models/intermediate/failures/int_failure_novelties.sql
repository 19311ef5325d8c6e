-- Types that turn up: none in the months before, and enough now, as known when each month ended.
with

int_failure_months_known as (
    select * from {{ ref('int_failure_months_known') }}
),

int_known_failure_types as (
    select * from {{ ref('int_known_failure_types') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

seen as (
    select
        known.failure_code,
        known.known_month,
        sum(case when known.reporting_month = known.known_month then known.event_count else 0 end) as event_count,
        sum(case when known.reporting_month = known.known_month then known.exposure_count else 0 end)
            as exposure_count,
        sum(case when known.reporting_month < known.known_month then known.event_count else 0 end) as earlier_count
    from int_failure_months_known as known
    inner join int_failure_policies as policies
        on known.known_month = policies.reporting_month
    where {{ months_apart('known.reporting_month', 'known.known_month') }} <= policies.new_type_quiet_months
    group by all
),

unseen as (
    select
        seen.*,
        types.failure_family_code,
        policies.new_type_quiet_months,
        seen.earlier_count = 0
        and seen.event_count >= policies.new_type_minimum_events
        -- A year in which nobody would have told of it is no year without it.
        and {{ months_apart('types.known_from_month', 'seen.known_month') }}
        >= policies.new_type_quiet_months as is_unseen_type
    from seen
    inner join int_known_failure_types as types
        on seen.failure_code = types.failure_code
    inner join int_failure_policies as policies
        on seen.known_month = policies.reporting_month
),

aged as (
    select
        *,
        max(case when is_unseen_type then known_month end) over (
            partition by failure_code
            order by known_month asc nulls last
            rows between unbounded preceding and current row
        ) as last_unseen_month
    from unseen
),

final as (
    select
        failure_code,
        failure_family_code,
        known_month,
        event_count,
        exposure_count,
        is_unseen_type,
        coalesce({{ months_apart('last_unseen_month', 'known_month') }} <= new_type_quiet_months, false)
            as is_young_type
    from aged
)

select * from final
