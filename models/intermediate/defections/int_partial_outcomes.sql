-- What became of each partial defection: it went on into a full one, or ended, or still lasts.
with

int_partial_episodes as (
    select * from {{ ref('int_partial_episodes') }}
),

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

numbered_fulls as (
    select
        int_defection_episodes.customer_key,
        int_defection_episodes.last_purchase_date,
        int_defection_episodes.defected_on,
        int_month_ends.ledger_month_number,
        row_number() over (
            partition by int_defection_episodes.customer_key
            order by int_defection_episodes.last_purchase_date nulls last
        ) as full_no
    from int_defection_episodes
    inner join int_month_ends
        on {{ month_of('int_defection_episodes.defected_on') }} = int_month_ends.reporting_month
),

last_partials as (
    select
        *,
        row_number() over (
            partition by customer_key, earlier_full_count
            order by partial_from_month desc nulls last
        ) = 1 as is_last_before_full
    from int_partial_episodes
),

last_months as (
    select max(ledger_month_number) as newest_month_number
    from int_month_ends
),

-- Joined by themselves, and not under the left join below: its condition would not be one of equal columns.
escalations as (
    select
        last_partials.customer_key,
        last_partials.partial_from_month,
        numbered_fulls.last_purchase_date,
        numbered_fulls.defected_on
    from last_partials
    inner join numbered_fulls
        on
            last_partials.customer_key = numbered_fulls.customer_key
            and last_partials.earlier_full_count + 1 = numbered_fulls.full_no
            and last_partials.last_month_number + last_partials.partial_bridge_months + 1
            >= numbered_fulls.ledger_month_number
    where last_partials.is_last_before_full
),

-- Over in the first month whose end finds no rule firing, once there are too many of them to bridge.
final as (
    select
        last_partials.customer_key,
        last_partials.partial_from_month,
        last_partials.partial_to_month,
        last_partials.partial_from_date,
        last_partials.partial_reason,
        last_partials.threshold_days,
        last_partials.threshold_version,
        escalations.last_purchase_date as full_last_purchase_date,
        escalations.defected_on as escalated_on,
        case when escalations.customer_key is null then months_after.evaluation_date end as recovered_on
    from last_partials
    cross join last_months
    left join escalations
        on
            last_partials.customer_key = escalations.customer_key
            and last_partials.partial_from_month = escalations.partial_from_month
    left join int_month_ends as months_after
        on
            last_partials.last_month_number + 1 = months_after.ledger_month_number
            and last_partials.last_month_number + last_partials.partial_bridge_months < last_months.newest_month_number
)

select * from final
