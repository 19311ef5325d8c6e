-- What came in, by the month in which it was due.
with

fct_receipts as (
    select * from {{ ref('fct_receipts') }}
    where due_date is not null
),

final as (
    select
        customer_key,
        {{ month_of('due_date') }} as due_month,
        reporting_month,
        sum(received_constant_amount) as received_constant
    from fct_receipts
    group by
        customer_key,
        {{ month_of('due_date') }},
        reporting_month
)

select * from final
