-- A talk belongs to the latest defection that was under way on its day. A representative may know of a
-- loss before the data do, so a full defection is under way from the last purchase on.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

defection_reviews as (
    select * from {{ ref('stg_crm__defection_reviews') }}
),

review_kinds as (
    select * from {{ ref('review_kinds') }}
),

review_causes as (
    select * from {{ ref('stg_crm__review_causes') }}
),

matched as (
    select
        reviews.review_id,
        int_defections.customer_key,
        int_defections.episode_no,
        reviews.review_kind,
        reviews.outcome,
        reviews.exit_class,
        reviews.destination_competitor_id,
        coalesce(reviews.held_on, reviews.scheduled_for) as reviewed_on,
        review_kinds.evidence_rank,
        review_kinds.evidence_grade,
        review_kinds.is_interview,
        row_number() over (
            partition by reviews.review_id
            order by int_defections.episode_no desc nulls last
        ) as episode_rank
    from defection_reviews as reviews
    inner join review_kinds
        on reviews.review_kind = review_kinds.review_kind
    inner join int_account_identities
        on reviews.account_id = int_account_identities.account_id
    inner join int_defections
        on
            int_account_identities.customer_key = int_defections.customer_key
            and coalesce(reviews.held_on, reviews.scheduled_for)
            >= least(int_defections.last_purchase_date, int_defections.began_month)
),

ranked_causes as (
    select
        review_id,
        cause_code,
        row_number() over (
            partition by review_id
            order by weight desc nulls last, cause_code asc nulls last
        ) as cause_rank
    from review_causes
),

final as (
    select
        matched.review_id,
        matched.customer_key,
        matched.episode_no,
        matched.review_kind,
        matched.outcome,
        matched.exit_class,
        matched.destination_competitor_id,
        ranked_causes.cause_code as primary_cause_code,
        matched.reviewed_on,
        matched.evidence_rank,
        matched.evidence_grade,
        matched.is_interview
    from matched
    left join ranked_causes
        on
            matched.review_id = ranked_causes.review_id
            and ranked_causes.cause_rank = 1
    where matched.episode_rank = 1
)

select * from final
