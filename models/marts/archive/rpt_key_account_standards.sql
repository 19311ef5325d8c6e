-- How many key accounts each standard was kept for, of those of which it is known: the four guarantees and all of them,
-- the archive, and the relation. Coverage says of how many it is known.
{%- set standards = {
    'product_guarantee': 'is_product_kept', 'service_guarantee': 'is_service_kept',
    'logistics_guarantee': 'is_logistics_kept', 'value_guarantee': 'is_value_kept',
    'all_four_guarantees': 'are_all_four_kept', 'archive_complete': 'is_archive_complete',
    'archive_updated': 'is_archive_updated', 'intelligence_fresh': 'is_intelligence_fresh',
    'more_than_one_person': 'not is_single_person', 'more_than_one_rep': 'not is_single_rep',
    'several_levels': 'has_several_levels',
} %}
with

rpt_key_account_month as (
    select * from {{ ref('rpt_key_account_month') }}
),

judged as (
    {%- for standard, condition in standards.items() %}
    select
        reporting_month,
        is_closed_month,
        '{{ standard }}' as standard,
        {{ condition }} as is_kept
    from rpt_key_account_month
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

counted as (
    select
        reporting_month,
        is_closed_month,
        standard,
        cast(count(*) as bigint) as key_account_count,
        cast(count(is_kept) as bigint) as known_count,
        cast(count(case when is_kept then 1 end) as bigint) as kept_count
    from judged
    group by
        reporting_month,
        is_closed_month,
        standard
),

final as (
    select
        reporting_month,
        standard,
        key_account_count,
        known_count,
        {{ safe_ratio('known_count', 'key_account_count') }} as coverage_share,
        kept_count,
        case when is_closed_month then {{ safe_ratio('kept_count', 'known_count') }} end as kept_rate,
        case when is_closed_month then {{ wilson_bound('kept_count', 'known_count', 'low') }} end as kept_low_rate,
        case when is_closed_month then {{ wilson_bound('kept_count', 'known_count', 'high') }} end as kept_high_rate,
        is_closed_month
    from counted
)

select * from final
