-- What each customer brought and cost in the trailing year, at the months' own rates. A cost is known from
-- the month its log begins; a year that begins before that knows it in part and says so.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_service_months as (
    select * from {{ ref('int_service_months') }}
),

int_bad_debt_months as (
    select * from {{ ref('int_bad_debt_months') }}
),

fct_receipts as (
    select * from {{ ref('fct_receipts') }}
),

service_log as (
    select min(reporting_month) as first_service_month
    from int_service_months
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

receipt_log as (
    select min(reporting_month) as first_receipt_month
    from fct_receipts
),

{% set summed = [
    'net_revenue', 'discount', 'margin', 'costed_revenue', 'service_cost', 'compensation', 'acquisition', 'upkeep',
    'service_count', 'costed_service_count', 'bad_debt'
] -%}
{% set sources = {'service_cost': 'services', 'compensation': 'services', 'acquisition': 'services',
    'upkeep': 'services', 'service_count': 'services', 'costed_service_count': 'services', 'bad_debt': 'debts'} -%}
years as (
    select
        months.customer_key,
        months.reporting_month,
        months.is_closed_month,
        months.trailing_month_count,
        {% for amount in summed -%}
        sum({{ sources.get(amount, 'months') }}.{{ amount }}) over (
            partition by months.customer_key
            order by months.reporting_month nulls last
            rows between 11 preceding and current row
        ) as {{ amount }},
        {% endfor -%}
        cast({{ dbt.dateadd('month', -11, 'months.reporting_month') }} as date) as first_month_of_year
    from int_customer_months as months
    left join int_service_months as services
        on
            months.customer_key = services.customer_key
            and months.reporting_month = services.reporting_month
    left join int_bad_debt_months as debts
        on
            months.customer_key = debts.customer_key
            and months.reporting_month = debts.reporting_month
),

final as (
    select
        years.customer_key,
        years.reporting_month,
        years.is_closed_month,
        {% for amount in ['net_revenue', 'discount', 'margin', 'costed_revenue'] -%}
        cast(years.{{ amount }} as decimal(18, 4)) as {{ amount }},
        {% endfor -%}
        cast(years.service_cost as decimal(18, 4)) as service_cost,
        -- Nothing on record while the log ran is nothing spent.
        {% for amount in ['compensation', 'acquisition', 'upkeep'] -%}
        case
            when service_log.first_service_month is not null
                then cast(coalesce(years.{{ amount }}, 0) as decimal(18, 4))
        end as {{ amount }},
        {% endfor -%}
        cast(coalesce(years.service_count, 0) as bigint) as service_count,
        cast(coalesce(years.costed_service_count, 0) as bigint) as costed_service_count,
        case
            when receipt_log.first_receipt_month is not null
                then cast(coalesce(years.bad_debt, 0) as decimal(18, 4))
        end as bad_debt,
        coalesce(service_log.first_service_month <= greatest(years.first_month_of_year, calendar.first_month), false)
            as is_service_known,
        coalesce(receipt_log.first_receipt_month <= greatest(years.first_month_of_year, calendar.first_month), false)
            as is_bad_debt_known
    from years
    cross join service_log
    cross join receipt_log
    cross join int_reporting_calendar as calendar
)

select * from final
