-- One row per basis, customer and fiscal quarter: the three core questions with everything they rest on.
-- Nothing here is additive.
with

int_core_components as (
    select * from {{ ref('int_core_components') }}
),

int_core_answers as (
    select * from {{ ref('int_core_answers') }}
),

int_core_classes as (
    select * from {{ ref('int_core_classes') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

final as (
    select
        answers.edition as basis,
        answers.customer_key,
        answers.class_month as reporting_month,
        components.margin_t12,
        answers.margin_t12_ly,
        components.margin_percentile_share,
        components.in_time_share,
        components.tenure_months,
        components.long_term_intent,
        components.discount_day_share,
        components.relative_cases_per_order,
        components.mix_stability,
        components.relative_frequency,
        answers.is_margin_high,
        answers.is_payment_prompt,
        answers.is_relation_lasting,
        answers.is_price_insensitive,
        answers.is_service_light,
        answers.is_mix_stable,
        answers.is_frequent,
        cast(answers.q1_known as bigint) as q1_known_count,
        cast(answers.q1_passed as bigint) as q1_passed_count,
        answers.is_loyal_and_profitable,
        components.sow_t12,
        components.first_supplier_share,
        answers.is_largest_share_ours,
        components.relative_margin,
        components.relative_category_count,
        answers.is_worth_more,
        answers.is_product_fit,
        answers.is_worth_more_to_us,
        cast(answers.yes_count as bigint) as yes_count,
        cast(answers.open_count as bigint) as open_count,
        classes.core_verdict,
        classes.core_class
    from int_core_answers as answers
    inner join int_core_components as components
        on
            answers.customer_key = components.customer_key
            and answers.class_month = components.class_month
            and answers.edition = components.edition
    inner join int_core_classes as classes
        on
            answers.customer_key = classes.customer_key
            and answers.class_month = classes.class_month
            and answers.edition = classes.edition
    inner join dim_months
        on answers.class_month = dim_months.reporting_month
)

select * from final
