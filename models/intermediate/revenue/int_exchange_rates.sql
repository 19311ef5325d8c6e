with

stg_ledger__exchange_rates as (
    select * from {{ ref('stg_ledger__exchange_rates') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

delivered_rates as (
    select
        currency,
        {{ month_of('rate_month') }} as rate_month,
        rate_to_reporting
    from stg_ledger__exchange_rates
    where currency <> '{{ var("reporting_currency") }}'
),

-- The reporting currency needs no rate from anybody, in any month of the ledger.
own_rates as (
    select
        '{{ var("reporting_currency") }}' as currency,
        {{ unnest_months('first_month', 'last_data_month') }} as rate_month,
        cast(1 as decimal(18, 8)) as rate_to_reporting
    from int_reporting_calendar
),

rates as (
    select * from delivered_rates
    union all
    select * from own_rates
),

plan_rates as (
    select
        currency,
        {% if var('constant_currency_month') is none -%}
        min_by(rate_to_reporting, rate_month) as constant_rate_to_reporting
        {%- else -%}
        -- A currency that came later has no rate in the plan month: its first rate is its plan.
        coalesce(
            max(
                case
                    when rate_month = {{ month_of("cast('" ~ var('constant_currency_month') ~ "' as date)") }}
                        then rate_to_reporting
                end
            ),
            min_by(rate_to_reporting, rate_month)
        ) as constant_rate_to_reporting
        {%- endif %}
    from rates
    group by currency
),

final as (
    select
        rates.currency,
        rates.rate_to_reporting,
        plan_rates.constant_rate_to_reporting,
        rates.rate_month
    from rates
    inner join plan_rates
        on rates.currency = plan_rates.currency
)

select * from final
