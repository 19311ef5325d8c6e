-- One taxonomy for both directions: what rivals lose customers to us by, and what we lose them to rivals by.
with

fct_defections as (
    select * from {{ ref('fct_defections') }}
),

fct_switch_in as (
    select * from {{ ref('fct_switch_in') }}
),

dim_causes as (
    select * from {{ ref('dim_causes') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

moves as (
    select
        'out' as direction,
        {{ month_of('effective_date') }} as reporting_month,
        primary_cause_code as reason_code
    from fct_defections
    where destination_competitor_key is not null
    union all
    select
        'in' as direction,
        reporting_month,
        reason_code
    from fct_switch_in
),

counted as (
    select
        dim_months.fiscal_year,
        moves.direction,
        coalesce(dim_causes.cause_family_code, 'unknown') as cause_family_code,
        count(*) as customer_count
    from moves
    inner join dim_months
        on moves.reporting_month = dim_months.reporting_month
    left join dim_causes
        on moves.reason_code = dim_causes.cause_key
    group by dim_months.fiscal_year, moves.direction, coalesce(dim_causes.cause_family_code, 'unknown')
),

totalled as (
    select
        *,
        sum(customer_count) over (partition by fiscal_year, direction) as total_count
    from counted
),

final as (
    select
        fiscal_year,
        direction,
        cause_family_code,
        cast(customer_count as bigint) as customer_count,
        cast(total_count as bigint) as total_count,
        {{ safe_ratio('customer_count', 'total_count') }} as reason_rate,
        {{ wilson_bound('customer_count', 'total_count', 'low') }} as reason_low_rate,
        {{ wilson_bound('customer_count', 'total_count', 'high') }} as reason_high_rate
    from totalled
)

select * from final
