-- The contract that an episode fell into or followed: of those begun by then, the latest.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_customer_contracts as (
    select * from {{ ref('int_customer_contracts') }}
),

ranked as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        int_customer_contracts.contract_end as contract_end_date,
        int_customer_contracts.notice_date,
        row_number() over (
            partition by int_defections.customer_key, int_defections.episode_no
            order by int_customer_contracts.contract_start desc nulls last
        ) as contract_rank
    from int_defections
    inner join int_customer_contracts
        on
            int_defections.customer_key = int_customer_contracts.customer_key
            and int_defections.effective_date >= int_customer_contracts.contract_start
),

-- Notice given after the customer had come back is notice of another loss.
final as (
    select
        ranked.customer_key,
        ranked.episode_no,
        ranked.contract_end_date,
        case
            when coalesce(int_defections.reactivated_on > ranked.notice_date, true) then ranked.notice_date
        end as notice_date
    from ranked
    inner join int_defections
        on
            ranked.customer_key = int_defections.customer_key
            and ranked.episode_no = int_defections.episode_no
    where ranked.contract_rank = 1
)

select * from final
