-- What customers bought from us in the months whose market anybody has estimated, by category and region; both may be
-- unknown. No month is looked at that nobody has estimated.
with

asked_months as (
    select distinct {{ unnest_months('first_month', 'last_month') }} as reporting_month
    from {{ ref('market_estimates') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

-- What a customer bought in a month is what it bought by category and the rest: the same revenue comes off again.
sold as (
    select
        months.customer_key,
        months.product_category,
        months.reporting_month,
        months.net_revenue_constant
    from {{ ref('int_customer_category_months') }} as months
    inner join asked_months
        on months.reporting_month = asked_months.reporting_month
    {%- for sign, model in {-1: 'int_customer_category_months', 1: 'int_customer_months'}.items() %}

    union all

    select
        months.customer_key,
        cast(null as {{ dbt.type_string() }}) as product_category,
        months.reporting_month,
        {{ sign }} * months.net_revenue_constant as net_revenue_constant
    from {{ ref(model) }} as months
    inner join asked_months
        on months.reporting_month = asked_months.reporting_month
    {%- endfor %}
),

final as (
    select
        sold.product_category,
        dim_customers.region,
        sold.reporting_month,
        cast(sum(sold.net_revenue_constant) as decimal(18, 4)) as net_revenue_constant
    from sold
    inner join dim_customers
        on sold.customer_key = dim_customers.customer_key
    group by
        sold.product_category,
        dim_customers.region,
        sold.reporting_month
)

select * from final
