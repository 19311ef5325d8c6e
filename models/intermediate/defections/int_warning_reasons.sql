-- Every customer the company has at the end of the last closed month, with each reason to worry true, false or
-- unknown.
with

int_warning_dates as (
    select * from {{ ref('int_warning_dates') }}
),

int_relation_warnings as (
    select * from {{ ref('int_relation_warnings') }}
),

int_commercial_warnings as (
    select * from {{ ref('int_commercial_warnings') }}
),

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
),

final as (
    select
        months.customer_key,
        months.reporting_month,
        months.customer_state,
        months.partial_reason,
        months.silence_days,
        {{ safe_ratio('months.silence_days', 'months.expected_gap_days') }} as silence_ratio,
        months.net_revenue_t12,
        months.net_revenue_t12_ly,
        months.sow_t12,
        months.d_sow,
        months.margin_t12 as margin_at_stake,
        relations.open_complaint_count,
        relations.oldest_complaint_on,
        relations.last_contact_on,
        books.contract_end_date,
        books.notice_date,
        books.last_event_type,
        books.last_event_on,
        books.overdue_document_count,
        books.overdue_since_date,
        months.silence_days > months.expected_gap_days as has_silence,
        months.customer_state = 'partial_defector' as has_partial_defection,
        months.net_revenue_t12 < dates.alert_spend_ratio * months.net_revenue_t12_ly as has_spend_decline,
        relations.open_complaint_count > 0 as has_open_complaint,
        case
            when relations.is_contact_recorded
                then coalesce(
                    {{ dbt.datediff('relations.last_contact_on', 'dates.warned_on', 'day') }}
                    > dates.alert_care_gap_days,
                    true
                )
        end as has_care_gap,
        relations.is_owner_gone as has_owner_gone,
        -- A term that is over says nothing any more, unless its grace still runs.
        case
            when months.customer_state = 'lapsed_pending' then true
            when books.contract_end_date < dates.warned_on then false
            when books.notice_date <= dates.warned_on then true
            when books.contract_end_date is not null
                then {{ dbt.dateadd('day', 'dates.alert_notice_days', 'dates.warned_on') }} >= books.contract_end_date
        end as has_contract_notice,
        {{ dbt.datediff('books.last_event_on', 'dates.warned_on', 'day') }}
        <= dates.alert_event_days as has_recent_event,
        books.overdue_document_count > 0 as has_overdue_payment
    from int_warning_dates as dates
    inner join fct_customer_months as months
        on dates.reporting_month = months.reporting_month
    inner join customer_states
        on
            months.customer_state = customer_states.customer_state
            and customer_states.is_live
    left join int_relation_warnings as relations
        on months.customer_key = relations.customer_key
    left join int_commercial_warnings as books
        on months.customer_key = books.customer_key
)

select * from final
