-- A season shows in pauses that come back: two long gaps that began about a year apart. One long gap
-- alone is an accident, and a slow but even buyer has long gaps all year round.
with

int_purchase_gaps as (
    select * from {{ ref('int_purchase_gaps') }}
),

int_threshold_policies as (
    select * from {{ ref('int_threshold_policies') }}
),

long_gaps as (
    select
        int_purchase_gaps.customer_key,
        int_threshold_policies.fiscal_year,
        int_threshold_policies.is_in_force,
        int_threshold_policies.seasonal_tolerance_days,
        int_purchase_gaps.previous_purchase_date as paused_on,
        int_purchase_gaps.gap_days
    from int_purchase_gaps
    inner join int_threshold_policies
        on
            int_purchase_gaps.purchase_date < int_threshold_policies.fiscal_year_start_date
            and int_purchase_gaps.gap_days >= int_threshold_policies.seasonal_long_gap_days
),

repeated_pauses as (
    select
        later_gaps.customer_key,
        later_gaps.fiscal_year,
        later_gaps.is_in_force,
        later_gaps.paused_on,
        greatest(earlier_gaps.gap_days, later_gaps.gap_days) as season_length_days
    from long_gaps as earlier_gaps
    inner join long_gaps as later_gaps
        on
            earlier_gaps.customer_key = later_gaps.customer_key
            and earlier_gaps.fiscal_year = later_gaps.fiscal_year
            and earlier_gaps.is_in_force = later_gaps.is_in_force
            and earlier_gaps.paused_on < later_gaps.paused_on
            and abs(
                {{ dbt.datediff('earlier_gaps.paused_on', 'later_gaps.paused_on', 'day') }}
                - 365
            ) <= later_gaps.seasonal_tolerance_days
),

final as (
    select
        customer_key,
        fiscal_year,
        is_in_force,
        max(season_length_days) as season_length_days,
        max(paused_on) as last_pause_began_on
    from repeated_pauses
    group by
        customer_key,
        fiscal_year,
        is_in_force
)

select * from final
