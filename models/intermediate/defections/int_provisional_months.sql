-- Whose contract has ended is not lost before its grace is over. Until then nobody can say what becomes of the
-- months since its end, at whatever class or group they are told.
with

int_lapsed_months as (
    select * from {{ ref('int_lapsed_months') }}
),

int_customer_states as (
    select * from {{ ref('int_customer_states') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

-- Contracts of which it is still open whether they are renewed late.
undecided_contracts as (
    select
        lapses.customer_key,
        lapses.contract_end
    from int_lapsed_months as lapses
    inner join int_customer_states as states
        on
            lapses.customer_key = states.customer_key
            and lapses.reporting_month = states.reporting_month
    where
        states.customer_state = 'lapsed_pending'
        and lapses.reporting_month = (select max(int_month_ends.reporting_month) from int_month_ends)
),

final as (
    select lapses.reporting_month
    from int_lapsed_months as lapses
    inner join undecided_contracts
        on
            lapses.customer_key = undecided_contracts.customer_key
            and lapses.contract_end = undecided_contracts.contract_end

    union distinct

    select reporting_month
    from int_month_ends
    where not is_closed_month
)

select * from final
