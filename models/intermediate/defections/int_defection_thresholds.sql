-- Expected gap and defection threshold, frozen for the fiscal year.
with

int_customer_peers as (
    select * from {{ ref('int_customer_peers') }}
),

int_customer_gap_quantiles as (
    select * from {{ ref('int_customer_gap_quantiles') }}
),

int_peer_gap_quantiles as (
    select * from {{ ref('int_peer_gap_quantiles') }}
),

int_seasonal_customers as (
    select * from {{ ref('int_seasonal_customers') }}
),

int_threshold_policies as (
    select * from {{ ref('int_threshold_policies') }}
),

evidence as (
    select
        int_customer_peers.customer_key,
        int_customer_peers.fiscal_year,
        policies.is_in_force,
        int_customer_gap_quantiles.completed_gap_count,
        int_customer_gap_quantiles.own_expected_gap_days,
        int_customer_gap_quantiles.own_threshold_days,
        near_peers.customer_count is not null as has_near_peers,
        coalesce(near_peers.peer_expected_gap_days, all_peers.peer_expected_gap_days) as peer_expected_gap_days,
        coalesce(near_peers.peer_threshold_days, all_peers.peer_threshold_days) as peer_threshold_days,
        int_seasonal_customers.season_length_days,
        int_seasonal_customers.last_pause_began_on,
        policies.fiscal_year_start_date,
        policies.next_fiscal_year_start_date,
        policies.policy_version,
        policies.floor_days,
        policies.cap_days,
        policies.default_expected_gap_days,
        policies.default_threshold_days,
        policies.seasonal_slack_days,
        policies.seasonal_tolerance_days
    from int_customer_peers
    inner join int_threshold_policies as policies
        on int_customer_peers.fiscal_year = policies.fiscal_year
    left join int_customer_gap_quantiles
        on
            int_customer_peers.customer_key = int_customer_gap_quantiles.customer_key
            and int_customer_peers.fiscal_year = int_customer_gap_quantiles.fiscal_year
            and policies.is_in_force = int_customer_gap_quantiles.is_in_force
    left join int_peer_gap_quantiles as near_peers
        on
            int_customer_peers.fiscal_year = near_peers.fiscal_year
            and policies.is_in_force = near_peers.is_in_force
            and int_customer_peers.segment = near_peers.segment
            and int_customer_peers.product_cycle = near_peers.product_cycle
            and policies.peer_minimum_customer_count <= near_peers.customer_count
    left join int_peer_gap_quantiles as all_peers
        on
            int_customer_peers.fiscal_year = all_peers.fiscal_year
            and policies.is_in_force = all_peers.is_in_force
            and all_peers.segment = 'all'
            and all_peers.product_cycle = 'all'
            and policies.peer_minimum_customer_count <= all_peers.customer_count
    left join int_seasonal_customers
        on
            int_customer_peers.customer_key = int_seasonal_customers.customer_key
            and int_customer_peers.fiscal_year = int_seasonal_customers.fiscal_year
            and policies.is_in_force = int_seasonal_customers.is_in_force
),

weighed as (
    select
        *,
        coalesce(own_expected_gap_days, peer_expected_gap_days, default_expected_gap_days) as rhythm_days,
        -- greatest() passes over NULL in some engines and returns it in others; 0 never wins here.
        nullif(greatest(coalesce(own_threshold_days, 0), coalesce(peer_threshold_days, 0)), 0) as evidence_days
    from evidence
),

clamped as (
    select
        *,
        greatest(
            case
                when evidence_days is null then default_threshold_days
                else least(greatest(evidence_days, floor_days), cap_days)
            end,
            coalesce(season_length_days + seasonal_slack_days, 0)
        ) as threshold_days
    from weighed
),

final as (
    select
        customer_key,
        fiscal_year,
        is_in_force,
        fiscal_year_start_date,
        next_fiscal_year_start_date,
        policy_version || '-' || cast(fiscal_year as {{ dbt.type_string() }}) as threshold_version,
        case
            when own_threshold_days is not null then 'own'
            when peer_threshold_days is null then 'default'
            when has_near_peers then 'peers'
            else 'all_peers'
        end as threshold_basis,
        completed_gap_count,
        least(rhythm_days, threshold_days) as expected_gap_days,
        threshold_days,
        season_length_days,
        last_pause_began_on,
        seasonal_tolerance_days
    from clamped
)

select * from final
