-- The moments of every case as they were known at the end of the month reported: what happened afterwards has not
-- happened yet. A case that another took over, and that one is known, is merged; the chain is followed to its end.
{%- set moments = ['acknowledged_at', 'first_response_at', 'resolved_at', 'closed_at'] %}
with

stg_crm__cases as (
    select * from {{ ref('stg_crm__cases') }}
),

stg_crm__case_first_endings as (
    select * from {{ ref('stg_crm__case_first_endings') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'cases'
),

-- Nobody has looked further than the last delivery reaches, nor further than the month reported.
horizons as (
    select
        least(
            max(current_files.complete_through),
            max(cast({{ dbt.dateadd('day', 1, 'int_reporting_calendar.as_of_date') }} as date))
        ) as followed_until_date
    from int_reporting_calendar
    left join current_files
        on true
),

links as (
    select
        cases.case_id,
        survivors.case_id as merged_into_case_id
    from stg_crm__cases as cases
    left join stg_crm__cases as survivors
        on cases.merged_into_case_id = survivors.case_id
),

{{ follow_chains('survivors', 'links', 'case_id', 'merged_into_case_id') }}

known as (
    select
        cases.case_id,
        survivors.chain_end as surviving_case_id,
        survivors.chain_end <> cases.case_id as is_merged,
        -- 0 where nobody has assessed it: the list of service levels has a row for that.
        coalesce(cases.severity, 0) as severity,
        cases.received_at,
        -- Nobody answers before being asked.
        {% for moment in moments -%}
        case
            when cases.{{ moment }} < horizons.followed_until_date
                then greatest(cases.{{ moment }}, cases.received_at)
        end as {{ moment }},
        {% endfor -%}
        {% for moment in ['first_resolved_at', 'first_ended_at'] -%}
        case
            when first_endings.{{ moment }} < horizons.followed_until_date
                then greatest(first_endings.{{ moment }}, cases.received_at)
        end as {{ moment }},
        {% endfor -%}
        coalesce(cases.reopened_count, 0) = 0 or first_endings.first_ended_at is not null as is_first_ending_known,
        cast(horizons.followed_until_date as timestamp) as followed_until_at
    from stg_crm__cases as cases
    inner join survivors
        on cases.case_id = survivors.case_id
    inner join horizons
        on cases.received_at < horizons.followed_until_date
    left join stg_crm__case_first_endings as first_endings
        on cases.case_id = first_endings.case_id
),

final as (
    select
        case_id,
        surviving_case_id,
        is_merged,
        severity,
        received_at,
        acknowledged_at,
        first_response_at,
        first_resolved_at,
        first_ended_at,
        resolved_at,
        closed_at,
        -- The last solving ends a case; closing does where nothing was ever solved.
        coalesce(resolved_at, closed_at) as ended_at,
        is_first_ending_known,
        followed_until_at
    from known
)

select * from final
