-- Whom to ask why they left: every full defector, and of the partial ones of a month and class a sample. The
-- sample is drawn by a hash of the episode, so that every run draws the same one.
with

fct_defections as (
    select * from {{ ref('fct_defections') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

interview_exclusions as (
    select * from {{ ref('interview_exclusions') }}
    where scheme = 'core'
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

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

eligible as (
    select
        episodes.customer_key,
        episodes.episode_no,
        episodes.defection_type,
        episodes.owner_at_start,
        episodes.lost_margin_t12,
        episodes.detected_on,
        {{ month_of('episodes.detected_on') }} as detected_month,
        coalesce(classes.abcd_class, 'unknown') as customer_class,
        episodes.interview_status,
        episodes.has_known_cause,
        policies.interview_window_days,
        policies.partial_sample_share,
        concat(episodes.customer_key, ':', cast(episodes.episode_no as {{ dbt.type_string() }})) as episode_id
    from fct_defections as episodes
    inner join int_failure_policies as policies
        on episodes.began_month = policies.reporting_month
    left join int_customer_classes as classes
        on
            episodes.customer_key = classes.customer_key
            and episodes.began_month = classes.class_month
    left join interview_exclusions
        on classes.core_class = interview_exclusions.class_code
    where interview_exclusions.class_code is null
),

drawn as (
    select
        *,
        row_number() over (
            partition by defection_type, detected_month, customer_class
            order by {{ dbt.hash('episode_id') }} asc nulls last, customer_key asc nulls last, episode_no asc nulls last
        ) as place,
        count(*) over (partition by defection_type, detected_month, customer_class) as stratum_count
    from eligible
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
        drawn.defection_type = 'full' or drawn.place <= ceil(drawn.stratum_count * drawn.partial_sample_share)
            as is_target,
        coalesce(drawn.interview_status, 'not_asked') as interview_status,
        held_talks.held_on,
        drawn.has_known_cause
    from drawn
    left join held_talks
        on
            drawn.customer_key = held_talks.customer_key
            and drawn.episode_no = held_talks.episode_no
)

select * from final
