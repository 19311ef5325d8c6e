-- The three core questions, answered true, false or not at all.
with

int_core_components as (
    select * from {{ ref('int_core_components') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

int_class_measures as (
    select * from {{ ref('int_class_measures') }}
),

passed as (
    select
        components.*,
        earlier.margin_t12 as margin_t12_ly,
        components.margin_t12 > 0
        and components.margin_rank <= floor(components.costed_customer_count * class_months.core_margin_share + 0.5)
            as is_margin_high,
        components.in_time_share >= class_months.core_payment_share as is_payment_prompt,
        components.tenure_months >= class_months.loyal_tenure_months
        or components.long_term_intent >= class_months.core_intent_minimum as is_relation_lasting,
        components.discount_day_share <= class_months.core_discount_share as is_price_insensitive,
        components.relative_cases_per_order <= class_months.core_contact_ratio as is_service_light,
        components.mix_stability >= class_months.core_mix_stability as is_mix_stable,
        components.relative_frequency >= class_months.core_frequency_ratio as is_frequent,
        components.sow_t12 >= class_months.loyal_wallet_share as is_half_of_wallet,
        components.first_supplier_share >= class_months.loyal_wallet_share as is_first_supplier,
        components.relative_margin >= class_months.core_relative_margin as is_worth_more,
        components.relative_category_count >= class_months.core_product_fit as is_product_fit,
        class_months.core_known_count,
        class_months.core_passed_share
    from int_core_components as components
    inner join class_months
        on components.class_month = class_months.class_month
    left join int_class_measures as earlier
        on
            components.customer_key = earlier.customer_key
            and components.edition = earlier.edition
            and cast({{ dbt.dateadd('month', -12, 'components.class_month') }} as date) = earlier.class_month
),

counted as (
    select
        *,
        {%- set components = [
            'is_margin_high', 'is_payment_prompt', 'is_relation_lasting', 'is_price_insensitive',
            'is_service_light', 'is_mix_stable', 'is_frequent',
        ] %}
        {{ count_conditions(components, 'known') }} as q1_known,
        {{ count_conditions(components, 'true') }} as q1_passed
    from passed
),

answered as (
    select
        *,
        case
            when not is_margin_high then false
            when is_margin_high and q1_known >= core_known_count then q1_passed >= core_passed_share * q1_known
        end as is_loyal_and_profitable,
        case
            when is_half_of_wallet or is_first_supplier then true
            when not is_half_of_wallet or not is_first_supplier then false
        end as is_largest_share_ours,
        is_worth_more and is_product_fit as is_worth_more_to_us,
        margin_t12 <= 0 and margin_t12_ly <= 0 as is_margin_negative_two_years
    from counted
),

-- A class is given as soon as the known answers prove it. Where an open question could make a customer a
-- core one, and nothing is proven yet, it is not classed.
final as (
    select
        customer_key,
        class_month,
        edition,
        margin_t12_ly,
        is_margin_high,
        is_payment_prompt,
        is_relation_lasting,
        is_price_insensitive,
        is_service_light,
        is_mix_stable,
        is_frequent,
        q1_known,
        q1_passed,
        is_loyal_and_profitable,
        is_largest_share_ours,
        is_worth_more,
        is_product_fit,
        is_worth_more_to_us,
        is_margin_negative_two_years,
        {%- set answers = ['is_loyal_and_profitable', 'is_largest_share_ours', 'is_worth_more_to_us'] %}
        {{ count_conditions(answers, 'true') }} as yes_count,
        3 - ({{ count_conditions(answers, 'known') }}) as open_count
    from answered
)

select * from final
