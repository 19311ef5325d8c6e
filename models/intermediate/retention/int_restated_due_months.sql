with

untaken_months as (
    {{ find_untaken_months('due_month_builds') }}
)

select reporting_month from untaken_months
