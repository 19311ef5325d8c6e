-- How long each customer has been silent at the end of a month, and how long it may be.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_defection_thresholds as (
    select * from {{ ref('int_defection_thresholds') }}
    where is_in_force
),

measured as (
    select
        months.customer_key,
        months.reporting_month,
        months.evaluation_date,
        months.last_purchase_date,
        {{ month_of('months.first_purchase_date') }} as first_purchase_month,
        {{ dbt.datediff('months.last_purchase_date', 'months.evaluation_date', 'day') }}
            as days_since_purchase,
        {{ dbt.datediff('thresholds.last_pause_began_on', 'months.last_purchase_date', 'day') }}
            as days_since_pause_began,
        thresholds.seasonal_tolerance_days,
        thresholds.season_length_days,
        thresholds.expected_gap_days,
        thresholds.threshold_days,
        thresholds.threshold_basis,
        thresholds.threshold_version
    from int_customer_months as months
    left join int_defection_thresholds as thresholds
        on
            months.customer_key = thresholds.customer_key
            and months.fiscal_year = thresholds.fiscal_year
),

final as (
    select
        customer_key,
        reporting_month,
        evaluation_date,
        first_purchase_month,
        last_purchase_date,
        -- Orders can be newer than the last day vouched for; nobody is silent for less than no time.
        case
            when last_purchase_date is not null then cast(greatest(days_since_purchase, 0) as bigint)
        end as silence_days,
        -- Who stopped at the time of year of its pauses is expected when the season opens, and not in
        -- its rhythm of the season.
        case
            when last_purchase_date is null then null
            when abs(mod(days_since_pause_began + 182, 365) - 182) <= seasonal_tolerance_days
                then greatest(expected_gap_days, season_length_days)
            else expected_gap_days
        end as expected_gap_days,
        -- Who has not bought yet cannot fall silent. Said here and not in the join: a condition on its left
        -- side alone turns a left join into a comparison of every row with every row.
        case when last_purchase_date is not null then threshold_days end as threshold_days,
        case when last_purchase_date is not null then threshold_basis end as threshold_basis,
        case when last_purchase_date is not null then threshold_version end as threshold_version
    from measured
)

select * from final
