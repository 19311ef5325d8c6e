-- Every kind of segment holds every customer once. Any row fails.
with

fct_contributions as (
    select * from {{ ref('fct_contributions') }}
),

rpt_segment_profit as (
    select * from {{ ref('rpt_segment_profit') }}
),

customers as (
    select
        reporting_month,
        sum(net_revenue_t12_amount) as net_revenue,
        coalesce(sum(contribution_t12_amount), 0) as contribution
    from fct_contributions
    group by reporting_month
),

segments as (
    select
        reporting_month,
        segment_kind,
        sum(net_revenue_t12_amount) as net_revenue,
        coalesce(sum(contribution_t12_amount), 0) as contribution
    from rpt_segment_profit
    group by
        reporting_month,
        segment_kind
),

final as (
    select
        segments.reporting_month,
        segments.segment_kind
    from segments
    left join customers
        on segments.reporting_month = customers.reporting_month
    where
        customers.net_revenue is null
        or customers.net_revenue <> segments.net_revenue
        or customers.contribution <> segments.contribution
)

select * from final
