-- One row per return of a lost customer. Amounts are of the lifetime alone and additive; durations and the
-- first lifetime's figures repeat in each of a customer's rows.
with

int_lifetimes as (
    select * from {{ ref('int_lifetimes') }}
),

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
),

int_tenure_spells as (
    select * from {{ ref('int_tenure_spells') }}
),

timed as (
    select
        *,
        {{ dbt.datediff('started_on', 'observed_until', 'day') }}
            as duration_days,
        {{ dbt.datediff('away_since', 'started_on', 'day') }}
            as away_days
    from int_lifetimes
),

measured as (
    select
        lifetimes.customer_key,
        lifetimes.lifetime_no,
        sum(days.net_revenue) as net_revenue,
        sum(days.margin) as margin,
        sum(days.costed_revenue) as costed_revenue,
        sum(days.order_count) as order_count
    from int_lifetimes as lifetimes
    inner join int_customer_days as days
        on
            lifetimes.customer_key = days.customer_key
            and lifetimes.started_on <= days.document_date
            and lifetimes.observed_until > days.document_date
    group by
        lifetimes.customer_key,
        lifetimes.lifetime_no
),

lives as (
    select
        lifetimes.customer_key,
        lifetimes.lifetime_no,
        lifetimes.started_on,
        lifetimes.lost_on,
        lifetimes.is_attributed,
        lifetimes.is_won_back,
        measured.net_revenue,
        measured.margin,
        measured.order_count,
        case
            when measured.net_revenue > 0
                then greatest(least({{ safe_ratio('measured.costed_revenue', 'measured.net_revenue') }}, 1), 0)
        end as margin_coverage_share,
        lifetimes.duration_days,
        lifetimes.away_days,
        -- Months of equal length: a February is no worse a month for its days.
        cast(measured.margin as double) * 365 / 12 / nullif(lifetimes.duration_days, 0) as monthly_margin
    from timed as lifetimes
    inner join measured
        on
            lifetimes.customer_key = measured.customer_key
            and lifetimes.lifetime_no = measured.lifetime_no
),

final as (
    select
        lives.customer_key,
        lives.lifetime_no,
        lives.started_on as started_date,
        lives.lost_on as lost_date,
        lives.lost_on is null as is_running,
        cast(lives.duration_days as bigint) as duration_days,
        cast(lives.away_days as bigint) as away_days,
        lives.is_won_back,
        lives.is_attributed,
        cast(lives.order_count as bigint) as order_count,
        cast(lives.net_revenue as decimal(18, 4)) as net_revenue_amount,
        cast(lives.margin as decimal(18, 4)) as margin_amount,
        lives.margin_coverage_share,
        cast(lives.monthly_margin as decimal(18, 4)) as monthly_margin_amount,
        cast(firsts.duration_days as bigint) as first_duration_days,
        cast(firsts.margin as decimal(18, 4)) as first_margin_amount,
        cast(firsts.monthly_margin as decimal(18, 4)) as first_monthly_margin_amount,
        case
            when firsts.monthly_margin > 0
                then {{ safe_ratio('lives.monthly_margin', 'firsts.monthly_margin') }}
        end as margin_to_first_ratio,
        coalesce(spells.entry_months > 0 or not spells.is_start_declared, true) as is_first_truncated
    from lives
    inner join lives as firsts
        on
            lives.customer_key = firsts.customer_key
            and firsts.lifetime_no = 1
    left join int_tenure_spells as spells
        on lives.customer_key = spells.customer_key
    where lives.lifetime_no > 1
)

select * from final
