-- Every estimate of a market with what customers bought from us on it in its months. Revenue whose category or region
-- nobody knows may belong to the market or not, and stands apart.
{%- set dimensions = {'product_category': 'dim_products', 'region': 'dim_customers'} %}
with

market_estimates as (
    select * from {{ ref('market_estimates') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_market_sales as (
    select * from {{ ref('int_market_sales') }}
),

plan_rates as (
    select
        currency,
        max(constant_rate_to_reporting) as constant_rate_to_reporting
    from {{ ref('int_exchange_rates') }}
    group by currency
),

-- A market spelled as no product or no customer is would be one we sell nothing on.
{% for column, dimension in dimensions.items() -%}
known_{{ column }} as (
    select distinct {{ column }} from {{ ref(dimension) }}
),

{% endfor -%}
estimate_months as (
    select
        market_code,
        first_month,
        product_category,
        region,
        {{ unnest_months('first_month', 'last_month') }} as reporting_month
    from market_estimates
),

placed as (
    select
        months.market_code,
        months.first_month,
        months.reporting_month,
        sales.net_revenue_constant,
        {% for column in dimensions -%}
        coalesce(sales.{{ column }} = months.{{ column }}, months.{{ column }} is null) as is_{{ column }},
        coalesce(sales.{{ column }} = months.{{ column }}, true) as may_be_{{ column }},
        {% endfor -%}
        dim_months.is_closed_month
    from estimate_months as months
    left join int_market_sales as sales
        on months.reporting_month = sales.reporting_month
    left join dim_months
        on months.reporting_month = dim_months.reporting_month
),

summed as (
    select
        market_code,
        first_month,
        count(distinct reporting_month) as month_count,
        count(distinct case when is_closed_month then reporting_month end) as closed_month_count,
        sum(case when is_product_category and is_region then net_revenue_constant else 0 end) as own_revenue,
        sum(case when may_be_product_category and may_be_region then net_revenue_constant else 0 end)
            as possible_revenue
    from placed
    group by
        market_code,
        first_month
),

final as (
    select
        estimates.market_code,
        estimates.first_month,
        estimates.last_month,
        coalesce(estimates.product_category, 'all') as product_category,
        coalesce(estimates.region, 'all') as region,
        estimates.source,
        estimates.label_en,
        estimates.label_zh,
        summed.month_count,
        summed.closed_month_count,
        (estimates.product_category is null or known_product_category.product_category is not null)
        and (estimates.region is null or known_region.region is not null) as is_known_market,
        -- Widened: twelve decimals of a product leave six digits before the point, and markets have more.
        {{ convert_amount(
            'cast(estimates.market_amount as decimal(26, 4))', 'plan_rates.constant_rate_to_reporting'
        ) }} as market_amount,
        cast(coalesce(summed.own_revenue, 0) as decimal(18, 4)) as own_revenue,
        cast(coalesce(summed.possible_revenue - summed.own_revenue, 0) as decimal(18, 4)) as unplaced_revenue
    from market_estimates as estimates
    inner join summed
        on
            estimates.market_code = summed.market_code
            and estimates.first_month = summed.first_month
    left join plan_rates
        on coalesce(estimates.currency, '{{ var("reporting_currency") }}') = plan_rates.currency
    {%- for column in dimensions %}
    left join known_{{ column }}
        on estimates.{{ column }} = known_{{ column }}.{{ column }}
    {%- endfor %}
)

select * from final
