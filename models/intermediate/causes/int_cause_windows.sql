-- Weighted episodes and what they cost, of the month alone and of the year that ends with it. An episode
-- counts in the month it first showed, under the class the customer had when that month began.
with

bridge_defection_causes as (
    select * from {{ ref('bridge_defection_causes') }}
),

fct_defections as (
    select * from {{ ref('fct_defections') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

placed as (
    select
        bridge.cause_family_code,
        bridge.controllability,
        episodes.defection_type,
        coalesce(classes.abcd_class, 'unknown') as customer_class,
        episodes.began_month,
        {{ exact_sum('bridge.weight') }} as episode_weight,
        {{ exact_sum('bridge.weight * cast(episodes.lost_revenue_t12 as double)') }} as lost_revenue,
        {{ exact_sum('bridge.weight * cast(episodes.lost_margin_t12 as double)') }} as lost_margin
    from bridge_defection_causes as bridge
    inner join fct_defections as episodes
        on
            bridge.customer_key = episodes.customer_key
            and bridge.episode_no = episodes.episode_no
    left join int_customer_classes as classes
        on
            episodes.customer_key = classes.customer_key
            and episodes.began_month = classes.class_month
    group by
        bridge.cause_family_code,
        bridge.controllability,
        episodes.defection_type,
        coalesce(classes.abcd_class, 'unknown'),
        episodes.began_month
),

windowed as (
    {% for horizon, months in {'month': 1, 'trailing_year': 12}.items() -%}
    {%- for cut, cut_value in {'total': "'all'", 'customer_class': 'placed.customer_class'}.items() -%}
    select
        dim_months.reporting_month,
        '{{ horizon }}' as horizon,
        '{{ cut }}' as cut,
        {{ cut_value }} as cut_value,
        placed.defection_type,
        placed.cause_family_code,
        placed.controllability,
        dim_months.is_closed_month,
        placed.episode_weight,
        placed.lost_revenue,
        placed.lost_margin
    from dim_months
    inner join placed
        on
            (year(dim_months.reporting_month) - year(placed.began_month)) * 12
            + month(dim_months.reporting_month) - month(placed.began_month) between 0 and {{ months - 1 }}
    {% if not loop.last %}union all
    {% endif -%}
    {%- endfor %}
    {% if not loop.last %}union all
    {% endif -%}
    {%- endfor %}
),

final as (
    select
        reporting_month,
        horizon,
        cut,
        cut_value,
        defection_type,
        cause_family_code,
        controllability,
        is_closed_month,
        {{ exact_sum('episode_weight') }} as episode_weight,
        {{ exact_sum('lost_revenue') }} as lost_revenue,
        {{ exact_sum('lost_margin') }} as lost_margin
    from windowed
    group by all
)

select * from final
