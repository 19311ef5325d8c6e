-- The state machine: what holds at the end of the month, one state a month. The order of the branches
-- is the precedence.
with

int_customer_rhythms as (
    select * from {{ ref('int_customer_rhythms') }}
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

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code = customer_key
),

returns as (
    select distinct
        customer_key,
        {{ month_of('returned_on') }} as reporting_month
    from int_defection_episodes
    where returned_on is not null
),

judged as (
    select
        rhythms.*,
        partials.partial_reason,
        case
            when closures.closed_on <= rhythms.evaluation_date then 'closed_permanent'
            when rhythms.last_purchase_date is null then 'prospect'
            when episodes.defected_on <= rhythms.evaluation_date then 'defected_full'
            when rhythms.last_purchase_date <= lapses.contract_end then 'lapsed_pending'
            when returns.customer_key is not null then 'reactivated'
            -- Who was a part of another customer brings no new business.
            when
                rhythms.first_purchase_month = rhythms.reporting_month
                and identities.split_from_customer_key is null
                then 'new'
            when rhythms.silence_days <= rhythms.threshold_days and partials.partial_reason is not null
                then 'partial_defector'
            when rhythms.silence_days > rhythms.expected_gap_days then 'at_risk'
            else 'active'
        end as customer_state
    from int_customer_rhythms as rhythms
    -- The episode of the silence that holds at the end of the month, if it has become one by then.
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
    left join int_customer_identities as identities
        on rhythms.customer_key = identities.customer_key
),

final as (
    select
        customer_key,
        reporting_month,
        customer_state,
        coalesce(
            lag(customer_state) over (
                partition by customer_key
                order by reporting_month nulls last
            ),
            'prospect'
        ) as customer_state_at_start,
        partial_reason,
        first_purchase_month,
        silence_days,
        expected_gap_days,
        threshold_days,
        threshold_basis,
        threshold_version
    from judged
)

select * from final
