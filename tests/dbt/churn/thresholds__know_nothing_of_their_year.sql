-- No look-ahead: own quantiles, counted again from the purchases before the freeze alone.
with

int_purchase_gaps as (
    select * from {{ ref('int_purchase_gaps') }}
),

int_defection_thresholds as (
    select * from {{ ref('int_defection_thresholds') }}
    where is_in_force
),

known_before as (
    select
        int_defection_thresholds.customer_key,
        int_defection_thresholds.fiscal_year,
        count(int_purchase_gaps.purchase_date) as known_gap_count
    from int_defection_thresholds
    left join int_purchase_gaps
        on
            int_defection_thresholds.customer_key = int_purchase_gaps.customer_key
            and int_defection_thresholds.fiscal_year_start_date > int_purchase_gaps.purchase_date
            and int_purchase_gaps.previous_purchase_date is not null
    where int_defection_thresholds.threshold_basis = 'own'
    group by
        int_defection_thresholds.customer_key,
        int_defection_thresholds.fiscal_year
)

select
    known_before.customer_key,
    known_before.fiscal_year,
    known_before.known_gap_count,
    int_defection_thresholds.completed_gap_count
from known_before
inner join int_defection_thresholds
    on
        known_before.customer_key = int_defection_thresholds.customer_key
        and known_before.fiscal_year = int_defection_thresholds.fiscal_year
where known_before.known_gap_count <> int_defection_thresholds.completed_gap_count
