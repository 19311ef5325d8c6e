-- Losses after a first failure of a type, and those expected of buyers of the same month, class and number of orders
-- without it: who orders more has more that can fail, and leaves less often.
with

int_loss_followups as (
    select * from {{ ref('int_loss_followups') }}
),

failed_months as (
    select distinct
        failure_code,
        customer_key,
        reporting_month
    from {{ ref('int_typed_failures') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

{{ add_matched_losses('losses', 'failed_months', 'failure_code', ['customer_class', 'matched_order_count']) }}

final as (
    select
        failure_code,
        from_month,
        to_month,
        exposed_count,
        lost_count,
        expected_lost_count
    from losses
)

select * from final
