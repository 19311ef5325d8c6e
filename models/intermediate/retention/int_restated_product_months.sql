with

untaken_months as (
    {{ find_untaken_months('product_month_builds') }}
)

select reporting_month from untaken_months
