with

defection_causes as (
    select * from {{ ref('defection_causes') }}
),

final as (
    select
        causes.cause_code as cause_key,
        causes.cause_code,
        families.cause_code as cause_family_code,
        coalesce(causes.replaced_by_code, causes.cause_code) as current_cause_code,
        causes.label_en,
        causes.label_zh,
        families.label_en as family_label_en,
        families.label_zh as family_label_zh,
        causes.controllability,
        causes.cause_level,
        causes.taxonomy_version,
        causes.is_became_competitor
    from defection_causes as causes
    -- A family is its own family.
    inner join defection_causes as families
        on coalesce(causes.parent_cause_code, causes.cause_code) = families.cause_code
)

select * from final
