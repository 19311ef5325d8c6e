-- A retired code is counted under the code that replaced it, however often that was replaced in turn. What
-- the source called it stays on the failure itself.
with

failure_types as (
    select * from {{ ref('failure_types') }}
),

{{ follow_chains('crosswalk', 'failure_types', 'failure_code', 'replaced_by_code') }}

final as (
    select
        crosswalk.failure_code as reported_failure_code,
        crosswalk.chain_end as failure_code,
        coalesce(current_types.parent_failure_code, crosswalk.chain_end) as failure_family_code,
        current_types.failure_level,
        current_types.exposure_unit,
        current_types.taxonomy_version
    from crosswalk
    inner join failure_types as current_types
        on crosswalk.chain_end = current_types.failure_code
)

select * from final
