-- What is spent on whom against what the quadrant calls for. Customers are grouped by their quadrant at the
-- start of the month: what is done in it may change the quadrant at its end.
with

fct_loyalty_quadrants as (
    select * from {{ ref('fct_loyalty_quadrants') }}
),

quadrant_policies as (
    select * from {{ ref('quadrant_policies') }}
),

int_account_efforts as (
    select * from {{ ref('int_account_efforts') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

starts as (
    select
        quadrants.customer_key,
        quadrants.quadrant,
        dim_months.reporting_month,
        dim_months.is_closed_month
    from fct_loyalty_quadrants as quadrants
    inner join dim_months
        on cast({{ dbt.dateadd('month', 1, 'quadrants.reporting_month') }} as date) = dim_months.reporting_month
),

bases as (
    select
        reporting_month,
        is_closed_month,
        quadrant,
        count(*) as customer_count
    from starts
    group by reporting_month, is_closed_month, quadrant
),

done as (
    select
        starts.reporting_month,
        starts.quadrant,
        efforts.effort_kind,
        count(*) as treated_customer_count,
        sum(efforts.effort_count) as effort_count,
        sum(efforts.invested_amount) as invested_amount
    from starts
    inner join int_account_efforts as efforts
        on
            starts.customer_key = efforts.customer_key
            and starts.reporting_month = efforts.reporting_month
    group by starts.reporting_month, starts.quadrant, efforts.effort_kind
),

-- A company that delivers neither money spent nor contacts is not known to have done nothing.
deliveries as (
    select
        count(case when effort_kind = 'contact' then 1 end) > 0 as has_contacts,
        count(case when effort_kind <> 'contact' then 1 end) > 0 as has_money
    from int_account_efforts
),

counted as (
    select
        bases.reporting_month,
        bases.quadrant,
        bases.customer_count,
        bases.is_closed_month,
        policies.investment_kind,
        policies.treatment,
        case
            when
                (policies.investment_kind = 'contact' and deliveries.has_contacts)
                or (policies.investment_kind <> 'contact' and deliveries.has_money)
                then coalesce(done.treated_customer_count, 0)
        end as treated_customer_count,
        coalesce(done.effort_count, 0) as effort_count,
        case
            when deliveries.has_money and policies.investment_kind <> 'contact'
                then coalesce(done.invested_amount, 0)
        end as invested_amount
    from bases
    inner join quadrant_policies as policies
        on bases.quadrant = policies.quadrant
    cross join deliveries
    left join done
        on
            bases.reporting_month = done.reporting_month
            and bases.quadrant = done.quadrant
            and policies.investment_kind = done.effort_kind
),

final as (
    select
        reporting_month,
        quadrant,
        investment_kind,
        treatment,
        cast(customer_count as bigint) as customer_count,
        cast(treated_customer_count as bigint) as treated_customer_count,
        {{ safe_ratio('treated_customer_count', 'customer_count') }} as treated_rate,
        {{ wilson_bound('treated_customer_count', 'customer_count', 'low') }} as treated_low_rate,
        {{ wilson_bound('treated_customer_count', 'customer_count', 'high') }} as treated_high_rate,
        cast(case when treated_customer_count is not null then effort_count end as bigint) as effort_count,
        cast(invested_amount as decimal(18, 4)) as invested_amount,
        cast(case when treatment = 'none' then treated_customer_count end as bigint) as against_policy_count,
        cast(case when treatment = 'none' then invested_amount end as decimal(18, 4)) as against_policy_amount,
        cast(case when treatment = 'called_for' then customer_count - treated_customer_count end as bigint)
            as untreated_count,
        is_closed_month
    from counted
)

select * from final
