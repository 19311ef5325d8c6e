-- Why customers left, of those of whom it is known: one episode, one primary cause.
with

fct_defections as (
    select * from {{ ref('fct_defections') }}
    where has_known_cause
),

dim_causes as (
    select * from {{ ref('dim_causes') }}
),

claim_cause_groups as (
    select * from {{ ref('claim_cause_groups') }}
),

grouped as (
    select
        count(*) as known_count,
        count(case when cause_groups.cause_group = 'care' then 1 end) as care_count,
        count(case when cause_groups.cause_group in ('care', 'communication') then 1 end) as communication_count,
        count(case when cause_groups.cause_group = 'service' then 1 end) as service_count,
        count(case when cause_groups.cause_group = 'product' then 1 end) as product_count,
        count(case when cause_groups.cause_group = 'price' then 1 end) as price_count
    from fct_defections
    inner join dim_causes
        on fct_defections.primary_cause_code = dim_causes.cause_key
    left join claim_cause_groups as cause_groups
        on dim_causes.cause_family_code = cause_groups.cause_family_code
),

compared as (
    select
        'lack_of_care_share' as measure,
        care_count as part_count,
        known_count as whole_count
    from grouped
    union all
    select
        'not_substantial_share' as measure,
        communication_count as part_count,
        communication_count + product_count as whole_count
    from grouped
    union all
    select
        'service_over_product_share' as measure,
        service_count as part_count,
        service_count + product_count as whole_count
    from grouped
    union all
    select
        'product_over_price_share' as measure,
        product_count as part_count,
        product_count + price_count as whole_count
    from grouped
),

final as (
    select
        measure,
        {{ safe_ratio('part_count', 'whole_count') }} as measured_value,
        {{ wilson_bound('part_count', 'whole_count', 'low') }} as measured_low,
        {{ wilson_bound('part_count', 'whole_count', 'high') }} as measured_high,
        cast(whole_count as bigint) as observation_count
    from compared
)

select * from final
