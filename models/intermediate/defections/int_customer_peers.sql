-- Peers are customers of the same segment whose main product category is the same: what is bought
-- decides how often it is bought again. The category is the one known when the year began; for a
-- customer who first buys during the year, that of the first month.
with

int_purchase_gaps as (
    select * from {{ ref('int_purchase_gaps') }}
),

int_customer_category_months as (
    select * from {{ ref('int_customer_category_months') }}
    where gross_revenue > 0
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

customer_years as (
    select
        first_purchases.customer_key,
        int_defection_policies.fiscal_year,
        greatest(
            int_defection_policies.fiscal_year_start_date,
            cast({{ dbt.dateadd('month', 1, month_of('first_purchases.purchase_date')) }} as date)
        ) as category_known_before_date
    from int_purchase_gaps as first_purchases
    inner join int_defection_policies
        on first_purchases.purchase_date < int_defection_policies.next_fiscal_year_start_date
    where first_purchases.previous_purchase_date is null
),

category_totals as (
    select
        customer_years.customer_key,
        customer_years.fiscal_year,
        int_customer_category_months.product_category,
        sum(int_customer_category_months.gross_revenue) as gross_revenue
    from customer_years
    inner join int_customer_category_months
        on
            customer_years.customer_key = int_customer_category_months.customer_key
            and customer_years.category_known_before_date > int_customer_category_months.reporting_month
    group by
        customer_years.customer_key,
        customer_years.fiscal_year,
        int_customer_category_months.product_category
),

ranked_categories as (
    select
        customer_key,
        fiscal_year,
        product_category,
        row_number() over (
            partition by customer_key, fiscal_year
            order by gross_revenue desc nulls last, product_category nulls last
        ) as category_rank
    from category_totals
),

segments as (
    select
        int_account_identities.customer_key,
        accounts.segment
    from int_account_identities
    inner join accounts
        on int_account_identities.account_id = accounts.account_id
    where int_account_identities.is_primary_account
),

final as (
    select
        customer_years.customer_key,
        customer_years.fiscal_year,
        coalesce(segments.segment, 'unknown') as segment,
        coalesce(ranked_categories.product_category, 'unknown') as product_cycle
    from customer_years
    left join ranked_categories
        on
            customer_years.customer_key = ranked_categories.customer_key
            and customer_years.fiscal_year = ranked_categories.fiscal_year
            and ranked_categories.category_rank = 1
    left join segments
        on customer_years.customer_key = segments.customer_key
)

select * from final
