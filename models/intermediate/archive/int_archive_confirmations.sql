-- When what is known of a customer was last entered, changed or looked through, by group of information and month. A
-- review counts for all groups even if it changed nothing: somebody looked.
with

changes as (
    select
        customer_key,
        archive_group,
        reporting_month,
        known_on_date as confirmed_date,
        'change' as confirmed_by,
        record_count as change_count,
        cast(null as boolean) as is_timely
    from {{ ref('fct_archive_changes') }}
),

archive_groups as (
    select distinct archive_group from {{ ref('archive_fields') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

reviews as (
    select
        reviews.customer_key,
        archive_groups.archive_group,
        reviews.reporting_month,
        cast(reviews.happened_at as date) as confirmed_date,
        'review' as confirmed_by,
        0 as change_count,
        cast(null as boolean) as is_timely
    from {{ ref('fct_touchpoints') }} as reviews
    cross join archive_groups
    where reviews.activity_type = 'archive_review' and reviews.is_held
),

events as (
    select
        customer_key,
        archive_group,
        {{ month_of('known_date') }} as reporting_month,
        known_date as confirmed_date,
        'event' as confirmed_by,
        0 as change_count,
        is_known_in_time as is_timely
    from {{ ref('fct_account_events') }}
    where customer_key is not null and known_date is not null
),

{% set first_lists = [
    ('basic', 'stg_crm__account_versions', 'known_on_date'), ('extended', 'stg_crm__account_versions', 'known_on_date'),
    ('people', 'stg_crm__contact_versions', 'known_on_date'),
    ('competitors', 'stg_crm__competitor_positions', 'noted_on'),
] -%}

first_days as (
    {%- for archive_group, list, day in first_lists %}
    select
        identities.customer_key,
        '{{ archive_group }}' as archive_group,
        min(versions.{{ day }}) as confirmed_date,
        -- A list known on the first of a month tells of the month before.
        min({{ 'versions.noted_on' if day == 'noted_on' else dbt.dateadd('day', -1, 'versions.known_on_date') }})
            as told_date
    from {{ ref(list) }} as versions
    inner join int_account_identities as identities
        on versions.account_id = identities.account_id
    group by identities.customer_key
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

together as (
    select * from changes
    union all
    select * from reviews
    union all
    select * from events
    union all
    select
        customer_key,
        archive_group,
        {{ month_of('told_date') }} as reporting_month,
        confirmed_date,
        'first_record' as confirmed_by,
        0 as change_count,
        cast(null as boolean) as is_timely
    from first_days
),

final as (
    select
        customer_key,
        archive_group,
        reporting_month,
        {% for kind in ['review', 'change', 'event', 'first_record'] -%}
        max(case when confirmed_by = '{{ kind }}' then confirmed_date end) as {{ kind }}_date,
        {% endfor -%}
        cast(sum(change_count) as bigint) as change_count,
        cast(count(case when confirmed_by = 'review' then 1 end) as bigint) as review_count,
        cast(count(case when confirmed_by = 'event' then 1 end) as bigint) as event_count,
        cast(count(is_timely) as bigint) as dated_count,
        cast(count(case when is_timely then 1 end) as bigint) as timely_count
    from together
    group by
        customer_key,
        archive_group,
        reporting_month
)

select * from final
