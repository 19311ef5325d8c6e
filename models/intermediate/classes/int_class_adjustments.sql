-- What has to be added to the booked trailing years before customers are classed. Restated: linked credits
-- stand where their order stands. As known: the same for the credits known by then, and the late
-- documents as they were.
with

class_months as (
    select * from {{ ref('int_class_months') }}
),

int_linked_credits as (
    select * from {{ ref('int_linked_credits') }}
),

int_late_amounts as (
    select * from {{ ref('int_late_amounts') }}
),

moved_credits as (
    select
        credits.customer_key,
        class_months.class_month,
        class_months.class_month > credits.credit_month as is_known_credit,
        credits.net_revenue,
        credits.margin,
        class_months.class_month_number
        - year(credits.original_month) * 12 - month(credits.original_month) as months_since_original,
        class_months.class_month_number
        - year(credits.credit_month) * 12 - month(credits.credit_month) as months_since_credit
    from int_linked_credits as credits
    inner join class_months
        on credits.original_month < class_months.class_month
),

weighed_credits as (
    select
        *,
        case when months_since_original between 1 and 12 then 1 else 0 end
        - case when months_since_credit between 1 and 12 then 1 else 0 end as t12_weight,
        case when months_since_original between 13 and 24 then 1 else 0 end
        - case when months_since_credit between 13 and 24 then 1 else 0 end as ly_weight
    from moved_credits
),

late_amounts as (
    select
        late_amounts.customer_key,
        late_amounts.class_month,
        late_amounts.net_revenue_difference,
        late_amounts.margin_difference,
        class_months.class_month_number
        - year(late_amounts.document_month) * 12 - month(late_amounts.document_month) as months_since
    from int_late_amounts as late_amounts
    inner join class_months
        on late_amounts.class_month = class_months.class_month
),

adjustments as (
    select
        'restated' as edition,
        customer_key,
        class_month,
        t12_weight * net_revenue as net_revenue_t12,
        ly_weight * net_revenue as net_revenue_t12_ly,
        t12_weight * margin as margin_t12
    from weighed_credits
    where t12_weight <> 0 or ly_weight <> 0
    union all
    select
        'as_known' as edition,
        customer_key,
        class_month,
        t12_weight * net_revenue as net_revenue_t12,
        ly_weight * net_revenue as net_revenue_t12_ly,
        t12_weight * margin as margin_t12
    from weighed_credits
    where is_known_credit and (t12_weight <> 0 or ly_weight <> 0)
    union all
    select
        'as_known' as edition,
        customer_key,
        class_month,
        case when months_since between 1 and 12 then net_revenue_difference else 0 end as net_revenue_t12,
        case when months_since between 13 and 24 then net_revenue_difference else 0 end as net_revenue_t12_ly,
        case when months_since between 1 and 12 then margin_difference else 0 end as margin_t12
    from late_amounts
),

final as (
    select
        edition,
        customer_key,
        class_month,
        cast(sum(net_revenue_t12) as decimal(18, 4)) as net_revenue_t12,
        cast(sum(net_revenue_t12_ly) as decimal(18, 4)) as net_revenue_t12_ly,
        cast(sum(margin_t12) as decimal(18, 4)) as margin_t12
    from adjustments
    group by
        edition,
        customer_key,
        class_month
)

select * from final
