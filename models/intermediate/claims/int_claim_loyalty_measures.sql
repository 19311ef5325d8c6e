-- What the loyal spend in the last closed trailing year. A census of all
-- customers: no interval. The loyal are held against others who came in the same years: whoever stays for long spends
-- more and is called loyal, and the one would pass for the other. A part of another customer came when that one did;
-- only its own year must be whole.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
    where is_closed_month
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

last_months as (
    select
        max(reporting_month) as reporting_month,
        cast({{ dbt.dateadd('month', -11, 'max(reporting_month)') }} as date) as first_reporting_month
    from int_customer_months
    where trailing_month_count = 12
),

last_year as (
    select
        months.customer_key,
        months.net_revenue_t12,
        months.first_purchase_date >= last_months.first_reporting_month as is_new,
        case
            when quadrants.quadrant = 'high' then 'loyal' when quadrants.quadrant in ('zero', 'latent') then 'casual'
        end as loyalty,
        floor(
            {{ months_apart(
                'least(months.first_purchase_date, origins.first_purchase_date)', 'months.reporting_month'
            ) }} / policies.tenure_band_months
        ) as tenure_band
    from int_customer_months as months
    inner join last_months
        on months.reporting_month = last_months.reporting_month
    inner join {{ ref('int_loyalty_policies') }} as policies
        on months.fiscal_year = policies.fiscal_year
    left join {{ ref('fct_loyalty_quadrants') }} as quadrants
        on
            months.customer_key = quadrants.customer_key
            and months.reporting_month = quadrants.reporting_month
    left join dim_customers as customers
        on months.customer_key = customers.customer_key
    left join dim_customers as origins
        on customers.split_from_customer_key = origins.customer_key
    where months.net_revenue_t12 > 0
),

bands as (
    select
        tenure_band,
        count(case when loyalty = 'loyal' then 1 end) as loyal_count,
        count(case when loyalty = 'casual' then 1 end) as casual_count,
        median(cast(case when loyalty = 'loyal' then net_revenue_t12 end as double)) as loyal_spend,
        median(cast(case when loyalty = 'casual' then net_revenue_t12 end as double)) as casual_spend
    from last_year
    where not is_new
    group by tenure_band
),

-- Medians of the bands, weighted by the loyal in each: what they spend, over what as many others would.
loyalty as (
    select
        sum(loyal_count) as loyal_count,
        sum(casual_count) as casual_count,
        {{ exact_sum('loyal_count * loyal_spend') }} as loyal_spend,
        {{ exact_sum('loyal_count * casual_spend') }} as casual_spend
    from bands
    where loyal_count > 0 and casual_count > 0
),

final as (
    select
        'loyal_spend_ratio' as measure,
        loyal_spend / nullif(casual_spend, 0) as measured_value,
        loyal_spend / nullif(casual_spend, 0) as measured_low,
        loyal_spend / nullif(casual_spend, 0) as measured_high,
        cast(least(loyal_count, casual_count) as bigint) as observation_count
    from loyalty
)

select * from final
