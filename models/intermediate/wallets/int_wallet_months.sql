-- Which wallets are known in a month: the latest of every method, for as long as the policy carries one
-- forward. Of several methods the latest period counts, then the stronger evidence.
with

int_wallets as (
    select * from {{ ref('int_wallets') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_wallet_policies as (
    select * from {{ ref('int_wallet_policies') }}
),

months as (
    select
        int_month_ends.reporting_month,
        int_month_ends.evaluation_date,
        {{ month_of('int_month_ends.evaluation_date') }} as evaluation_month,
        int_wallet_policies.carry_forward_months
    from int_month_ends
    inner join int_wallet_policies
        on int_month_ends.fiscal_year = int_wallet_policies.fiscal_year
),

known_wallets as (
    select
        int_wallets.*,
        months.reporting_month,
        months.evaluation_date,
        months.evaluation_month,
        row_number() over (
            partition by
                int_wallets.customer_key,
                int_wallets.product_category,
                months.reporting_month,
                int_wallets.wallet_method
            order by int_wallets.period_end_date desc nulls last, int_wallets.period_start_date desc nulls last
        ) as recency_rank
    from int_wallets
    inner join months
        on
            int_wallets.estimated_date <= months.evaluation_date
            and cast(
                {{ dbt.dateadd('month', 'months.carry_forward_months', 'int_wallets.as_of_date') }} as date
            ) > months.evaluation_date
    -- The wallet of a part over the purchases of the whole is no share.
    where int_wallets.annual_wallet_amount is not null and int_wallets.is_whole_customer
),

final as (
    select
        customer_key,
        product_category,
        reporting_month,
        wallet_method,
        evidence_rank,
        annual_wallet_amount,
        our_rank,
        supplier_count,
        period_start_date,
        cast(
            {{ dbt.datediff('as_of_date', 'evaluation_date', 'day') }}
            as bigint
        ) as wallet_age_days,
        {{ month_of('estimated_date') }} = evaluation_month as is_refreshed,
        row_number() over (
            partition by customer_key, product_category, reporting_month
            order by period_end_date desc nulls last, evidence_rank asc nulls last
        ) as source_rank
    from known_wallets
    where recency_rank = 1
)

select * from final
