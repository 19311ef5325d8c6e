-- Figures of the last closed month's trailing year: a census of all customers, so there is no interval.
-- Who brings no profit is left out of the base of a share, or the best could bring more than all.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
    where is_closed_month
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'restated'
),

last_months as (
    select max(reporting_month) as reporting_month
    from int_customer_months
    where trailing_month_count = 12
),

customers as (
    select
        months.customer_key,
        months.reporting_month,
        greatest(months.net_revenue_t12, 0) as revenue,
        case when months.margin_t12 is not null then greatest(months.margin_t12, 0) end as margin,
        months.first_purchase_date,
        classes.kmgm_class,
        case when classes.kmgm_class not in ('unclassified', 'unknown_history') then 1 end as classed
    from int_customer_months as months
    inner join last_months
        on months.reporting_month = last_months.reporting_month
    left join int_customer_classes as classes
        on
            months.customer_key = classes.customer_key
            and months.reporting_month = classes.class_month
    where months.net_revenue_t12 <> 0
),

ranked as (
    select
        *,
        rank() over (order by revenue desc nulls last) as revenue_rank,
        rank() over (order by margin desc nulls last) as margin_rank,
        count(*) over () as customer_count,
        count(margin) over () as margin_count
    from customers
),

shares as (
    select
        {{ safe_ratio(
            'sum(case when revenue_rank <= floor(customer_count * 0.2 + 0.5) then revenue end)', 'sum(revenue)'
        ) }} as top_fifth_revenue_share,
        {{ safe_ratio(
            'sum(case when margin_rank <= floor(margin_count * 0.2 + 0.5) then margin end)', 'sum(margin)'
        ) }} as top_fifth_margin_share,
        {{ safe_ratio("sum(case when kmgm_class in ('key', 'major') then margin end)", 'sum(margin)') }}
            as key_and_major_margin_share,
        {{ safe_ratio("count(case when kmgm_class in ('key', 'major') then 1 end)", 'count(classed)') }}
            as key_and_major_customer_share,
        {{ safe_ratio(
            'sum(case when first_purchase_date < ' ~ dbt.dateadd('month', -11, 'reporting_month') ~ ' then margin end)',
            'sum(margin)'
        ) }} as returning_margin_share,
        count(*) as customer_count,
        count(classed) as classed_count,
        count(margin) as margin_count
    from ranked
),

orders as (
    select
        sum(months.order_count) as order_count,
        -- The first order of a customer is the only one that is no repeat.
        sum(months.order_count) - count(
            case when {{ month_of('months.first_purchase_date') }} = months.reporting_month then 1 end
        ) as repeat_count
    from int_customer_months as months
    inner join last_months
        on
            months.reporting_month <= last_months.reporting_month
            and months.reporting_month > cast({{ dbt.dateadd('month', -12, 'last_months.reporting_month') }} as date)
),

final as (
    {% for measure, counted in {
        'top_fifth_revenue_share': 'customer_count',
        'top_fifth_margin_share': 'margin_count',
        'key_and_major_margin_share': 'margin_count',
        'key_and_major_customer_share': 'classed_count',
        'returning_margin_share': 'margin_count',
    }.items() -%}
    select
        '{{ measure }}' as measure,
        {{ measure }} as measured_value,
        {{ measure }} as measured_low,
        {{ measure }} as measured_high,
        cast({{ counted }} as bigint) as observation_count
    from shares
    union all
    {% endfor -%}
    select
        'repeat_order_share' as measure,
        {{ safe_ratio('repeat_count', 'order_count') }} as measured_value,
        {{ wilson_bound('repeat_count', 'order_count', 'low') }} as measured_low,
        {{ wilson_bound('repeat_count', 'order_count', 'high') }} as measured_high,
        cast(order_count as bigint) as observation_count
    from orders
)

select * from final
