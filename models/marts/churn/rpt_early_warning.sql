-- Every customer at risk at the end of the last closed month, with its reasons as columns and no score to
-- hide them: ranked by the margin at stake, or by revenue where no cost is known. A reason nothing is known of is NULL
-- and no all-clear.
{%- set reasons = [
    'has_silence', 'has_partial_defection', 'has_spend_decline', 'has_open_complaint', 'has_care_gap',
    'has_owner_gone', 'has_contract_notice', 'has_recent_event', 'has_overdue_payment',
] %}
with

int_warning_reasons as (
    select * from {{ ref('int_warning_reasons') }}
),

counted as (
    select
        0
        {%- for reason in reasons %}
        + case when {{ reason }} then 1 else 0 end
        {%- endfor %} as reason_count,
        0
        {%- for reason in reasons %}
        + case when {{ reason }} is not null then 1 else 0 end
        {%- endfor %} as known_reason_count,
        *
    from int_warning_reasons
),

final as (
    select
        customer_key,
        reporting_month,
        cast(
            rank() over (order by margin_at_stake desc nulls last, net_revenue_t12 desc nulls last) as bigint
        ) as warning_rank,
        margin_at_stake,
        cast(reason_count as bigint) as reason_count,
        cast(known_reason_count as double) / {{ reasons | length }} as reason_coverage_share,
        {% for reason in reasons -%}
        {{ reason }},
        {% endfor -%}
        customer_state,
        partial_reason,
        silence_days,
        silence_ratio,
        net_revenue_t12,
        net_revenue_t12_ly,
        sow_t12,
        d_sow,
        open_complaint_count,
        oldest_complaint_on,
        last_contact_on,
        contract_end_date,
        notice_date,
        last_event_type,
        last_event_on,
        overdue_document_count,
        overdue_since_date
    from counted
    where reason_count > 0
)

select * from final
