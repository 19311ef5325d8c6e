-- One row per episode and cause. Weights of an episode add up to 1, so weighted counts never exceed episodes;
-- an episode nobody could explain has one row, the cause unknown. Join it to episodes with the weight, or
-- episodes with two causes count twice.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_stated_causes as (
    select * from {{ ref('int_stated_causes') }}
),

defection_causes as (
    select * from {{ ref('defection_causes') }}
),

explained as (
    select
        episodes.customer_key,
        episodes.episode_no,
        coalesce(stated.cause_code, 'unknown') as cause_code,
        stated.stated_cause_code,
        stated.review_id,
        stated.evidence_grade,
        stated.why_level,
        coalesce(stated.weight, 1.0) as weight
    from int_defections as episodes
    left join int_stated_causes as stated
        on
            episodes.customer_key = stated.customer_key
            and episodes.episode_no = stated.episode_no
),

final as (
    select
        explained.customer_key,
        explained.episode_no,
        explained.cause_code as cause_key,
        coalesce(causes.parent_cause_code, causes.cause_code) as cause_family_code,
        causes.controllability,
        explained.stated_cause_code,
        explained.evidence_grade as stated_by,
        explained.review_id,
        cast(row_number() over (
            partition by explained.customer_key, explained.episode_no
            order by explained.weight desc nulls last, explained.cause_code asc nulls last
        ) as bigint) as cause_rank,
        cast(explained.why_level as bigint) as why_level,
        cast(explained.weight as double) as weight,
        causes.taxonomy_version
    from explained
    inner join defection_causes as causes
        on explained.cause_code = causes.cause_code
)

select * from final
