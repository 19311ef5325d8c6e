-- One row per customer and month. Every amount is of the trailing year: never add them over months. The
-- residual value is a margin of today carried on by the losses of today, discounted; it is no promise.
with

int_residual_inputs as (
    select * from {{ ref('int_residual_inputs') }}
),

costed as (
    select
        *,
        compensation + upkeep + coalesce(service_cost, 0) as cost_to_serve,
        case
            when not is_closed_month then 'open_month'
            when not is_live then 'not_live'
            when tenure_months < residual_minimum_tenure_months then 'short_history'
            when coalesce(margin_coverage_share, 0) < residual_minimum_margin_coverage_share then 'margin_unknown'
            when margin <= 0 then 'no_margin'
            when monthly_loss_rate is null then 'pool_too_small'
            else 'valid'
        end as clv_status,
        cast(margin as double) / least(tenure_months, 12) as monthly_margin,
        (1 - monthly_loss_rate) * monthly_discount as monthly_factor
    from int_residual_inputs
),

-- Months 1 to the horizon of a geometric series, which has no sum of its own where nothing is ever lost.
valued as (
    select
        *,
        case
            when monthly_factor = 1 then residual_horizon_months
            else monthly_factor * (1 - power(monthly_factor, residual_horizon_months)) / nullif(1 - monthly_factor, 0)
        end as residual_months
    from costed
),

final as (
    select
        customer_key,
        reporting_month,
        net_revenue as net_revenue_t12_amount,
        discount as discount_t12_amount,
        margin as margin_t12_amount,
        margin_coverage_share,
        service_cost as service_cost_t12_amount,
        compensation as compensation_t12_amount,
        upkeep as upkeep_t12_amount,
        acquisition as acquisition_t12_amount,
        service_count as service_t12_count,
        {{ safe_ratio('costed_service_count', 'service_count') }} as service_coverage_share,
        cast(cost_to_serve as decimal(18, 4)) as cost_to_serve_t12_amount,
        bad_debt as bad_debt_t12_amount,
        cast(margin - coalesce(cost_to_serve, 0) - coalesce(bad_debt, 0) as decimal(18, 4)) as contribution_t12_amount,
        is_service_known,
        is_bad_debt_known,
        pool_class_code,
        monthly_loss_rate,
        case when clv_status = 'valid' then cast(monthly_margin * residual_months as decimal(18, 4)) end
            as clv_residual_amount,
        clv_status,
        'geometric_margin' as clv_model,
        policy_version as clv_model_version,
        is_closed_month
    from valued
)

select * from final
