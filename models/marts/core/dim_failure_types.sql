with

failure_types as (
    select * from {{ ref('failure_types') }}
),

final as (
    select
        types.failure_code as failure_type_key,
        types.failure_code,
        families.failure_code as failure_family_code,
        coalesce(types.replaced_by_code, types.failure_code) as current_failure_code,
        types.label_en,
        types.label_zh,
        families.label_en as family_label_en,
        families.label_zh as family_label_zh,
        types.exposure_unit,
        types.failure_level,
        types.taxonomy_version
    from failure_types as types
    -- A family is its own family.
    inner join failure_types as families
        on coalesce(types.parent_failure_code, types.failure_code) = families.failure_code
)

select * from final
