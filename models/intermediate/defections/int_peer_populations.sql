with

int_churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

int_customers_described as (
    select * from {{ ref('int_customers_described') }}
),

final as (
    select
        described.industry,
        described.region,
        bases.reporting_month,
        count(*) as live_customer_count
    from int_churn_bases as bases
    inner join int_customers_described as described
        on bases.customer_key = described.customer_key
    where described.industry is not null and described.region is not null
    group by
        described.industry,
        described.region,
        bases.reporting_month
)

select * from final
