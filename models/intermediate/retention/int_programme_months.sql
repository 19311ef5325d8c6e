-- Spending that names no account: campaigns and programmes for everybody.
with

account_investments as (
    select * from {{ ref('stg_crm__account_investments') }}
    where account_id is null and spent_on is not null
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

months as (
    select
        {{ month_of('investments.spent_on') }} as reporting_month,
        sum({{ convert_amount('investments.amount', 'rates.rate_to_reporting') }}) as programme
    from account_investments as investments
    left join rates
        on
            coalesce(investments.currency, '{{ var("reporting_currency") }}') = rates.currency
            and {{ month_of('investments.spent_on') }} = rates.rate_month
    group by {{ month_of('investments.spent_on') }}
),

final as (
    select
        month_ends.reporting_month,
        cast(sum(months.programme) over (
            order by month_ends.reporting_month nulls last
            rows between 11 preceding and current row
        ) as decimal(18, 4)) as programme_t12
    from int_month_ends as month_ends
    left join months
        on month_ends.reporting_month = months.reporting_month
)

select * from final
