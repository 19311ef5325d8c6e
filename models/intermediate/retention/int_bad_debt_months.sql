-- What is paid on a debt after it was lost is recovered in the month it comes in.
with

losses as (
    select * from {{ ref('int_lost_debts') }}
),

receipts as (
    select * from {{ ref('int_due_receipts') }}
),

movements as (
    select
        customer_key,
        reporting_month,
        lost_constant as bad_debt
    from losses

    union all

    select
        losses.customer_key,
        receipts.reporting_month,
        -receipts.received_constant as bad_debt
    from losses
    inner join receipts
        on
            losses.customer_key = receipts.customer_key
            and losses.due_month = receipts.due_month
            and losses.reporting_month < receipts.reporting_month
),

final as (
    select
        customer_key,
        reporting_month,
        cast(sum(bad_debt) as decimal(18, 4)) as bad_debt
    from movements
    group by
        customer_key,
        reporting_month
)

select * from final
