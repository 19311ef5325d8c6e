-- Four criteria, each with the figure it rests on, and the five fields of the admission screen. A criterion
-- that cannot be judged is NULL; a key account it is only where all four are met, or it was named by hand.
with

int_quarter_measures as (
    select * from {{ ref('int_quarter_measures') }}
),

int_quarter_totals as (
    select * from {{ ref('int_quarter_totals') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

judged as (
    select
        measures.*,
        {{ safe_ratio('measures.margin_t12', 'measures.costed_revenue_t12') }} as margin_rate,
        totals.margin_rate as company_margin_rate,
        {{ safe_ratio('measures.received_overdue_t12', 'measures.received_t12') }} as overdue_share,
        {{ safe_ratio('measures.received_in_time_t12', 'measures.received_t12') }} as in_time_share,
        case when totals.discount_share is not null then {{ safe_ratio(
            'measures.discount_day_count_t12', 'measures.purchase_day_count_t12'
        ) }} end as discount_day_share,
        measures.volume_rank <= floor(totals.customer_count * class_months.key_volume_share + 0.5) as is_volume_large,
        measures.frequency_rank <= floor(totals.customer_count * class_months.key_frequency_share + 0.5)
            as is_frequency_high,
        measures.contribution > 0
        and measures.contribution_so_far - measures.contribution
        < class_months.key_weight_share * totals.contribution_total as has_weight,
        class_months.key_margin_ratio,
        class_months.false_big_overdue_share,
        class_months.screen_credit_factor,
        class_months.screen_price_sensitivity,
        class_months.screen_known_count,
        class_months.screen_passed_share,
        class_months.core_intent_minimum,
        class_months.core_payment_share,
        class_months.core_discount_share
    from int_quarter_measures as measures
    inner join int_quarter_totals as totals
        on
            measures.edition = totals.edition
            and measures.class_month = totals.class_month
    inner join class_months
        on measures.class_month = class_months.class_month
),

screened as (
    select
        *,
        margin_rate >= key_margin_ratio * company_margin_rate as is_margin_high,
        is_volume_large
        and coalesce(coalesce(margin_rate < 0, false) or overdue_share >= false_big_overdue_share, false)
            as is_false_big,
        credit_factor >= screen_credit_factor as is_credit_sound,
        in_time_share >= core_payment_share as is_solvent,
        price_sensitivity <= screen_price_sensitivity as is_price_insensitive,
        discount_day_share <= core_discount_share as is_profit_demand_modest,
        long_term_intent >= core_intent_minimum as is_intent_firm
    from judged
),

counted as (
    select
        *,
        {%- set fields = [
            'is_credit_sound', 'is_solvent', 'is_price_insensitive', 'is_profit_demand_modest', 'is_intent_firm',
        ] %}
        {{ count_conditions(fields, 'known') }} as screen_known,
        {{ count_conditions(fields, 'true') }} as screen_passed
    from screened
),

final as (
    select
        customer_key,
        class_month,
        edition,
        margin_rate,
        company_margin_rate,
        overdue_share,
        in_time_share,
        discount_day_share,
        is_volume_large,
        is_frequency_high,
        is_margin_high,
        has_weight,
        is_credit_sound,
        is_solvent,
        is_price_insensitive,
        is_profit_demand_modest,
        is_intent_firm,
        is_false_big,
        screen_known,
        screen_passed,
        not is_false_big
        and (
            coalesce(is_strategic, false)
            or (is_volume_large and is_frequency_high and is_margin_high and has_weight)
        ) as is_key_account,
        -- The will to stay is a gate: without it nothing else admits, and where it is unknown nobody knows.
        case
            when not is_intent_firm then false
            when is_intent_firm and screen_known >= screen_known_count
                then screen_passed >= screen_passed_share * screen_known
        end as is_admitted
    from counted
)

select * from final
