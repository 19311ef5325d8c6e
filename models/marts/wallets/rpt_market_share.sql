-- What part of its markets the company holds, as far as anybody has told how large they are (seed market_estimates).
-- Revenue that may belong to a market or not makes the bounds. A market smaller than what we sell on it is understated:
-- its share is one and tells no movement; nor does the step from one source to another.
with

int_market_estimates as (
    select * from {{ ref('int_market_estimates') }}
),

judged as (
    select
        *,
        case
            when not is_known_market then 'category_or_region'
            when market_amount is null then 'exchange_rate'
            when closed_month_count < month_count then 'ledger'
        end as missing_input,
        own_revenue > market_amount as is_market_understated
    from int_market_estimates
),

shared as (
    select
        *,
        {% for bound, part in {
            'market_share': 'own_revenue',
            'market_low_share': 'own_revenue + least(unplaced_revenue, 0)',
            'market_high_share': 'own_revenue + greatest(unplaced_revenue, 0)',
        }.items() -%}
        case
            when missing_input is null then least(1, greatest(0, {{ safe_ratio(part, 'market_amount') }}))
        end as {{ bound }},
        {% endfor -%}
        {% for amount in ['market_amount', 'own_revenue'] -%}
        {{ safe_ratio(amount, 'month_count') }} as monthly_{{ amount }},
        {% endfor -%}
        missing_input is null and not is_market_understated as is_comparable
    from judged
),

followed as (
    select
        *,
        {% for measure in ['market_share', 'monthly_market_amount', 'monthly_own_revenue'] -%}
        lag(case when is_comparable then {{ measure }} end) over same_source as {{ measure }}_before,
        {% endfor -%}
        lag(first_month) over same_source as first_month_before
    from shared
    window same_source as (partition by market_code, source order by first_month asc nulls last)
),

final as (
    select
        market_code,
        first_month,
        last_month,
        cast(month_count as bigint) as month_count,
        label_en,
        label_zh,
        product_category,
        region,
        source,
        market_amount,
        case when is_known_market then own_revenue end as own_revenue,
        case when is_known_market then unplaced_revenue end as unplaced_revenue,
        market_share,
        market_low_share,
        market_high_share,
        case when missing_input is null then is_market_understated end as is_market_understated,
        first_month_before,
        market_share_before,
        case when is_comparable then round(market_share - market_share_before, 12) end as market_share_change,
        case when is_comparable then round(monthly_market_amount / monthly_market_amount_before - 1, 12) end
            as market_growth,
        case
            when is_comparable and monthly_own_revenue_before > 0
                then round(monthly_own_revenue / monthly_own_revenue_before - 1, 12)
        end as own_growth,
        missing_input
    from followed
)

select * from final
