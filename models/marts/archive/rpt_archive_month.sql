-- The archive of every key account, by group of information and month: how much of what is required was filled, when it
-- was last confirmed, and whether it was kept in time, right and complete. Before the first list nobody knows.
{%- set kinds = ['review', 'change', 'event', 'first_record'] %}
{%- set counts = ['change', 'review', 'event', 'dated', 'timely'] %}
with

int_archive_confirmations as (
    select * from {{ ref('int_archive_confirmations') }}
),

fills as (
    select * from {{ ref('int_archive_fills') }}
),

-- The last confirmation before a month may lie in a month in which the customer was no key account.
aligned as (
    select
        coalesce(fills.customer_key, confirmations.customer_key) as customer_key,
        coalesce(fills.archive_group, confirmations.archive_group) as archive_group,
        coalesce(fills.reporting_month, confirmations.reporting_month) as reporting_month,
        fills.is_known,
        fills.is_followed,
        fills.required_count,
        fills.filled_count,
        fills.verified_count,
        fills.agreed_count,
        fills.period_end_date,
        fills.is_closed_month,
        {% for count in counts -%}
        coalesce(confirmations.{{ count }}_count, 0) as {{ count }}_count,
        {% endfor -%}
        {% for kind in kinds -%}
        confirmations.{{ kind }}_date,
        {% endfor -%}
        confirmations.customer_key is not null as is_confirmed
    from fills
    full outer join int_archive_confirmations as confirmations
        on
            fills.customer_key = confirmations.customer_key
            and fills.archive_group = confirmations.archive_group
            and fills.reporting_month = confirmations.reporting_month
),

followed as (
    select
        {% for kind in kinds -%}
        max(aligned.{{ kind }}_date) over so_far as last_{{ kind }}_date,
        {% endfor -%}
        aligned.*
    from aligned
    window so_far as (
        partition by customer_key, archive_group
        order by reporting_month asc nulls last
        rows between unbounded preceding and current row
    )
),

dated as (
    select
        *,
        -- Of what never happened there is no day, and a maximum of days must not become NULL.
        nullif(greatest(
            coalesce(last_review_date, cast('1900-01-01' as date)),
            coalesce(last_change_date, cast('1900-01-01' as date)),
            coalesce(last_event_date, cast('1900-01-01' as date)),
            coalesce(last_first_record_date, cast('1900-01-01' as date))
        ), cast('1900-01-01' as date)) as last_confirmed_date
    from followed
    where required_count is not null
),

final as (
    select
        customer_key,
        reporting_month,
        archive_group,
        is_known,
        required_count,
        case when is_known then filled_count end as filled_count,
        case when is_known and is_closed_month then {{ safe_ratio('filled_count', 'required_count') }} end
            as filled_share,
        case when is_known then filled_count = required_count end as is_complete,
        verified_count,
        agreed_count,
        case when is_closed_month then {{ safe_ratio('agreed_count', 'verified_count') }} end as accurate_rate,
        change_count,
        review_count,
        event_count,
        case when is_followed and is_closed_month then is_confirmed end as is_updated_in_month,
        dated_count,
        timely_count,
        case when is_closed_month then {{ safe_ratio('timely_count', 'dated_count') }} end as timely_rate,
        last_confirmed_date,
        case last_confirmed_date
            {% for kind in kinds -%}
            when last_{{ kind }}_date then '{{ kind }}'
            {% endfor %}
        end as last_confirmed_by,
        cast(
            {{ dbt.datediff('last_confirmed_date', 'period_end_date', 'day') }}
            as bigint
        ) as age_days,
        is_closed_month
    from dated
)

select * from final
