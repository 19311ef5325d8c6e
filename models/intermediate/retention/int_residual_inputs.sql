-- What a residual value is computed from: the trailing year, the state, and the losses of the class the
-- customer was in at the start of the month. A class too small to tell takes the losses of all. A view on
-- purpose: it is read once.
with

int_contribution_years as (
    select * from {{ ref('int_contribution_years') }}
),

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

fct_customer_classes as (
    select * from {{ ref('fct_customer_classes') }}
    where scheme = 'abcd'
),

int_retention_pools as (
    select * from {{ ref('int_retention_pools') }}
),

policies as (
    select * from {{ ref('int_retention_policies') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
),

final as (
    select
        years.customer_key,
        years.reporting_month,
        years.is_closed_month,
        {% for column in [
            'net_revenue', 'discount', 'margin', 'service_cost', 'compensation', 'acquisition', 'upkeep', 'service_count',
            'costed_service_count', 'bad_debt', 'is_service_known', 'is_bad_debt_known'
        ] -%}
        years.{{ column }},
        {% endfor -%}
        customer_states.is_live,
        policies.policy_version,
        policies.residual_horizon_months,
        case
            when class_pools.exposure_months >= policies.residual_minimum_exposure_months
                then classes.class_restated
            else 'all'
        end as pool_class_code,
        case
            when class_pools.exposure_months >= policies.residual_minimum_exposure_months
                then {{ safe_ratio('class_pools.lost_count', 'class_pools.exposure_months') }}
            when all_pools.exposure_months >= policies.residual_minimum_exposure_months
                then {{ safe_ratio('all_pools.lost_count', 'all_pools.exposure_months') }}
        end as monthly_loss_rate,
        power(1 + cast(policies.residual_yearly_discount_rate as double), cast(-1 as double) / 12)
            as monthly_discount,
        (year(years.reporting_month) - year(months.first_purchase_month)) * 12
        + month(years.reporting_month) - month(months.first_purchase_month) + 1 as tenure_months,
        policies.residual_minimum_tenure_months,
        policies.residual_minimum_margin_coverage_share,
        case
            when years.net_revenue > 0
                then greatest(least({{ safe_ratio('years.costed_revenue', 'years.net_revenue') }}, 1), 0)
        end as margin_coverage_share
    from int_contribution_years as years
    inner join fct_customer_months as months
        on
            years.customer_key = months.customer_key
            and years.reporting_month = months.reporting_month
    inner join customer_states
        on months.customer_state = customer_states.customer_state
    inner join policies
        on years.reporting_month = policies.reporting_month
    left join fct_customer_classes as classes
        on
            years.customer_key = classes.customer_key
            and years.reporting_month = classes.reporting_month
    left join int_retention_pools as class_pools
        on
            classes.class_restated = class_pools.class_code
            and years.reporting_month = class_pools.reporting_month
    left join int_retention_pools as all_pools
        on
            years.reporting_month = all_pools.reporting_month
            and all_pools.class_code = 'all'
)

select * from final
