-- What rivals took and what was taken from them. A loss without a known destination stands under unknown,
-- so that the rivals' gains are a lower bound; who buys from nobody any more was gained by nobody.
with

fct_defections as (
    select * from {{ ref('fct_defections') }}
),

fct_switch_in as (
    select * from {{ ref('fct_switch_in') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

flows as (
    select
        {{ month_of('effective_date') }} as reporting_month,
        case
            when destination_competitor_key is not null then destination_competitor_key
            when exit_class = 'former_no_longer_buys' then 'nobody'
            else 'unknown'
        end as competitor_key,
        1 as switched_out_count,
        lost_revenue_t12,
        lost_margin_t12,
        0 as switched_in_count,
        cast(null as decimal(18, 4)) as won_revenue_first_year
    from fct_defections
    where defection_type = 'full' or destination_competitor_key is not null
    union all
    select
        reporting_month,
        coalesce(prior_competitor_key, 'unknown') as competitor_key,
        0 as switched_out_count,
        cast(null as decimal(18, 4)) as lost_revenue_t12,
        cast(null as decimal(18, 4)) as lost_margin_t12,
        1 as switched_in_count,
        net_revenue_first_year as won_revenue_first_year
    from fct_switch_in
),

final as (
    select
        flows.reporting_month,
        flows.competitor_key,
        cast(sum(flows.switched_out_count) as bigint) as switched_out_count,
        cast(sum(flows.lost_revenue_t12) as decimal(18, 4)) as lost_revenue_t12,
        cast(sum(flows.lost_margin_t12) as decimal(18, 4)) as lost_margin_t12,
        cast(sum(flows.switched_in_count) as bigint) as switched_in_count,
        cast(sum(flows.won_revenue_first_year) as decimal(18, 4)) as won_revenue_first_year,
        cast(count(flows.won_revenue_first_year) as bigint) as won_revenue_known_count,
        cast(sum(flows.switched_in_count) - sum(flows.switched_out_count) as bigint) as net_switch,
        dim_months.is_closed_month
    from flows
    inner join dim_months
        on flows.reporting_month = dim_months.reporting_month
    group by flows.reporting_month, flows.competitor_key, dim_months.is_closed_month
)

select * from final
