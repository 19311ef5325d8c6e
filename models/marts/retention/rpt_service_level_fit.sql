-- Whether service goes where the margin comes from: a class that takes more of the cost of serving than it
-- brings of the margin has an index above 1.
with

fct_contributions as (
    select * from {{ ref('fct_contributions') }}
),

fct_customer_classes as (
    select * from {{ ref('fct_customer_classes') }}
),

classes as (
    select
        classes.scheme,
        classes.class_restated as class_code,
        contributions.reporting_month,
        contributions.is_closed_month,
        count(*) as customer_count,
        sum(contributions.service_t12_count) as service_count,
        sum(contributions.cost_to_serve_t12_amount) as cost_to_serve,
        sum(contributions.margin_t12_amount) as margin,
        count(case when contributions.is_service_known then 1 end) as known_customer_count
    from fct_contributions as contributions
    inner join fct_customer_classes as classes
        on
            contributions.customer_key = classes.customer_key
            and contributions.reporting_month = classes.reporting_month
    group by
        classes.scheme,
        classes.class_restated,
        contributions.reporting_month,
        contributions.is_closed_month
),

totalled as (
    select
        *,
        {% for total in ['service_count', 'cost_to_serve', 'margin'] -%}
        sum({{ total }}) over (partition by scheme, reporting_month) as total_{{ total }},
        {% endfor -%}
        sum(customer_count) over (partition by scheme, reporting_month) as total_customer_count
    from classes
),

shares as (
    select
        *,
        case when is_closed_month then {{ safe_ratio('customer_count', 'total_customer_count') }} end as customer_share,
        case
            when is_closed_month and known_customer_count > 0
                then {{ safe_ratio('service_count', 'total_service_count') }}
        end as service_share,
        case when is_closed_month then {{ safe_ratio('cost_to_serve', 'total_cost_to_serve') }} end
            as cost_to_serve_share,
        case when is_closed_month and total_margin > 0 then {{ safe_ratio('margin', 'total_margin') }} end
            as margin_ratio
    from totalled
),

final as (
    select
        reporting_month,
        scheme,
        class_code,
        cast(customer_count as bigint) as customer_count,
        cast(service_count as bigint) as service_t12_count,
        cast(cost_to_serve as decimal(18, 4)) as cost_to_serve_t12_amount,
        cast(margin as decimal(18, 4)) as margin_t12_amount,
        customer_share,
        service_share,
        cost_to_serve_share,
        margin_ratio,
        case when margin_ratio > 0 then cost_to_serve_share / margin_ratio end as service_to_margin_ratio,
        is_closed_month
    from shares
)

select * from final
