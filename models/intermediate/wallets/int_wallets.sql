-- Codes that were merged each spoke of their own wallet, while their purchases are one customer's by now: their wallets
-- are added, by each method that every code has or has better evidence than. A sum is no better than its weakest part.
{%- set period = 'customer_key, product_category, period_start, period_end' %}
with

int_wallet_estimates as (
    select * from {{ ref('int_wallet_estimates') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
),

wallet_methods as (
    select * from {{ ref('wallet_methods') }}
),

methods as (
    select distinct
        {{ period }},
        evidence_rank as method_rank
    from int_wallet_estimates
),

asked as (
    select
        estimates.*,
        methods.method_rank
    from int_wallet_estimates as estimates
    inner join methods
        on
            estimates.customer_key = methods.customer_key
            and estimates.product_category = methods.product_category
            and estimates.period_start = methods.period_start
            and estimates.period_end = methods.period_end
            and estimates.evidence_rank <= methods.method_rank
),

answered as (
    select
        *,
        row_number() over (
            partition by {{ period }}, method_rank, buying_code
            order by case when evidence_rank = method_rank then 0 else evidence_rank end asc nulls last
        ) as answer_rank
    from asked
),

merged as (
    select
        {{ period }},
        method_rank as evidence_rank,
        max(estimated_on) as estimated_on,
        case when count(wallet_amount) = count(*) then sum(wallet_amount) end as wallet_amount,
        case when count(*) = 1 then max(our_rank) end as our_rank,
        case when count(*) = 1 then max(supplier_count) end as supplier_count,
        count(*) as account_count,
        max(count(*)) over (partition by {{ period }}) as code_count
    from answered
    where answer_rank = 1
    group by {{ period }}, method_rank
),

-- Codes that were customers of their own for at least a part of the period.
codes_apart as (
    select
        merged.customer_key,
        merged.product_category,
        merged.period_start,
        merged.period_end,
        count(distinct identities.customer_code) as code_count
    from merged
    inner join int_customer_identities as identities
        on
            merged.customer_key = identities.customer_key
            and merged.period_start < identities.merged_on
    where identities.is_absorbed
    group by merged.customer_key, merged.product_category, merged.period_start, merged.period_end
),

final as (
    select
        merged.customer_key,
        merged.product_category,
        wallet_methods.wallet_method,
        merged.evidence_rank,
        cast(merged.wallet_amount as decimal(18, 4)) as wallet_amount,
        -- A wallet of a quarter is brought to the year by days; that of a whole year stays as it was said.
        cast(
            merged.wallet_amount
            * {{ dbt.datediff(dbt.dateadd('year', -1, 'merged.period_end'), 'merged.period_end', 'day') }}
            / {{ dbt.datediff('merged.period_start', 'merged.period_end', 'day') }}
            as decimal(18, 4)
        ) as annual_wallet_amount,
        merged.our_rank,
        merged.supplier_count,
        cast(merged.account_count as bigint) as account_count,
        merged.account_count > coalesce(codes_apart.code_count, 0) as is_whole_customer,
        merged.period_start as period_start_date,
        merged.period_end as period_end_date,
        merged.estimated_on as estimated_date,
        -- A forecast is as old as the day it was made, a look back as old as what it looks at.
        least(merged.estimated_on, cast({{ dbt.dateadd('day', -1, 'merged.period_end') }} as date)) as as_of_date,
        row_number() over (
            partition by merged.customer_key, merged.product_category, merged.period_start, merged.period_end
            order by merged.evidence_rank asc nulls last
        ) as method_place
    from merged
    inner join wallet_methods
        on merged.evidence_rank = wallet_methods.evidence_rank
    left join codes_apart
        on
            merged.customer_key = codes_apart.customer_key
            and merged.product_category = codes_apart.product_category
            and merged.period_start = codes_apart.period_start
            and merged.period_end = codes_apart.period_end
    where merged.account_count = merged.code_count
)

select * from final
