with

int_quarter_measures as (
    select * from {{ ref('int_quarter_measures') }}
),

final as (
    select
        edition,
        class_month,
        count(*) as customer_count,
        count(margin_t12) as costed_customer_count,
        {{ safe_ratio(
            'sum(case when costed_revenue_t12 is not null then margin_t12 end)', 'sum(costed_revenue_t12)'
        ) }} as margin_rate,
        coalesce(sum(greatest(contribution, 0)), 0) as contribution_total,
        -- NULL where the company records none: nobody is easy to serve for want of records.
        {{ safe_ratio('nullif(sum(case_count_t12), 0)', 'sum(order_count_t12)') }} as cases_per_order,
        {{ safe_ratio('nullif(sum(discount_day_count_t12), 0)', 'sum(purchase_day_count_t12)') }} as discount_share
    from int_quarter_measures
    group by
        edition,
        class_month
)

select * from final
