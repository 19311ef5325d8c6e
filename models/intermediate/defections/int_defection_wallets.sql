-- What is known of the customer's other suppliers when the loss began. A share below the policy's is money spent
-- elsewhere; a rival that was noted at the account shows it too, and of all that was seen the best evidence counts.
-- Whose last wallet of the year after is nothing needs what we sell no more, and went to nobody.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_share_of_wallet_months as (
    select * from {{ ref('int_share_of_wallet_months') }}
),

int_competitor_positions as (
    select * from {{ ref('int_competitor_positions') }}
),

competitor_evidence as (
    select * from {{ ref('competitor_evidence') }}
),

month_policies as (
    select
        int_month_ends.reporting_month,
        int_wallet_policies.dual_sourcing_share
    from {{ ref('int_month_ends') }} as int_month_ends
    inner join {{ ref('int_wallet_policies') }} as int_wallet_policies
        on int_month_ends.fiscal_year = int_wallet_policies.fiscal_year
),

shares as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        max(case when wallets.reporting_month = int_defections.began_month then wallets.sow_t12 end) as sow_at_start,
        max(
            case
                when wallets.reporting_month = int_defections.began_month
                    then case when wallets.sow_t12 < month_policies.dual_sourcing_share then 1 else 0 end
            end
        ) as elsewhere_flag,
        max(case when wallets.is_hidden_partial then 1 when not wallets.is_hidden_partial then 0 end)
            as hidden_partial_flag
    from int_defections
    inner join int_share_of_wallet_months as wallets
        on
            int_defections.customer_key = wallets.customer_key
            and wallets.reporting_month
            between int_defections.began_month
            and coalesce(int_defections.partial_to_month, int_defections.began_month)
    inner join month_policies
        on wallets.reporting_month = month_policies.reporting_month
    group by
        int_defections.customer_key,
        int_defections.episode_no
),

-- Noted in the year before the loss showed. Who only says that a rival is there has not said that it sells nothing.
rivals as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        min(positions.evidence_rank) as evidence_rank
    from int_competitor_positions as positions
    inner join int_defections
        on
            positions.customer_key = int_defections.customer_key
            and positions.noted_date <= int_defections.detected_on
            and positions.noted_date > cast({{ dbt.dateadd('year', -1, 'int_defections.detected_on') }} as date)
    where positions.competitor_share is null or positions.competitor_share > 0
    group by
        int_defections.customer_key,
        int_defections.episode_no
),

needs as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        max_by(wallets.wallet_t12, wallets.reporting_month) as last_wallet
    from int_defections
    inner join int_share_of_wallet_months as wallets
        on
            int_defections.customer_key = wallets.customer_key
            and {{ months_apart('int_defections.began_month', 'wallets.reporting_month') }} between 0 and 12
    group by int_defections.customer_key, int_defections.episode_no
),

final as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        shares.sow_at_start,
        shares.hidden_partial_flag = 1 as is_hidden_partial,
        case
            when rivals.evidence_rank is not null then true
            when shares.sow_at_start is not null then shares.elsewhere_flag = 1
        end as is_dual_sourcing,
        coalesce(
            seen.evidence, case when shares.elsewhere_flag = 1 then 'share_of_wallet' end
        ) as dual_sourcing_evidence,
        case when needs.last_wallet = 0 then 'no_longer_buys' end as wallet_exit_class
    from int_defections
    left join needs
        on
            int_defections.customer_key = needs.customer_key
            and int_defections.episode_no = needs.episode_no
    left join shares
        on
            int_defections.customer_key = shares.customer_key
            and int_defections.episode_no = shares.episode_no
    left join rivals
        on
            int_defections.customer_key = rivals.customer_key
            and int_defections.episode_no = rivals.episode_no
    left join competitor_evidence as seen
        on rivals.evidence_rank = seen.evidence_rank
)

select * from final
