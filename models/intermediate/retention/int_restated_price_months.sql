-- The years compared at the end of a month reach back twenty-three months, so a restated month is compared
-- anew at its own end and at the twenty-three after it.
{%- set months_behind = 23 %}
with

candidates as (
    select * from {{ ref('int_restated_price_candidates') }}
),

untaken_months as (
    {{ find_untaken_months('price_effect_builds') }}
),

restated as (
    select candidates.reporting_month
    from candidates
    inner join untaken_months
        on
            candidates.reporting_month >= untaken_months.reporting_month
            and candidates.reporting_month
            <= cast({{ dbt.dateadd('month', months_behind, 'untaken_months.reporting_month') }} as date)
    group by candidates.reporting_month
)

select reporting_month from restated
