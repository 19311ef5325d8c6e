-- Unlike stg_loader__current_files this keeps what was superseded, and says when each delivery began and
-- ceased to be what the company knew. Days come from what the files say, never from when they were
-- loaded: a correction that does not say when it came counts as known from the end of its period.
with

extract_files as (
    select * from {{ source('loader', 'extract_files') }}
    where status in ('loaded', 'superseded')
),

dated as (
    select
        *,
        coalesce(delivered_on, period_end, known_from) as known_on_date
    from extract_files
    {% if var('known_on') is not none -%}
    where known_from <= cast('{{ var("known_on") }}' as date)
    {%- endif %}
),

succeeded as (
    select
        *,
        lead(known_on_date) over (
            partition by source_name, table_name, period_start, period_end
            order by
                -- Superseded ones first: what counts in the end is the last word whatever its day.
                status desc nulls last,
                known_on_date asc nulls first,
                length(revision) asc nulls first,
                revision asc nulls first,
                file_id asc nulls first
        ) as superseded_on_date,
        count(*) over (partition by source_name, table_name, period_start, period_end) > 1 as is_corrected,
        min(known_on_date) over (partition by source_name, table_name) as first_known_on_date
    from dated
),

final as (
    select
        -- ids
        file_id,

        -- text
        source_name,
        table_name,

        -- numbers
        row_number() over (
            partition by source_name, table_name
            order by
                period_end asc nulls first,
                known_on_date asc nulls first,
                period_start asc nulls first,
                length(revision) asc nulls first,
                revision asc nulls first,
                file_id asc nulls first
        ) as delivery_rank,

        -- booleans
        is_corrected,

        -- dates
        period_start,
        period_end,
        known_on_date,
        superseded_on_date,
        first_known_on_date
    from succeeded
)

select * from final
