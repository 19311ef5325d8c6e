-- Whom to ask why they left: every full defector, and of the partial ones a sample. What the policy owes is rounded
-- over all months together, and a month's part of it falls to its classes by systematic selection: a stratum of one
-- or two customers rounded by itself would be asked whole or never. Order and start come from hashes, so that every
-- run draws the same sample; a customer who comes late moves no other month by more than one place.
{%- set by_month = 'partition by defection_type, detected_month' %}
{%- set by_stratum = by_month ~ ', customer_class' %}
with

int_interview_candidates as (
    select * from {{ ref('int_interview_candidates') }}
),

held_talks as (
    select
        customer_key,
        episode_no,
        min(reviewed_on) as held_on
    from {{ ref('int_defection_reviews') }}
    where is_interview and outcome = 'held'
    group by
        customer_key,
        episode_no
),

hashed as (
    select
        *,
        concat(customer_key, ':', cast(episode_no as {{ dbt.type_string() }})) as episode_id,
        cast(detected_month as {{ dbt.type_string() }}) as month_id,
        concat(cast(detected_month as {{ dbt.type_string() }}), ':', customer_class) as stratum_id
    from int_interview_candidates
),

-- Without a rows frame a sum holds the peers of its row as well: a month, or a stratum, goes in whole.
counted as (
    select
        *,
        row_number() over (
            {{ by_stratum }}
            order by {{ dbt.hash('episode_id') }} asc nulls last, customer_key asc nulls last, episode_no asc nulls last
        ) as place,
        count(*) over ({{ by_stratum }}) as stratum_count,
        count(*) over ({{ by_month }} order by {{ dbt.hash('stratum_id') }} asc nulls last) as count_through_stratum,
        count(*) over ({{ by_month }}) as month_count,
        sum(partial_sample_share) over ({{ by_month }}) as owed_in_month,
        sum(partial_sample_share) over (partition by defection_type order by detected_month asc nulls last)
            as owed_through_month
    from hashed
),

months_shared_out as (
    select
        *,
        floor(owed_through_month + 0.5) - floor(owed_through_month - owed_in_month + 0.5) as month_quota,
        {{ hash_fraction('month_id') }} as first_place
    from counted
),

strata_shared_out as (
    select
        *,
        floor(cast(month_quota * count_through_stratum as double) / month_count + first_place)
        - floor(cast(month_quota * (count_through_stratum - stratum_count) as double) / month_count + first_place)
            as stratum_quota
    from months_shared_out
),

final as (
    select
        drawn.customer_key,
        drawn.episode_no,
        drawn.defection_type,
        drawn.customer_class,
        drawn.owner_at_start,
        drawn.lost_margin_t12,
        drawn.detected_on,
        drawn.detected_month,
        cast({{ dbt.dateadd('day', 'drawn.interview_window_days', 'drawn.detected_on') }} as date) as due_on,
        drawn.defection_type = 'full' or drawn.place <= drawn.stratum_quota as is_target,
        coalesce(drawn.interview_status, 'not_asked') as interview_status,
        held_talks.held_on,
        drawn.has_known_cause
    from strata_shared_out as drawn
    left join held_talks
        on
            drawn.customer_key = held_talks.customer_key
            and drawn.episode_no = held_talks.episode_no
)

select * from final
