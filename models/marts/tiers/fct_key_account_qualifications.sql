-- One row per basis, customer and fiscal quarter. Nothing here is additive.
with

int_quarter_measures as (
    select * from {{ ref('int_quarter_measures') }}
),

int_key_account_criteria as (
    select * from {{ ref('int_key_account_criteria') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

final as (
    select
        criteria.edition as basis,
        criteria.customer_key,
        criteria.class_month as reporting_month,
        measures.net_revenue_t12,
        measures.margin_t12,
        measures.purchase_day_count_t12,
        cast(measures.volume_rank as bigint) as volume_rank,
        cast(measures.frequency_rank as bigint) as frequency_rank,
        criteria.margin_rate as net_margin_ratio,
        criteria.company_margin_rate as company_margin_ratio,
        criteria.overdue_share,
        criteria.is_volume_large,
        criteria.is_frequency_high,
        criteria.is_margin_high,
        criteria.has_weight,
        coalesce(measures.is_strategic, false) as is_named_by_hand,
        criteria.is_key_account,
        criteria.is_false_big,
        measures.credit_grade,
        criteria.in_time_share,
        measures.price_sensitivity,
        criteria.discount_day_share,
        measures.long_term_intent,
        criteria.is_credit_sound,
        criteria.is_solvent,
        criteria.is_price_insensitive,
        criteria.is_profit_demand_modest,
        criteria.is_intent_firm,
        cast(criteria.screen_known as bigint) as screen_known_count,
        cast(criteria.screen_passed as bigint) as screen_passed_count,
        criteria.is_admitted
    from int_key_account_criteria as criteria
    inner join int_quarter_measures as measures
        on
            criteria.customer_key = measures.customer_key
            and criteria.class_month = measures.class_month
            and criteria.edition = measures.edition
    inner join dim_months
        on criteria.class_month = dim_months.reporting_month
)

select * from final
