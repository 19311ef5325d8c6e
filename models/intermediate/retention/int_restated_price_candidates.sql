-- A view on purpose, like int_restated_months, and over the builds, because the calendar ends with the month
-- reported and the lines do not.
{%- set months_behind = 23 %}
with

invoice_line_builds as (
    select * from {{ source('build_state', 'invoice_line_builds') }}
),

ledger as (
    select
        cast({{ dbt.dateadd('month', months_behind, 'min(reporting_month)') }} as date) as first_month,
        max(reporting_month) as last_month
    from invoice_line_builds
),

compared_months as (
    select {{ unnest_months('first_month', 'last_month') }} as reporting_month
    from ledger
    where first_month <= last_month
)

select reporting_month from compared_months
