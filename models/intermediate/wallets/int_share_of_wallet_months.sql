-- Categories rolled up by their wallets, never by averaging shares. A movement is measured where a wallet was renewed
-- or has not changed, and its verdict holds until the next one: spend over a wallet only carried along drifts.
with

categories as (
    select * from {{ ref('int_share_of_wallet_categories') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_wallet_policies as (
    select * from {{ ref('int_wallet_policies') }}
),

rolled_up as (
    select
        customer_key,
        reporting_month,
        count(*) as category_count,
        sum(wallet_t12) as wallet_t12,
        sum(covered_net_revenue) as covered_net_revenue_t12,
        max_by(wallet_method, evidence_rank) as wallet_source,
        max(wallet_age_days) as wallet_age_days,
        count(case when is_wallet_understated then 1 end) > 0 as is_wallet_understated,
        sum(compared_wallet) as compared_wallet,
        sum(compared_wallet_ly) as compared_wallet_ly,
        sum(compared_net_revenue) as compared_net_revenue,
        sum(compared_net_revenue_ly) as compared_net_revenue_ly,
        count(compared_wallet) > 0 and (
            count(case when is_compared_refreshed then 1 end) > 0
            or count(case when not is_compared_stable then 1 end) = 0
        ) as is_measured,
        count(compared_wallet) = 0 and count(case when is_method_break then 1 end) > 0 as is_method_break
    from categories
    group by customer_key, reporting_month
),

compared as (
    select
        rolled_up.*,
        policies.carry_forward_months,
        policies.drop_share_points,
        policies.drop_relative_share,
        policies.movement_tolerance_share,
        {{ safe_ratio('rolled_up.covered_net_revenue_t12', 'rolled_up.wallet_t12') }} as sow_t12,
        {{ safe_ratio('earlier.covered_net_revenue_t12', 'earlier.wallet_t12') }} as sow_t12_ly,
        case
            when rolled_up.is_measured
                then
                    {{ safe_ratio('rolled_up.compared_net_revenue', 'rolled_up.compared_wallet') }}
                    - {{ safe_ratio('rolled_up.compared_net_revenue_ly', 'rolled_up.compared_wallet_ly') }}
        end as d_sow,
        {{ safe_ratio('rolled_up.compared_net_revenue_ly', 'rolled_up.compared_wallet_ly') }} as compared_sow_ly,
        max(case when rolled_up.is_measured then rolled_up.reporting_month end) over (
            partition by rolled_up.customer_key
            order by rolled_up.reporting_month nulls last
            rows between unbounded preceding and current row
        ) as measured_month
    from rolled_up
    inner join int_month_ends as months
        on rolled_up.reporting_month = months.reporting_month
    inner join int_wallet_policies as policies
        on months.fiscal_year = policies.fiscal_year
    left join rolled_up as earlier
        on
            rolled_up.customer_key = earlier.customer_key
            and cast({{ dbt.dateadd('month', -12, 'rolled_up.reporting_month') }} as date) = earlier.reporting_month
),

-- Rounded, because a fall from .5 to .4 is ten points and must not hang on the last bit.
judged as (
    select
        *,
        round(d_sow, 9) <= -round(greatest(drop_share_points, drop_relative_share * compared_sow_ly), 9)
            as has_drop,
        case
            when round(d_sow, 9) > movement_tolerance_share then 'up'
            when round(d_sow, 9) < -movement_tolerance_share then 'down'
            when d_sow is not null then 'flat'
        end as sow_direction,
        compared_net_revenue > compared_net_revenue_ly as has_grown,
        -- A column of its own, so that the join below is one of equal columns alone: any other condition
        -- between the two sides of a left join makes DuckDB compare every row with every row.
        case when {{ months_apart('measured_month', 'reporting_month') }} < carry_forward_months then measured_month end
            as carried_month
    from compared
),

final as (
    select
        judged.customer_key,
        judged.reporting_month,
        cast(judged.category_count as bigint) as category_count,
        cast(judged.wallet_t12 as decimal(18, 4)) as wallet_t12,
        cast(judged.covered_net_revenue_t12 as decimal(18, 4)) as covered_net_revenue_t12,
        judged.wallet_source,
        judged.wallet_age_days,
        judged.sow_t12,
        judged.sow_t12_ly,
        cast(judged.compared_wallet as decimal(18, 4)) as compared_wallet,
        cast(judged.compared_wallet_ly as decimal(18, 4)) as compared_wallet_ly,
        cast(judged.compared_net_revenue as decimal(18, 4)) as compared_net_revenue,
        cast(judged.compared_net_revenue_ly as decimal(18, 4)) as compared_net_revenue_ly,
        judged.d_sow,
        judged.sow_direction,
        judged.is_wallet_understated,
        judged.is_method_break,
        latest.reporting_month as measured_month,
        latest.has_drop as has_share_of_wallet_drop,
        latest.has_drop and latest.has_grown as is_hidden_partial
    from judged
    left join judged as latest
        on
            judged.customer_key = latest.customer_key
            and judged.carried_month = latest.reporting_month
)

select * from final
