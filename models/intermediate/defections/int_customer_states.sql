-- The state machine: what holds at the end of the month, one state a month. The order of the branches
-- is the precedence.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_defection_thresholds as (
    select * from {{ ref('int_defection_thresholds') }}
),

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

int_lapsed_months as (
    select * from {{ ref('int_lapsed_months') }}
),

int_partial_defections as (
    select * from {{ ref('int_partial_defections') }}
),

int_customer_closures as (
    select * from {{ ref('int_customer_closures') }}
),

returns as (
    select distinct
        customer_key,
        {{ month_of('returned_on') }} as reporting_month
    from int_defection_episodes
    where returned_on is not null
),

rhythms as (
    select
        months.customer_key,
        months.reporting_month,
        months.evaluation_date,
        months.last_purchase_date,
        {{ month_of('months.first_purchase_date') }} as first_purchase_month,
        case when months.last_purchase_date is not null then greatest(
            cast({{ dbt.datediff('months.last_purchase_date', 'months.evaluation_date', 'day') }} as bigint), 0
        ) end as silence_days,
        -- Off season the buyer is expected back when the season opens, and not in its rhythm of the season.
        case
            when abs(
                mod(
                    {{ dbt.datediff('thresholds.last_pause_began_on', 'months.last_purchase_date', 'day') }} + 182, 365
                ) - 182
            ) <= thresholds.seasonal_tolerance_days
                then greatest(thresholds.expected_gap_days, thresholds.season_length_days)
            else thresholds.expected_gap_days
        end as expected_gap_days,
        thresholds.threshold_days,
        thresholds.threshold_version,
        thresholds.threshold_basis
    from int_customer_months as months
    left join int_defection_thresholds as thresholds
        on
            months.customer_key = thresholds.customer_key
            and months.fiscal_year = thresholds.fiscal_year
            and months.first_purchase_date is not null
),

final as (
    select
        rhythms.customer_key,
        rhythms.reporting_month,
        rhythms.first_purchase_month,
        rhythms.silence_days,
        rhythms.expected_gap_days,
        rhythms.threshold_days,
        rhythms.threshold_version,
        rhythms.threshold_basis,
        partials.partial_reason,
        case
            when closures.closed_on <= rhythms.evaluation_date then 'closed_permanent'
            when rhythms.last_purchase_date is null then 'prospect'
            when episodes.defected_on <= rhythms.evaluation_date then 'defected_full'
            when rhythms.last_purchase_date <= lapses.contract_end then 'lapsed_pending'
            when returns.customer_key is not null then 'reactivated'
            when rhythms.first_purchase_month = rhythms.reporting_month then 'new'
            when rhythms.silence_days <= rhythms.threshold_days and partials.partial_reason is not null
                then 'partial_defector'
            when rhythms.silence_days > rhythms.expected_gap_days then 'at_risk'
            else 'active'
        end as customer_state
    from rhythms
    left join int_defection_episodes as episodes
        on
            rhythms.customer_key = episodes.customer_key
            and rhythms.last_purchase_date = episodes.last_purchase_date
    left join returns
        on
            rhythms.customer_key = returns.customer_key
            and rhythms.reporting_month = returns.reporting_month
    left join int_lapsed_months as lapses
        on
            rhythms.customer_key = lapses.customer_key
            and rhythms.reporting_month = lapses.reporting_month
    left join int_partial_defections as partials
        on
            rhythms.customer_key = partials.customer_key
            and rhythms.reporting_month = partials.reporting_month
    left join int_customer_closures as closures
        on rhythms.customer_key = closures.customer_key
)

select * from final
