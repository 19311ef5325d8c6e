-- The silence after a purchase day becomes a defection on the first day on which it is longer than
-- the threshold of the fiscal year that the day lies in.
with

int_purchase_gaps as (
    select * from {{ ref('int_purchase_gaps') }}
),

int_defection_thresholds as (
    select * from {{ ref('int_defection_thresholds') }}
),

int_customer_contracts as (
    select * from {{ ref('int_customer_contracts') }}
),

-- Most gaps end long before any threshold: the join drops them without writing them down.
long_silences as (
    select
        int_purchase_gaps.customer_key,
        int_purchase_gaps.purchase_date as last_purchase_date,
        int_purchase_gaps.next_purchase_date as returned_on,
        int_purchase_gaps.silence_end_date,
        int_defection_thresholds.next_fiscal_year_start_date,
        -- A threshold that shrinks at the new year is exceeded at the new year, not before it.
        greatest(
            cast(
                {{ dbt.dateadd(
                    'day', '(int_defection_thresholds.threshold_days + 1)', 'int_purchase_gaps.purchase_date'
                ) }} as date
            ),
            int_defection_thresholds.fiscal_year_start_date
        ) as defected_on,
        int_defection_thresholds.threshold_days,
        int_defection_thresholds.threshold_version,
        int_defection_thresholds.is_in_force
    from int_purchase_gaps
    inner join int_defection_thresholds
        on
            int_purchase_gaps.customer_key = int_defection_thresholds.customer_key
            and int_purchase_gaps.purchase_date < int_defection_thresholds.next_fiscal_year_start_date
            and int_purchase_gaps.silence_end_date > int_defection_thresholds.fiscal_year_start_date
            and {{ dbt.datediff('int_purchase_gaps.purchase_date', 'int_purchase_gaps.silence_end_date', 'day') }}
            > int_defection_thresholds.threshold_days
),

defections as (
    select *
    from long_silences
    where
        defected_on < next_fiscal_year_start_date
        and defected_on < silence_end_date
),

-- Who has a contract is not lost by silence, from its first day to the end of the grace for renewal.
final as (
    select
        defections.customer_key,
        defections.last_purchase_date,
        defections.returned_on,
        'silence' as defection_basis,
        defections.defected_on,
        defections.defected_on as effective_date,
        defections.threshold_days,
        defections.threshold_version,
        defections.is_in_force
    from defections
    left join int_customer_contracts
        on
            defections.customer_key = int_customer_contracts.customer_key
            and defections.last_purchase_date <= int_customer_contracts.contract_end
            and defections.defected_on between int_customer_contracts.contract_start
            and int_customer_contracts.grace_end_date
    where int_customer_contracts.customer_key is null
)

select * from final
