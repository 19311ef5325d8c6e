-- Do smaller customers follow a key account out? Its peers, of the same industry and region, in as many days
-- after its loss as before it. The account itself is in neither, and a window that is not over has no rate.
with

int_contagion_windows as (
    select * from {{ ref('int_contagion_windows') }}
),

int_peer_populations as (
    select * from {{ ref('int_peer_populations') }}
),

fct_defections as (
    select * from {{ ref('fct_defections') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

peer_losses as (
    select
        windows.customer_key,
        windows.episode_no,
        count(case when peers.defected_on < windows.defected_on then 1 end) as lost_before_count,
        count(case when peers.defected_on > windows.defected_on then 1 end) as lost_after_count
    from int_contagion_windows as windows
    inner join dim_customers
        on
            windows.industry = dim_customers.industry
            and windows.region = dim_customers.region
            and windows.customer_key <> dim_customers.customer_key
    inner join fct_defections as peers
        on
            dim_customers.customer_key = peers.customer_key
            and peers.defected_on between windows.window_from_date and windows.window_to_date
    group by
        windows.customer_key,
        windows.episode_no
),

counted as (
    select
        windows.*,
        coalesce(peer_losses.lost_before_count, 0) as lost_before_count,
        coalesce(peer_losses.lost_after_count, 0) as lost_after_count,
        -- The account itself was live before its loss and no longer is after it.
        greatest(coalesce(populations_before.live_customer_count, 0) - 1, 0) as peer_before_count,
        coalesce(populations_after.live_customer_count, 0) as peer_after_count
    from int_contagion_windows as windows
    left join peer_losses
        on
            windows.customer_key = peer_losses.customer_key
            and windows.episode_no = peer_losses.episode_no
    left join int_peer_populations as populations_before
        on
            windows.industry = populations_before.industry
            and windows.region = populations_before.region
            and windows.month_before = populations_before.reporting_month
    left join int_peer_populations as populations_after
        on
            windows.industry = populations_after.industry
            and windows.region = populations_after.region
            and windows.month_after = populations_after.reporting_month
),

rated as (
    select
        *,
        case when is_window_complete then {{ safe_ratio('lost_before_count', 'peer_before_count') }} end
            as before_defection_share,
        case when is_window_complete then {{ safe_ratio('lost_after_count', 'peer_after_count') }} end
            as after_defection_share
    from counted
),

final as (
    select
        customer_key,
        episode_no,
        defected_on,
        industry,
        region,
        contagion_window_days as window_days,
        cast(peer_before_count as bigint) as peer_before_count,
        cast(lost_before_count as bigint) as lost_before_count,
        before_defection_share,
        cast(peer_after_count as bigint) as peer_after_count,
        cast(lost_after_count as bigint) as lost_after_count,
        after_defection_share,
        after_defection_share - before_defection_share as contagion_difference,
        is_window_complete
    from rated
)

select * from final
