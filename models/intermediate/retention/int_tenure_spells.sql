-- The first lifetime of every customer, counted in months of tenure: month 1 is the month it began. A
-- customer is at risk in the months after entry_months up to exit_months. Who was a customer before the
-- ledger begins enters late, because losses of those years were never seen; who is still there at the last
-- closed month, or closed for good, leaves without a loss. A part of another customer enters late too: it has been a
-- customer for as long as that one.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
    where is_closed_month
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

lives as (
    select
        customer_key,
        min(first_purchase_month) as first_purchase_month,
        max(reporting_month) as last_month,
        min(case when customer_state = 'closed_permanent' then reporting_month end) as closed_month,
        min(case when customer_state = 'defected_full' then reporting_month end) as lost_month
    from fct_customer_months
    where first_purchase_month <= reporting_month
    group by customer_key
),

begun as (
    select
        lives.customer_key,
        lives.lost_month is not null and lives.lost_month <= coalesce(lives.closed_month, lives.lost_month) as is_lost,
        case
            when origins.customer_key is not null then origins.opened_date is not null
            else dim_customers.opened_date is not null
        end as is_start_declared,
        lives.first_purchase_month,
        least(
            coalesce({{ month_of('dim_customers.opened_date') }}, lives.first_purchase_month),
            lives.first_purchase_month,
            {{ month_of('origins.tenure_start_date') }}
        ) as tenure_start_month,
        least(
            coalesce(lives.closed_month, lives.last_month), coalesce(lives.lost_month, lives.last_month)
        ) as exit_month
    from lives
    left join dim_customers
        on lives.customer_key = dim_customers.customer_key
    left join dim_customers as origins
        on dim_customers.split_from_customer_key = origins.customer_key
),

final as (
    select
        customer_key,
        tenure_start_month,
        -- Seen from its first order on: a customer that was opened and had not bought could not be lost.
        cast(
            (year(first_purchase_month) - year(tenure_start_month)) * 12
            + month(first_purchase_month) - month(tenure_start_month) as bigint
        ) as entry_months,
        cast(
            (year(exit_month) - year(tenure_start_month)) * 12
            + month(exit_month) - month(tenure_start_month) + 1 as bigint
        ) as exit_months,
        is_lost,
        is_start_declared
    from begun
)

select * from final
