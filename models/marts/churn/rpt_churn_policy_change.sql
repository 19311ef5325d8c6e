-- Both series of the year in which the defection policy changed. A step between them is the rule's and not the
-- customers'. After that year the new series goes on alone.
with

int_superseded_churn_counts as (
    select * from {{ ref('int_superseded_churn_counts') }}
),

rpt_churn_month as (
    select * from {{ ref('rpt_churn_month') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

measured as (
    select
        superseded.reporting_month,
        dim_months.fiscal_year,
        policies.policy_version,
        superseded.policy_version as superseded_policy_version,
        churn.start_customer_count,
        churn.lost_customer_count,
        churn.churn_rate,
        churn.churn_low_rate,
        churn.churn_high_rate,
        superseded.start_customer_count as superseded_start_customer_count,
        superseded.lost_customer_count as superseded_lost_customer_count,
        churn.is_provisional,
        churn.is_closed_month
    from int_superseded_churn_counts as superseded
    inner join rpt_churn_month as churn
        on superseded.reporting_month = churn.reporting_month
    inner join dim_months
        on superseded.reporting_month = dim_months.reporting_month
    inner join int_defection_policies as policies
        on dim_months.fiscal_year = policies.fiscal_year
),

{% set closed = "case when is_closed_month then " -%}
{% set counts = ['superseded_lost_customer_count', 'superseded_start_customer_count'] -%}
rated as (
    select
        *,
        {{ closed ~ safe_ratio(*counts) }} end as superseded_churn_rate,
        {{ closed ~ wilson_bound(counts[0], counts[1], 'low') }} end as superseded_churn_low_rate,
        {{ closed ~ wilson_bound(counts[0], counts[1], 'high') }} end as superseded_churn_high_rate
    from measured
),

final as (
    select
        reporting_month,
        fiscal_year,
        policy_version,
        superseded_policy_version,
        start_customer_count,
        lost_customer_count,
        churn_rate,
        churn_low_rate,
        churn_high_rate,
        superseded_start_customer_count,
        superseded_lost_customer_count,
        superseded_churn_rate,
        superseded_churn_low_rate,
        superseded_churn_high_rate,
        churn_rate - superseded_churn_rate as churn_rate_difference,
        is_provisional,
        is_closed_month
    from rated
)

select * from final
