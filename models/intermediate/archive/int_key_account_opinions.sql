-- What a key account says of our service over the last year, and what it is said to get from us beside rivals: the
-- share that our rank among suppliers earns by the Wallet Allocation Rule against the average rival's. 1 is as good as
-- rivals. A rank is the word of the customer or of somebody outside; what our own model estimates is not.
{%- set in_year = 'between 0 and spine.guarantee_window_months - 1' %}
with

service_answers as (
    select * from {{ ref('int_account_answers') }}
    where question = 'service_quality' and mean_level is not null
),

ranked_wallets as (
    select * from {{ ref('fct_wallets') }}
    where wallet_rule_share is not null and supplier_count > 1 and is_stated
),

spine as (
    select
        months.customer_key,
        months.reporting_month,
        months.period_end_date,
        policies.guarantee_window_months
    from {{ ref('int_key_account_months') }} as months
    inner join {{ ref('int_service_policies') }} as policies
        on months.reporting_month = policies.reporting_month
),

-- The last word counts, not the mean of the year's.
answered as (
    select
        spine.customer_key,
        spine.reporting_month,
        max_by(answers.mean_level, answers.reporting_month) as service_level
    from spine
    inner join service_answers as answers
        on
            spine.customer_key = answers.customer_key
            and spine.period_end_date > answers.answered_on
            and {{ months_apart('answers.reporting_month', 'spine.reporting_month') }} {{ in_year }}
    group by
        spine.customer_key,
        spine.reporting_month
),

latest_wallets as (
    select
        spine.customer_key,
        spine.reporting_month,
        wallets.annual_wallet_amount,
        wallets.evidence_rank,
        wallets.wallet_rule_share,
        -- What the average rival gets by the same rule.
        (1 - wallets.wallet_rule_share) / (wallets.supplier_count - 1) as rival_share,
        row_number() over (
            partition by spine.customer_key, spine.reporting_month, wallets.product_category
            order by
                wallets.estimated_date desc nulls last,
                wallets.evidence_rank asc nulls last,
                wallets.period_end_date desc nulls last
        ) as wallet_rank
    from spine
    inner join ranked_wallets as wallets
        on
            spine.customer_key = wallets.customer_key
            and spine.period_end_date > wallets.estimated_date
            and {{ months_apart('wallets.estimated_date', 'spine.reporting_month') }} {{ in_year }}
),

valued as (
    select
        customer_key,
        reporting_month,
        max(evidence_rank) as value_evidence_rank,
        -- Rounded, so that as good as rivals is 1 and not a hair less.
        round(
            {{ exact_sum('wallet_rule_share * annual_wallet_amount') }}
            / nullif({{ exact_sum('rival_share * annual_wallet_amount') }}, 0), 6
        ) as value_index
    from latest_wallets
    where wallet_rank = 1
    group by
        customer_key,
        reporting_month
),

final as (
    select
        spine.customer_key,
        spine.reporting_month,
        answered.service_level,
        valued.value_evidence_rank,
        valued.value_index
    from spine
    left join answered
        on
            spine.customer_key = answered.customer_key
            and spine.reporting_month = answered.reporting_month
    left join valued
        on
            spine.customer_key = valued.customer_key
            and spine.reporting_month = valued.reporting_month
)

select * from final
