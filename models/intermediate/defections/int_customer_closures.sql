with

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
),

closed_reasons as (
    select * from {{ ref('closed_reasons') }}
),

-- Only the surviving account speaks for the customer: closing an account that was merged away ends
-- nothing.
final as (
    select
        int_customer_identities.customer_key,
        min(int_customer_identities.closed_on) as closed_on,
        min(int_customer_identities.closed_reason) as closed_reason
    from int_customer_identities
    inner join closed_reasons
        on int_customer_identities.closed_reason = closed_reasons.closed_reason
    where
        closed_reasons.is_permanent
        and int_customer_identities.closed_on is not null
        and int_customer_identities.customer_code = int_customer_identities.customer_key
    group by int_customer_identities.customer_key
)

select * from final
