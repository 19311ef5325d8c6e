-- What is known of an episode from talks: of several that say something, the one of the best kind counts
-- and, of one kind, the latest.
with

int_defection_reviews as (
    select * from {{ ref('int_defection_reviews') }}
),

defection_causes as (
    select * from {{ ref('defection_causes') }}
),

review_outcomes as (
    select * from {{ ref('review_outcomes') }}
),

ranked as (
    select
        int_defection_reviews.*,
        review_outcomes.outcome_rank,
        int_defection_reviews.outcome = 'held' as is_held,
        row_number() over (
            partition by int_defection_reviews.customer_key, int_defection_reviews.episode_no
            order by
                int_defection_reviews.evidence_rank asc nulls last,
                int_defection_reviews.reviewed_on desc nulls last,
                int_defection_reviews.review_id asc nulls last
        ) as place
    from int_defection_reviews
    left join review_outcomes
        on coalesce(int_defection_reviews.outcome, 'scheduled') = review_outcomes.outcome
),

gathered as (
    select
        customer_key,
        episode_no,
        min_by(exit_class, place) filter (where is_held and exit_class <> 'unknown') as exit_class,
        min_by(destination_competitor_id, place) filter (
            where is_held and destination_competitor_id is not null
        ) as destination_competitor_key,
        min_by(primary_cause_code, place) filter (
            where is_held and primary_cause_code is not null
        ) as primary_cause_code,
        min_by(evidence_grade, place) filter (where is_held) as evidence_grade,
        min_by(coalesce(outcome, 'scheduled'), outcome_rank) filter (where is_interview) as interview_status,
        min(reviewed_on) filter (where is_held and not is_interview) as rep_reported_on,
        min(reviewed_on) filter (where is_held and is_interview) as customer_reported_on
    from ranked
    group by
        customer_key,
        episode_no
),

final as (
    select
        gathered.customer_key,
        gathered.episode_no,
        gathered.exit_class,
        gathered.destination_competitor_key,
        gathered.primary_cause_code,
        defection_causes.controllability,
        defection_causes.is_became_competitor,
        gathered.evidence_grade,
        gathered.interview_status,
        gathered.rep_reported_on,
        gathered.customer_reported_on
    from gathered
    left join defection_causes
        on gathered.primary_cause_code = defection_causes.cause_code
)

select * from final
