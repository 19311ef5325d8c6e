-- The four guarantees of a key account over the last year: goods, service, logistics and value against rivals. What was
-- never recorded is not known, a year that the ledger does not hold is not judged, and all four are judged only
-- together.
{%- set measures = ['defect', 'order_line', 'due_line', 'otif_line', 'judged_case', 'in_time_case'] %}
with

int_guarantee_counts as (
    select * from {{ ref('int_guarantee_counts') }}
),

int_key_account_opinions as (
    select * from {{ ref('int_key_account_opinions') }}
),

recorded as (
    select min(reporting_month) as first_defect_month
    from int_guarantee_counts
    where defect_count > 0
),

spine as (
    select
        months.customer_key,
        months.reporting_month,
        policies.defect_rate_ceiling,
        policies.resolution_in_time_floor,
        policies.service_level_floor,
        policies.otif_floor,
        policies.value_index_floor,
        -- Without a single defect on record nobody knows whether defects are recorded.
        recorded.first_defect_month <= months.reporting_month as are_defects_known,
        {{ months_apart('calendar.first_month', 'months.reporting_month') }} >= policies.guarantee_window_months - 1
            as is_year_known
    from {{ ref('int_key_account_months') }} as months
    cross join {{ ref('int_reporting_calendar') }} as calendar
    cross join recorded
    inner join {{ ref('int_service_policies') }} as policies
        on months.reporting_month = policies.reporting_month
),

measured as (
    select
        spine.*,
        case when spine.are_defects_known then counted.defect_count end as defect_count,
        {% for measure in measures[1:] -%}
        coalesce(counted.{{ measure }}_count, 0) as {{ measure }}_count,
        {% endfor -%}
        opinions.service_level,
        opinions.value_index,
        opinions.value_evidence_rank
    from spine
    inner join int_key_account_opinions as opinions
        on
            spine.customer_key = opinions.customer_key
            and spine.reporting_month = opinions.reporting_month
    left join int_guarantee_counts as counted
        on
            spine.customer_key = counted.customer_key
            and spine.reporting_month = counted.reporting_month
    where spine.is_year_known
),

rated as (
    select
        *,
        {{ safe_ratio('defect_count', 'order_line_count') }} as defect_rate,
        {{ safe_ratio('in_time_case_count', 'judged_case_count') }} as resolution_in_time_rate,
        {{ safe_ratio('otif_line_count', 'due_line_count') }} as otif_rate
    from measured
),

judged as (
    select
        customer_key,
        reporting_month,
        {% for measure in measures -%}
        {{ measure }}_count,
        {% endfor -%}
        defect_rate,
        resolution_in_time_rate,
        service_level,
        otif_rate,
        value_index,
        value_evidence_rank,
        defect_rate <= defect_rate_ceiling as is_product_kept,
        -- Complaints and answers where there are any; who neither complained nor was asked is not known.
        case
            when coalesce(resolution_in_time_rate, service_level) is not null
                then
                    coalesce(resolution_in_time_rate >= resolution_in_time_floor, true)
                    and coalesce(service_level >= service_level_floor, true)
        end as is_service_kept,
        otif_rate >= otif_floor as is_logistics_kept,
        value_index >= value_index_floor as is_value_kept
    from rated
),

final as (
    select
        *,
        cast(
            case when is_product_kept is not null then 1 else 0 end
            + case when is_service_kept is not null then 1 else 0 end
            + case when is_logistics_kept is not null then 1 else 0 end
            + case when is_value_kept is not null then 1 else 0 end
            as bigint
        ) as known_guarantee_count
    from judged
)

select * from final
