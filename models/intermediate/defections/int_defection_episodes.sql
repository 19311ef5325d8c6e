-- Each silence is at most one episode, however often a rule would fire in it; the first event counts
-- and holds until the next purchase. A longer threshold in a later year calls nobody back.
with

int_silence_defections as (
    select * from {{ ref('int_silence_defections') }}
    where is_in_force
),

int_contract_defections as (
    select * from {{ ref('int_contract_defections') }}
),

int_customer_closures as (
    select * from {{ ref('int_customer_closures') }}
),

events as (
    {% for kind in ['silence', 'contract'] -%}
    select
        customer_key,
        last_purchase_date,
        returned_on,
        defection_basis,
        defected_on,
        effective_date,
        threshold_days,
        threshold_version
    from int_{{ kind }}_defections
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked_events as (
    select
        *,
        row_number() over (
            partition by customer_key, last_purchase_date
            order by defected_on nulls last, effective_date nulls last
        ) as event_rank
    from events
),

-- Death and bankruptcy are no defections.
first_events as (
    select ranked_events.*
    from ranked_events
    left join int_customer_closures
        on ranked_events.customer_key = int_customer_closures.customer_key
    where
        ranked_events.event_rank = 1
        and (
            int_customer_closures.closed_on is null
            or ranked_events.defected_on < int_customer_closures.closed_on
        )
),

final as (
    select
        customer_key,
        cast(row_number() over (
            partition by customer_key
            order by last_purchase_date nulls last
        ) as bigint) as episode_no,
        last_purchase_date,
        effective_date,
        defected_on,
        returned_on,
        defection_basis,
        threshold_days,
        threshold_version
    from first_events
)

select * from final
