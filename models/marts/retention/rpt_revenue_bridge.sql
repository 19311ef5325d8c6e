-- From the revenue of one year to that of the next, in parts that add up to the cent. start to end is the
-- net revenue retention of rpt_revenue_retention; what new, split-off and returned customers bring, credits beyond a
-- customer's revenue and the currency lead on to all the revenue there is.
with

int_revenue_movements as (
    select * from {{ ref('int_revenue_movements') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

moved as (
    select
        *,
        end_amount - start_amount as change_amount,
        movement in ('expanded', 'contracted', 'unchanged') as is_kept
    from int_revenue_movements
),

summed as (
    select
        reporting_month,
        sum(case when is_kept or movement = 'churned' then start_amount else 0 end) as start_amount,
        sum(case when movement = 'contracted' then price_effect else 0 end) as contraction_price_amount,
        sum(case when movement = 'contracted' then change_amount - price_effect else 0 end)
            as contraction_volume_amount,
        sum(case when movement = 'churned' then -start_amount else 0 end) as churn_amount,
        sum(case when movement in ('expanded', 'unchanged') then price_effect else 0 end) as expansion_price_amount,
        sum(case when movement in ('expanded', 'unchanged') then change_amount - price_effect else 0 end)
            as expansion_volume_amount,
        sum(case when is_kept then end_amount else 0 end) as end_amount,
        sum(case when is_kept then priced_amount else 0 end) as priced_amount,
        sum(case when movement = 'new' then end_amount else 0 end) as new_amount,
        sum(case when movement = 'split' then end_amount else 0 end) as split_amount,
        sum(case when movement = 'returned' then end_amount else 0 end) as returned_amount,
        sum(least(end_amount, 0) - least(start_amount, 0)) as credit_change_amount,
        sum(least(start_amount, 0)) as start_credit_amount,
        sum(start_reported_amount - start_amount) as start_currency_amount,
        sum((end_reported_amount - end_amount) - (start_reported_amount - start_amount)) as currency_effect_amount,
        sum(start_reported_amount) as start_reported_amount,
        sum(end_reported_amount) as end_reported_amount
    from moved
    group by reporting_month
),

{% set parts = [
    'start', 'contraction_price', 'contraction_volume', 'churn', 'expansion_price', 'expansion_volume', 'end', 'new',
    'split', 'returned', 'credit_change', 'currency_effect', 'start_credit', 'start_currency', 'start_reported',
    'end_reported',
] -%}
final as (
    select
        month_ends.reporting_month,
        {% for part in parts -%}
        cast(summed.{{ part }}_amount as decimal(18, 4)) as {{ part }}_amount,
        {% endfor -%}
        case
            when month_ends.is_closed_month then {{ safe_ratio('summed.end_amount', 'summed.start_amount') }}
        end as net_retention_ratio,
        {% for part, amount in {
            'price': 'summed.contraction_price_amount + summed.expansion_price_amount',
            'volume': 'summed.contraction_volume_amount + summed.expansion_volume_amount',
            'churn': 'summed.churn_amount',
            'split': 'summed.split_amount',
            'returned': 'summed.returned_amount',
            'currency': 'summed.currency_effect_amount',
        }.items() -%}
        case when month_ends.is_closed_month then {{ safe_ratio(amount, 'summed.start_amount') }} end
            as {{ part }}_ratio,
        {% endfor -%}
        case
            when summed.end_amount > 0
                then greatest(least({{ safe_ratio('summed.priced_amount', 'summed.end_amount') }}, 1), 0)
        end as price_coverage_share,
        month_ends.is_closed_month
    from int_month_ends as month_ends
    left join summed
        on month_ends.reporting_month = summed.reporting_month
)

select * from final
