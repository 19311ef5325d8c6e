-- Care that was owed and care that was given: contacts planned and held, orders asked after, people greeted on their
-- birthday. Orders at the end of a month are judged only when the time to ask after them is over.
with

int_owed_care as (
    select * from {{ ref('int_owed_care') }}
),

int_key_account_months as (
    select * from {{ ref('int_key_account_months') }}
),

months as (
    select
        dim_months.reporting_month,
        dim_months.is_closed_month,
        coalesce(
            {{ dbt.dateadd('day', 'policies.order_follow_up_days', 'dim_months.period_end_date') }}
            <= calendar.data_complete_through, false
        ) as is_followed
    from {{ ref('dim_months') }} as dim_months
    cross join {{ ref('int_reporting_calendar') }} as calendar
    inner join {{ ref('int_service_policies') }} as policies
        on dim_months.reporting_month = policies.reporting_month
),

grouped as (
    select
        'all' as customer_group,
        owed.*
    from int_owed_care as owed

    union all

    select
        'key_account' as customer_group,
        owed.*
    from int_owed_care as owed
    inner join int_key_account_months as key_accounts
        on
            owed.customer_key = key_accounts.customer_key
            and owed.reporting_month = key_accounts.reporting_month
),

counted as (
    select
        months.reporting_month,
        grouped.care_kind,
        grouped.customer_group,
        months.is_closed_month,
        months.is_closed_month and (grouped.care_kind <> 'order_follow_up' or months.is_followed) as is_judged,
        {% for count in ['due', 'known', 'done', 'unasked'] -%}
        cast(sum(grouped.{{ count }}_count) as bigint) as {{ count }}_count,
        {% endfor -%}
        cast(count(distinct case when grouped.due_count > 0 then grouped.customer_key end) as bigint) as customer_count
    from grouped
    inner join months
        on grouped.reporting_month = months.reporting_month
    group by
        months.reporting_month,
        grouped.care_kind,
        grouped.customer_group,
        months.is_closed_month,
        months.is_followed
),

final as (
    select
        reporting_month,
        care_kind,
        customer_group,
        customer_count,
        due_count,
        known_count,
        {{ safe_ratio('known_count', 'due_count') }} as coverage_share,
        case when known_count > 0 or due_count = 0 then done_count end as done_count,
        case when is_judged then {{ safe_ratio('done_count', 'known_count') }} end as done_rate,
        case when is_judged then {{ wilson_bound('done_count', 'known_count', 'low') }} end as done_low_rate,
        case when is_judged then {{ wilson_bound('done_count', 'known_count', 'high') }} end as done_high_rate,
        unasked_count,
        is_closed_month
    from counted
)

select * from final
