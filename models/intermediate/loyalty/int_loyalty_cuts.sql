-- Where high begins, frozen for a fiscal year: the medians of the last month before it. Peers are those of
-- the year; where they are few, all customers are asked.
with

int_loyalty_indices as (
    select * from {{ ref('int_loyalty_indices') }}
),

int_customer_peers as (
    select * from {{ ref('int_customer_peers') }}
),

policies as (
    select * from {{ ref('int_loyalty_policies') }}
),

last_months as (
    select
        policies.fiscal_year,
        policies.peer_minimum_customer_count,
        indices.customer_key,
        indices.purchase_day_count_t12,
        indices.dependence_index
    from policies
    inner join int_loyalty_indices as indices
        on
            cast({{ dbt.dateadd('month', -1, 'policies.fiscal_year_start_date') }} as date)
            = indices.reporting_month
),

everybody as (
    select
        fiscal_year,
        median(cast(purchase_day_count_t12 as double)) as expected_purchase_days,
        median(dependence_index) as dependence_cut
    from last_months
    group by fiscal_year
),

peer_groups as (
    select
        last_months.fiscal_year,
        peers.segment,
        peers.product_cycle,
        case
            when count(*) >= max(last_months.peer_minimum_customer_count)
                then median(cast(last_months.purchase_day_count_t12 as double))
        end as expected_purchase_days,
        case
            when count(last_months.dependence_index) >= max(last_months.peer_minimum_customer_count)
                then median(last_months.dependence_index)
        end as dependence_cut
    from last_months
    inner join int_customer_peers as peers
        on
            last_months.customer_key = peers.customer_key
            and last_months.fiscal_year = peers.fiscal_year
    group by last_months.fiscal_year, peers.segment, peers.product_cycle
),

final as (
    select
        peers.customer_key,
        peers.fiscal_year,
        coalesce(peer_groups.expected_purchase_days, everybody.expected_purchase_days) as expected_purchase_days,
        policies.frequency_cut,
        coalesce(peer_groups.dependence_cut, everybody.dependence_cut, policies.default_dependence_cut)
            as dependence_cut,
        case
            when peer_groups.dependence_cut is not null then 'peers'
            when everybody.dependence_cut is not null then 'all_peers'
            else 'default'
        end as dependence_cut_basis
    from int_customer_peers as peers
    inner join policies
        on peers.fiscal_year = policies.fiscal_year
    left join everybody
        on peers.fiscal_year = everybody.fiscal_year
    left join peer_groups
        on
            peers.fiscal_year = peer_groups.fiscal_year
            and peers.segment = peer_groups.segment
            and peers.product_cycle = peer_groups.product_cycle
)

select * from final
