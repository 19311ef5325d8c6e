with

untaken_months as (
    {{ find_untaken_months('ledger_total_builds') }}
)

select reporting_month from untaken_months
