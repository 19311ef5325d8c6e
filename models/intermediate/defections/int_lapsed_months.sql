-- Months at whose end a contract has ended but may still be renewed late. A month that a renewal covers
-- by its end is none.
with

int_customer_contracts as (
    select * from {{ ref('int_customer_contracts') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

months_in_grace as (
    select
        int_customer_contracts.customer_key,
        int_month_ends.reporting_month,
        int_month_ends.evaluation_date,
        int_customer_contracts.contract_end
    from int_customer_contracts
    inner join int_month_ends
        on
            int_customer_contracts.lapsed_on <= int_month_ends.evaluation_date
            and int_customer_contracts.grace_end_date >= int_month_ends.evaluation_date
),

final as (
    select
        months_in_grace.customer_key,
        months_in_grace.reporting_month,
        max(months_in_grace.contract_end) as contract_end
    from months_in_grace
    left join int_customer_contracts as renewals
        on
            months_in_grace.customer_key = renewals.customer_key
            and months_in_grace.evaluation_date between renewals.contract_start and renewals.contract_end
    where renewals.customer_key is null
    group by
        months_in_grace.customer_key,
        months_in_grace.reporting_month
)

select * from final
