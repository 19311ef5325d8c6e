-- What customers spent with us on a category in the last closed year, placed among those of the same segment and
-- size. A customer's own spend is no feature of its wallet: the model would only learn our share of it. Empty unless
-- the var wallet_model asks for the model.
with

category_months as (
    select * from {{ ref('int_customer_category_months') }}
    where {{ 'true' if var('wallet_model') else 'false' }}
),

accounts as (
    select
        identities.customer_key,
        accounts.segment,
        accounts.employee_band,
        accounts.annual_revenue
    from {{ ref('int_account_identities') }} as identities
    inner join {{ ref('stg_crm__accounts') }} as accounts
        on identities.account_id = accounts.account_id
    where
        identities.is_primary_account
        and accounts.segment is not null
        and accounts.employee_band is not null
),

month_ends as (
    select
        reporting_month,
        fiscal_year,
        row_number() over (order by reporting_month desc nulls last) as month_rank
    from {{ ref('int_month_ends') }}
    where is_closed_month and ledger_month_number >= 12
),

spends as (
    select
        category_months.customer_key,
        category_months.product_category,
        month_ends.reporting_month,
        month_ends.fiscal_year,
        cast(sum(category_months.net_revenue_constant) as decimal(18, 4)) as net_revenue_t12
    from category_months
    inner join month_ends
        on {{ months_apart('category_months.reporting_month', 'month_ends.reporting_month') }} between 0 and 11
    where month_ends.month_rank = 1
    group by
        category_months.customer_key,
        category_months.product_category,
        month_ends.reporting_month,
        month_ends.fiscal_year
    having sum(category_months.net_revenue_constant) > 0
),

final as (
    select
        spends.customer_key,
        spends.product_category,
        spends.reporting_month,
        spends.fiscal_year,
        accounts.segment,
        accounts.employee_band,
        accounts.annual_revenue,
        spends.net_revenue_t12,
        row_number() over (
            partition by spends.product_category, accounts.segment, accounts.employee_band
            order by spends.net_revenue_t12 asc nulls last, spends.customer_key asc nulls last
        ) as spend_rank,
        count(*) over (partition by spends.product_category, accounts.segment, accounts.employee_band) - 1
            as comparable_count
    from spends
    inner join accounts
        on spends.customer_key = accounts.customer_key
)

select * from final
