with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
    where is_live
),

competitor_evidence as (
    select * from {{ ref('competitor_evidence') }}
),

int_dual_sourcing_months as (
    select * from {{ ref('int_dual_sourcing_months') }}
),

live as (
    select
        months.reporting_month,
        months.is_closed_month,
        dual.evidence,
        count(*) as customer_count,
        sum(months.net_revenue_t12) as net_revenue_t12
    from fct_customer_months as months
    inner join customer_states
        on months.customer_state = customer_states.customer_state
    left join int_dual_sourcing_months as dual
        on
            months.customer_key = dual.customer_key
            and months.reporting_month = dual.reporting_month
    group by months.reporting_month, months.is_closed_month, dual.evidence
),

bases as (
    select
        reporting_month,
        is_closed_month,
        sum(customer_count) as customer_count
    from live
    group by reporting_month, is_closed_month
),

kinds as (
    select
        evidence,
        evidence as found_evidence
    from competitor_evidence
    union all
    select
        'all' as evidence,
        evidence as found_evidence
    from competitor_evidence
),

counted as (
    select
        bases.reporting_month,
        kinds.evidence,
        bases.customer_count,
        coalesce(sum(live.customer_count), 0) as dual_sourcing_count,
        sum(live.net_revenue_t12) as net_revenue_t12,
        bases.is_closed_month
    from bases
    cross join kinds
    left join live
        on
            bases.reporting_month = live.reporting_month
            and kinds.found_evidence = live.evidence
    group by bases.reporting_month, kinds.evidence, bases.customer_count, bases.is_closed_month
),

final as (
    select
        reporting_month,
        evidence,
        cast(customer_count as bigint) as customer_count,
        cast(dual_sourcing_count as bigint) as dual_sourcing_count,
        case when is_closed_month then {{ safe_ratio('dual_sourcing_count', 'customer_count') }} end
            as dual_sourcing_rate,
        case when is_closed_month then {{ wilson_bound('dual_sourcing_count', 'customer_count', 'low') }} end
            as dual_sourcing_low_rate,
        case when is_closed_month then {{ wilson_bound('dual_sourcing_count', 'customer_count', 'high') }} end
            as dual_sourcing_high_rate,
        cast(net_revenue_t12 as decimal(18, 4)) as net_revenue_t12,
        is_closed_month
    from counted
)

select * from final
