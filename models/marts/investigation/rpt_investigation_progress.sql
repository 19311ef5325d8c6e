-- One row per quarter in which losses were detected: how far the talks are, who holds them, whether the
-- interim review is due, and what came of them. No extract records the review; where the company notes none
-- itself, a measure that a talk of the quarter led to shows that the findings were looked at.
with

int_interim_reviews as (
    select * from {{ ref('int_interim_reviews') }}
),

int_investigators as (
    select * from {{ ref('int_investigators') }}
),

investigation_roles as (
    select * from {{ ref('investigation_roles') }}
),

-- A talk may lead to several measures; joined one by one they would make several talks of it.
measures as (
    select
        review_id,
        count(*) as measure_count
    from {{ ref('dim_corrective_actions') }}
    where review_id is not null
    group by review_id
),

calendar as (
    select * from {{ ref('int_interview_calendar') }}
),

needed as (
    select count(*) as role_count from investigation_roles
),

-- Both bounds belong to the time in which it is due.
targets as (
    select
        reviews.*,
        1.0 * reviews.held_count < calendar.interim_review_from_share * reviews.target_count as is_before,
        1.0 * reviews.held_count > calendar.interim_review_to_share * reviews.target_count as is_beyond
    from int_interim_reviews as reviews
    cross join calendar
),

talks as (
    select
        talks.detected_quarter,
        count(*) as talk_count,
        count(case when talks.investigation_role = 'senior' then 1 end) as senior_talk_count,
        count(case when talks.is_external then 1 end) as external_talk_count,
        count(distinct talks.interviewer_id) as interviewer_count,
        count(distinct talks.investigation_role) as role_count,
        count(measures.review_id) as talk_with_measure_count,
        sum(measures.measure_count) as measure_count
    from int_investigators as talks
    left join measures
        on talks.review_id = measures.review_id
    group by talks.detected_quarter
),

final as (
    select
        targets.detected_quarter_month,
        targets.target_count,
        targets.held_count,
        {{ safe_ratio('targets.held_count', 'targets.target_count') }} as progress_share,
        targets.interim_review_from_date,
        targets.interim_review_until_date,
        targets.interim_review_date,
        case
            when not targets.is_interim_review_noted then null
            when targets.interim_review_date <= targets.interim_review_until_date then 'done'
            when targets.interim_review_date is not null and targets.is_beyond then 'late'
            when targets.interim_review_date is not null then 'done'
            when targets.is_beyond then 'overdue'
            when targets.is_before then 'not_due'
            else 'due'
        end as interim_review_status,
        targets.is_interim_review_noted,
        targets.interim_review_date is null
        and not targets.is_before
        and not targets.is_beyond as is_interim_review_due,
        targets.interim_review_date is null
        and targets.is_beyond
        and (targets.is_interim_review_noted or coalesce(talks.measure_count, 0) = 0) as is_interim_review_overdue,
        coalesce(talks.talk_count, 0) as talk_count,
        coalesce(talks.senior_talk_count, 0) as senior_talk_count,
        {{ safe_ratio('talks.senior_talk_count', 'talks.talk_count') }} as senior_talk_share,
        coalesce(talks.external_talk_count, 0) as external_talk_count,
        {{ safe_ratio('talks.external_talk_count', 'talks.talk_count') }} as external_talk_share,
        coalesce(talks.interviewer_count, 0) as interviewer_count,
        {{ safe_ratio('talks.talk_count', 'talks.interviewer_count') }} as talks_per_interviewer,
        coalesce(talks.role_count = needed.role_count, false) as is_team_valid,
        coalesce(talks.talk_with_measure_count, 0) as talk_with_measure_count,
        {{ safe_ratio('talks.talk_with_measure_count', 'talks.talk_count') }} as talk_with_measure_share,
        cast(coalesce(talks.measure_count, 0) as bigint) as measure_count
    from targets
    cross join needed
    left join talks
        on targets.detected_quarter_month = talks.detected_quarter
)

select * from final
