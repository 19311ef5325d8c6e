-- One row per account, field and day on which a change of its record was known. Several people or rivals that change on
-- one day are one row with their count and without a value; values of personal fields are not here at all.
with

int_archive_changes as (
    select * from {{ ref('int_archive_changes') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

owners as (
    select
        account_id,
        employee_id,
        assigned_from,
        coalesce(assigned_to, cast('9999-12-31' as date)) as owned_until_date
    from {{ ref('stg_crm__account_assignments') }}
    where role = 'owner'
),

archive_fields as (
    select * from {{ ref('archive_fields') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

counted as (
    select
        changes.account_id,
        identities.customer_key,
        changes.field_code,
        fields.archive_group,
        fields.source_table,
        changes.known_on_date,
        -- A list known on the first of a month tells of the month before.
        case
            when fields.source_table = 'competitor_positions' then changes.known_on_date
            else cast({{ dbt.dateadd('day', -1, 'changes.known_on_date') }} as date)
        end as changed_by_date,
        cast(count(*) as bigint) as record_count,
        case when count(*) = 1 then min(changes.old_value) end as old_value,
        case when count(*) = 1 then min(changes.new_value) end as new_value,
        max(case when changes.was_filled then 1 else 0 end) = 1 as was_filled,
        max(case when changes.is_filled then 1 else 0 end) = 1 as is_filled
    from int_archive_changes as changes
    inner join archive_fields as fields
        on changes.field_code = fields.field_code
    inner join int_account_identities as identities
        on changes.account_id = identities.account_id
    group by
        changes.account_id,
        identities.customer_key,
        changes.field_code,
        fields.archive_group,
        fields.source_table,
        changes.known_on_date
),

owned as (
    select
        counted.*,
        owners.employee_id as owner_key,
        row_number() over (
            partition by counted.account_id, counted.field_code, counted.known_on_date
            order by owners.assigned_from desc nulls last, owners.employee_id asc nulls last
        ) as owner_rank
    from counted
    inner join int_reporting_calendar as calendar
        on counted.changed_by_date <= calendar.as_of_date
    left join owners
        on
            counted.account_id = owners.account_id
            and counted.changed_by_date >= owners.assigned_from
            and counted.changed_by_date <= owners.owned_until_date
),

final as (
    select
        account_id,
        field_code,
        known_on_date,
        customer_key,
        archive_group,
        case
            when not was_filled then 'filled'
            when not is_filled then 'emptied'
            else 'changed'
        end as change_kind,
        case when was_filled then 'filled' else 'empty' end as old_value_class,
        case when is_filled then 'filled' else 'empty' end as new_value_class,
        old_value,
        new_value,
        record_count,
        source_table,
        owner_key,
        {{ month_of('changed_by_date') }} as reporting_month
    from owned
    where owner_rank = 1
)

select * from final
