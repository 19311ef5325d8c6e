-- Latent loyalty: customers that depend on us and buy seldom. What keeps them from buying, as far as anybody has said
-- it in the year before. A customer may stand in several families; of those in none nothing is known.
with

latent as (
    select
        quadrants.customer_key,
        quadrants.reporting_month,
        dim_months.period_end_date,
        cast({{ dbt.dateadd('month', -12, 'dim_months.period_end_date') }} as date) as year_before_date
    from {{ ref('fct_loyalty_quadrants') }} as quadrants
    inner join {{ ref('dim_months') }} as dim_months
        on quadrants.reporting_month = dim_months.reporting_month
    where quadrants.quadrant = 'latent'
),

barriers as (
    select distinct
        latent.customer_key,
        latent.reporting_month,
        barriers.cause_family_code
    from latent
    inner join {{ ref('int_customer_barriers') }} as barriers
        on
            latent.customer_key = barriers.customer_key
            and latent.year_before_date <= barriers.noted_date
            and latent.period_end_date > barriers.noted_date
),

bases as (
    select
        latent.reporting_month,
        count(distinct latent.customer_key) as latent_customer_count,
        count(distinct barriers.customer_key) as known_customer_count
    from latent
    left join barriers
        on
            latent.customer_key = barriers.customer_key
            and latent.reporting_month = barriers.reporting_month
    group by latent.reporting_month
),

counted as (
    select
        reporting_month,
        cause_family_code,
        count(*) as barrier_customer_count
    from barriers
    group by reporting_month, cause_family_code
    union all
    select
        reporting_month,
        'all' as cause_family_code,
        known_customer_count as barrier_customer_count
    from bases
),

final as (
    select
        counted.reporting_month,
        counted.cause_family_code,
        cast(bases.latent_customer_count as bigint) as latent_customer_count,
        cast(bases.known_customer_count as bigint) as known_customer_count,
        {{ safe_ratio('bases.known_customer_count', 'bases.latent_customer_count') }} as coverage_share,
        cast(counted.barrier_customer_count as bigint) as barrier_customer_count,
        {{ safe_ratio('counted.barrier_customer_count', 'bases.known_customer_count') }} as barrier_rate,
        {{ wilson_bound('counted.barrier_customer_count', 'bases.known_customer_count', 'low') }} as barrier_low_rate,
        {{ wilson_bound('counted.barrier_customer_count', 'bases.known_customer_count', 'high') }}
            as barrier_high_rate
    from counted
    inner join bases
        on counted.reporting_month = bases.reporting_month
)

select * from final
