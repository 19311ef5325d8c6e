-- A contract that nobody renewed within the grace: lost since the day after its last paid day, known
-- when the grace is over.
with

int_purchase_gaps as (
    select * from {{ ref('int_purchase_gaps') }}
),

int_customer_contracts as (
    select * from {{ ref('int_customer_contracts') }}
),

graces_over as (
    select
        customer_key,
        contract_end,
        lapsed_on,
        cast({{ dbt.dateadd('day', 1, 'grace_end_date') }} as date) as defected_on,
        renewal_grace_days,
        threshold_version
    from int_customer_contracts
),

not_renewed as (
    select graces_over.*
    from graces_over
    left join int_customer_contracts as renewals
        on
            graces_over.customer_key = renewals.customer_key
            and graces_over.contract_end < renewals.contract_end
            and graces_over.defected_on >= renewals.contract_start
    where renewals.customer_key is null
),

-- An order after the last paid day goes on without a contract; silence decides from there.
final as (
    select
        not_renewed.customer_key,
        int_purchase_gaps.purchase_date as last_purchase_date,
        int_purchase_gaps.next_purchase_date as returned_on,
        'contract_end' as defection_basis,
        not_renewed.defected_on,
        not_renewed.lapsed_on as effective_date,
        not_renewed.renewal_grace_days as threshold_days,
        not_renewed.threshold_version
    from not_renewed
    inner join int_purchase_gaps
        on
            not_renewed.customer_key = int_purchase_gaps.customer_key
            and not_renewed.contract_end >= int_purchase_gaps.purchase_date
            and not_renewed.defected_on < int_purchase_gaps.silence_end_date
)

select * from final
