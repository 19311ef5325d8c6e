-- Who is served in which way, and are fewer of them lost: customer-months by the way of being served, against customers
-- of the same class and month that are served in another. Ways are chosen and not drawn, so a difference is a reason to
-- look and no proof. Those others may be few and lose few by chance: the ratio's interval counts the losses of both.
with

int_service_mode_months as (
    select * from {{ ref('int_service_mode_months') }}
),

others as (
    select
        *,
        sum(customer_count) over (same_class) - customer_count as other_count,
        sum(lost_count) over (same_class) - lost_count as other_lost_count
    from int_service_mode_months
    window same_class as (partition by reporting_month, customer_class)
),

last_months as (
    select max(reporting_month) as to_month
    from int_service_mode_months
),

compared as (
    select
        others.reporting_month,
        others.customer_class,
        others.service_mode,
        others.customer_count,
        others.lost_count,
        others.reporting_month = last_months.to_month as is_last,
        case when others.other_count > 0 then others.customer_count else 0 end as matched_count,
        case when others.other_count > 0 then others.lost_count else 0 end as matched_lost_count,
        others.customer_count * {{ safe_ratio('others.other_lost_count', 'others.other_count') }} as expected_count,
        -- What one loss among the others makes expected here; where it differs between months, they tell less.
        {{ safe_ratio('others.customer_count', 'others.other_count') }} as loss_weight
    from others
    cross join last_months
),

grouped as (
    {%- for customer_class in ['customer_class', "'all'"] %}
    select
        {{ customer_class }} as customer_class,
        service_mode,
        min(reporting_month) as from_month,
        max(reporting_month) as to_month,
        cast(sum(case when is_last then customer_count else 0 end) as bigint) as customer_count,
        cast(sum(customer_count) as bigint) as customer_month_count,
        cast(sum(lost_count) as bigint) as lost_count,
        cast(sum(matched_count) as bigint) as matched_customer_month_count,
        cast(sum(matched_lost_count) as bigint) as matched_lost_count,
        {{ exact_sum('expected_count') }} as expected_lost_count,
        {{ exact_sum('expected_count * loss_weight') }} as expected_variance
    from compared
    group by {{ customer_class ~ ', ' if loop.first }}service_mode
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

told as (
    select
        customer_class,
        service_mode,
        matched_lost_count as events,
        expected_lost_count as exposure,
        cast(round(expected_lost_count * expected_lost_count / expected_variance, 0) as bigint) as other_events,
        round(expected_lost_count * expected_lost_count / expected_variance, 0) as other_exposure
    from grouped
    where expected_lost_count > 0
),

{{ add_rate_ratios('ratios', 'told', ['customer_class', 'service_mode']) }}

final as (
    select
        grouped.customer_class,
        grouped.service_mode,
        grouped.from_month,
        grouped.to_month,
        grouped.customer_count,
        {{ safe_ratio(
            'grouped.customer_count', 'sum(grouped.customer_count) over (partition by grouped.customer_class)'
        ) }} as class_share,
        grouped.customer_month_count,
        grouped.lost_count,
        {{ safe_ratio('grouped.lost_count', 'grouped.customer_month_count') }} as lost_rate,
        {{ wilson_bound('grouped.lost_count', 'grouped.customer_month_count', 'low') }} as lost_low_rate,
        {{ wilson_bound('grouped.lost_count', 'grouped.customer_month_count', 'high') }} as lost_high_rate,
        grouped.matched_customer_month_count,
        grouped.matched_lost_count,
        grouped.expected_lost_count,
        {{ safe_ratio('grouped.matched_lost_count', 'grouped.expected_lost_count') }} as rate_ratio,
        ratios.rate_ratio_low,
        ratios.rate_ratio_high
    from grouped
    left join ratios
        on
            grouped.customer_class = ratios.customer_class
            and grouped.service_mode = ratios.service_mode
)

select * from final
