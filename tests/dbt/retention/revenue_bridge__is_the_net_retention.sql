-- The bridge and the retention of the trailing year are two ways through the same customers. Any row fails.
with

rpt_revenue_bridge as (
    select * from {{ ref('rpt_revenue_bridge') }}
),

rpt_revenue_retention as (
    select * from {{ ref('rpt_revenue_retention') }}
),

final as (
    select
        bridge.reporting_month,
        bridge.start_amount,
        retention.start_amount as retention_start_amount
    from rpt_revenue_bridge as bridge
    inner join rpt_revenue_retention as retention
        on bridge.reporting_month = retention.reporting_month
    where
        coalesce(bridge.start_amount, -1) <> coalesce(retention.start_amount, -1)
        or bridge.end_amount <> retention.end_amount
        or bridge.churn_amount <> -retention.churned_amount
        or bridge.contraction_price_amount + bridge.contraction_volume_amount <> -retention.contraction_amount
        or bridge.expansion_price_amount + bridge.expansion_volume_amount <> retention.expansion_amount
)

select * from final
