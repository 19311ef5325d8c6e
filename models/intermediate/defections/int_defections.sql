-- Full and partial defections in one count. A partial defection that goes on into a full one is the
-- same episode: it becomes full and keeps the month in which it began.
with

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

int_partial_outcomes as (
    select * from {{ ref('int_partial_outcomes') }}
),

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

fulls as (
    select
        episodes.customer_key,
        'full' as defection_type,
        episodes.defection_basis,
        partials.partial_from_month,
        partials.partial_to_month,
        partials.escalated_on,
        coalesce(partials.partial_from_month, int_month_ends.reporting_month) as began_month,
        episodes.last_purchase_date,
        episodes.effective_date,
        episodes.defected_on,
        -- A partial defection was seen before it became a full one.
        coalesce(partials.partial_from_date, int_month_ends.evaluation_date) as detected_on,
        episodes.returned_on as reactivated_on,
        episodes.threshold_days,
        episodes.threshold_version
    from int_defection_episodes as episodes
    inner join int_month_ends
        on {{ month_of('episodes.defected_on') }} = int_month_ends.reporting_month
    left join int_partial_outcomes as partials
        on
            episodes.customer_key = partials.customer_key
            and episodes.last_purchase_date = partials.full_last_purchase_date
),

partials_alone as (
    select
        partials.customer_key,
        'partial' as defection_type,
        partials.partial_reason as defection_basis,
        partials.partial_from_month,
        partials.partial_to_month,
        partials.escalated_on,
        partials.partial_from_month as began_month,
        months.last_purchase_date,
        partials.partial_from_date as effective_date,
        cast(null as date) as defected_on,
        partials.partial_from_date as detected_on,
        partials.recovered_on as reactivated_on,
        partials.threshold_days,
        partials.threshold_version
    from int_partial_outcomes as partials
    left join int_customer_months as months
        on
            partials.customer_key = months.customer_key
            and partials.partial_from_month = months.reporting_month
    where partials.escalated_on is null
),

episodes_of_both as (
    select * from fulls

    union all

    select * from partials_alone
),

final as (
    select
        customer_key,
        cast(row_number() over (
            partition by customer_key
            order by began_month nulls last, effective_date nulls last, last_purchase_date nulls last
        ) as bigint) as episode_no,
        defection_type,
        defection_basis,
        partial_from_month,
        partial_to_month,
        escalated_on,
        began_month,
        last_purchase_date,
        effective_date,
        defected_on,
        detected_on,
        reactivated_on,
        threshold_days,
        threshold_version,
        lead(began_month) over (
            partition by customer_key
            order by began_month nulls last, effective_date nulls last, last_purchase_date nulls last
        ) as next_began_month
    from episodes_of_both
)

select * from final
