-- What the best talk of an episode says of its causes: the customer's own word before the
-- representative's, and of several the latest. Several talks are never mixed, or who was asked twice would
-- count twice.
with

int_defection_reviews as (
    select * from {{ ref('int_defection_reviews') }}
    where outcome = 'held'
),

stg_crm__review_causes as (
    select * from {{ ref('stg_crm__review_causes') }}
),

defection_causes as (
    select * from {{ ref('defection_causes') }}
),

cause_evidence as (
    select * from {{ ref('cause_evidence') }}
),

{{ follow_chains('crosswalk', 'defection_causes', 'cause_code', 'replaced_by_code') }}

ranked as (
    select
        reviews.customer_key,
        reviews.episode_no,
        reviews.review_id,
        reviews.evidence_grade,
        row_number() over (
            partition by reviews.customer_key, reviews.episode_no
            order by
                reviews.evidence_rank asc nulls last,
                reviews.reviewed_on desc nulls last,
                reviews.review_id asc nulls last
        ) as place
    from int_defection_reviews as reviews
    where reviews.review_id in (select named.review_id from stg_crm__review_causes as named)
),

stated as (
    select
        ranked.customer_key,
        ranked.episode_no,
        ranked.review_id,
        ranked.evidence_grade,
        coalesce(crosswalk.chain_end, stated_causes.cause_code) as stated_cause_code,
        case
            when causes.cause_code is null then 'unknown'
            when coalesce(stated_causes.why_level, 0) < coalesce(cause_evidence.minimum_why_level, 0) then 'unknown'
            else causes.cause_code
        end as cause_code,
        stated_causes.why_level,
        stated_causes.weight
    from ranked
    inner join stg_crm__review_causes as stated_causes
        on ranked.review_id = stated_causes.review_id
    left join crosswalk
        on stated_causes.cause_code = crosswalk.cause_code
    left join defection_causes as causes
        on crosswalk.chain_end = causes.cause_code
    left join cause_evidence
        on coalesce(causes.parent_cause_code, causes.cause_code) = cause_evidence.cause_family_code
    where ranked.place = 1
),

weighed as (
    select
        *,
        sum(weight) over (partition by customer_key, episode_no) as total_weight,
        count(*) over (partition by customer_key, episode_no) as cause_count
    from stated
),

shared_out as (
    select
        *,
        -- Causes without weights weigh the same.
        case
            when total_weight > 0 then coalesce(cast(weight as double), 0) / total_weight
            else cast(1 as double) / cause_count
        end as share_of_talk
    from weighed
),

final as (
    select
        customer_key,
        episode_no,
        cause_code,
        min(review_id) as review_id,
        min(evidence_grade) as evidence_grade,
        min(stated_cause_code) as stated_cause_code,
        max(why_level) as why_level,
        {{ exact_sum('share_of_talk') }} as weight
    from shared_out
    group by
        customer_key,
        episode_no,
        cause_code
)

select * from final
