with

extract_files as (
    select * from {{ source('loader', 'extract_files') }}
),

files_with_reach as (
    select
        *,
        -- A flat file feeds several tables. Its customers are those it bills, not a full list,
        -- so that being absent from it says nothing.
        count(*) over (partition by file_id) = 1 as is_full_list
    from extract_files
    where status in ('loaded', 'superseded')
),

{% if var('known_on') is none %}

current_files as (
    select * from files_with_reach
    where status = 'loaded'
),

{% else %}

files_by_recency as (
    select
        *,
        row_number() over (
            partition by source_name, table_name, period_start, period_end
            order by
                known_from desc nulls last,
                status asc nulls last,
                -- v10 comes after v9
                length(revision) desc nulls last,
                revision desc nulls last,
                file_id desc nulls last
        ) as recency_rank
    from files_with_reach
    where known_from <= cast('{{ var("known_on") }}' as date)
),

current_files as (
    select * from files_by_recency
    where recency_rank = 1
),

{% endif %}

ranked as (
    select
        -- ids
        file_id,

        -- text
        source_name,
        table_name,
        file_name,
        revision,

        -- numbers
        -- By period before all else: the order in which periods were loaded must not matter.
        row_number() over (
            partition by source_name, table_name
            order by
                period_end asc nulls first,
                known_from asc nulls first,
                period_start asc nulls first,
                length(revision) asc nulls first,
                revision asc nulls first,
                file_id asc nulls first
        ) as file_rank,
        loaded_count,
        rejected_count,
        duplicate_count,

        -- booleans
        is_full_list,

        -- dates
        period_start,
        period_end,
        known_from,
        complete_through,
        coalesce(period_end, known_from) as listed_date
    from current_files
)

select * from ranked
