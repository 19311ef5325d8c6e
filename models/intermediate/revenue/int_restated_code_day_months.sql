with

untaken_months as (
    {{ find_untaken_months('customer_code_day_builds') }}
)

select reporting_month from untaken_months
