-- What is known of the customer's other suppliers when the loss began. A share below one is money spent
-- elsewhere; a rival that was noted at the account shows it too, and is the better evidence where it was seen
-- on invoices or heard from the customer.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_share_of_wallet_months as (
    select * from {{ ref('int_share_of_wallet_months') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

competitor_positions as (
    select * from {{ ref('stg_crm__competitor_positions') }}
),

shares as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        max(case when wallets.reporting_month = int_defections.began_month then wallets.sow_t12 end) as sow_at_start,
        max(case when wallets.is_hidden_partial then 1 when not wallets.is_hidden_partial then 0 end)
            as hidden_partial_flag
    from int_defections
    inner join int_share_of_wallet_months as wallets
        on
            int_defections.customer_key = wallets.customer_key
            and wallets.reporting_month
            between int_defections.began_month
            and coalesce(int_defections.partial_to_month, int_defections.began_month)
    group by
        int_defections.customer_key,
        int_defections.episode_no
),

-- Noted in the year before the loss showed.
rivals as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        max(positions.estimated_share) > 0 as has_rival
    from competitor_positions as positions
    inner join int_account_identities
        on positions.account_id = int_account_identities.account_id
    inner join int_defections
        on
            int_account_identities.customer_key = int_defections.customer_key
            and positions.noted_on <= int_defections.detected_on
            and positions.noted_on > cast({{ dbt.dateadd('year', -1, 'int_defections.detected_on') }} as date)
    group by
        int_defections.customer_key,
        int_defections.episode_no
),

final as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        shares.sow_at_start,
        shares.hidden_partial_flag = 1 as is_hidden_partial,
        case
            when rivals.has_rival or shares.sow_at_start < 1 then true
            when shares.sow_at_start >= 1 then false
        end as is_dual_sourcing
    from int_defections
    left join shares
        on
            int_defections.customer_key = shares.customer_key
            and int_defections.episode_no = shares.episode_no
    left join rivals
        on
            int_defections.customer_key = rivals.customer_key
            and int_defections.episode_no = rivals.episode_no
)

select * from final
