with

rpt_revenue_retention_windows as (
    select * from {{ ref('rpt_revenue_retention_windows') }}
),

final as (
    select
        reporting_month,
        start_customer_count,
        start_amount,
        contraction_amount,
        churned_amount,
        expansion_amount,
        end_amount,
        end_credit_amount,
        gross_retention_rate,
        net_retention_ratio,
        is_closed_month
    from rpt_revenue_retention_windows
    where window_months = 12
)

select * from final
