-- A gap is known on the day of the purchase that ends it. Only gaps known before the fiscal year
-- begins count, so no threshold ever rests on what came later.
with

int_purchase_gaps as (
    select * from {{ ref('int_purchase_gaps') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

final as (
    select
        int_purchase_gaps.customer_key,
        int_defection_policies.fiscal_year,
        int_purchase_gaps.gap_days,
        cast(count(*) as bigint) as gap_count
    from int_purchase_gaps
    inner join int_defection_policies
        on
            int_purchase_gaps.purchase_date < int_defection_policies.fiscal_year_start_date
            and int_defection_policies.has_enough_history
    where int_purchase_gaps.gap_days is not null
    group by
        int_purchase_gaps.customer_key,
        int_defection_policies.fiscal_year,
        int_purchase_gaps.gap_days
)

select * from final
