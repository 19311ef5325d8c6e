-- A debt that is not paid so many months after the month it fell due in is lost at the end of the last of
-- them. Debts that fell due before the first receipt on record are nobody's loss: how they were paid is not
-- known.
with

code_due_months as (
    select * from {{ ref('int_customer_code_due_months') }}
),

receipts as (
    select * from {{ ref('int_due_receipts') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

policies as (
    select * from {{ ref('int_retention_policies') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

receipt_log as (
    select min(reporting_month) as first_receipt_month
    from receipts
),

billed as (
    select
        coalesce(identities.customer_key, due_months.customer_code) as customer_key,
        due_months.due_month,
        sum(due_months.billed_constant) as billed_constant
    from code_due_months as due_months
    left join int_customer_identities as identities
        on due_months.customer_code = identities.customer_code
    group by
        coalesce(identities.customer_key, due_months.customer_code),
        due_months.due_month
),

judged as (
    select
        billed.customer_key,
        billed.due_month,
        billed.billed_constant,
        month_ends.reporting_month
    from billed
    cross join receipt_log
    inner join policies
        on billed.due_month = policies.reporting_month
    inner join int_month_ends as month_ends
        on
            cast({{ dbt.dateadd('month', 'policies.bad_debt_months', 'billed.due_month') }} as date)
            = month_ends.reporting_month
    where receipt_log.first_receipt_month <= billed.due_month
),

paid as (
    select
        judged.customer_key,
        judged.due_month,
        sum(receipts.received_constant) as paid_constant
    from judged
    inner join receipts
        on
            judged.customer_key = receipts.customer_key
            and judged.due_month = receipts.due_month
            and judged.reporting_month >= receipts.reporting_month
    group by
        judged.customer_key,
        judged.due_month
),

final as (
    select
        judged.customer_key,
        judged.due_month,
        judged.reporting_month,
        judged.billed_constant - coalesce(paid.paid_constant, 0) as lost_constant
    from judged
    left join paid
        on
            judged.customer_key = paid.customer_key
            and judged.due_month = paid.due_month
    where judged.billed_constant > coalesce(paid.paid_constant, 0)
)

select * from final
