-- One row per customer and episode, full and partial alike. Losses are not additive with revenue: an
-- episode's year before it may overlap another's.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

{% for particulars in ['ramps', 'findings', 'owners', 'contracts', 'outcomes', 'wallets', 'splits'] -%}
int_defection_{{ particulars }} as (
    select * from {{ ref('int_defection_' ~ particulars) }}
),

{% endfor -%}
core_classes as (
    select * from {{ ref('fct_customer_classes') }}
    where scheme = 'core'
),

fct_contributions as (
    select * from {{ ref('fct_contributions') }}
),

exit_classes as (
    select * from {{ ref('exit_classes') }}
),

final as (
    select
        episodes.customer_key,
        episodes.episode_no,
        episodes.defection_type,
        episodes.defection_basis,
        coalesce(exit_classes.exit_class, 'unknown') as exit_class,
        wallets.is_hidden_partial,
        wallets.is_dual_sourcing,
        wallets.dual_sourcing_evidence,
        wallets.sow_at_start,
        ramps.is_gradual,
        ramps.ramp_down_months,
        ramps.peak_month,
        splits.split_off_on,
        episodes.began_month,
        episodes.partial_from_month,
        episodes.partial_to_month,
        episodes.last_purchase_date,
        episodes.effective_date,
        episodes.defected_on,
        episodes.detected_on,
        episodes.escalated_on,
        episodes.reactivated_on,
        classes_at_start.class_as_known as category_at_start,
        classes_a_year_earlier.class_as_known as category_12m_earlier,
        owners.owner_at_start,
        owners.owner_status_at_start,
        ramps.lost_net_revenue_t12 as lost_revenue_t12,
        ramps.lost_margin_t12,
        fct_contributions.clv_residual_amount as lost_clv,
        findings.destination_competitor_key,
        findings.primary_cause_code,
        coalesce(findings.controllability, 'unknown') as controllability,
        coalesce(findings.controllability <> 'unknown', false) as has_known_cause,
        coalesce(findings.is_became_competitor, false) as is_became_competitor,
        findings.interview_status,
        -- Who knew first; where several did on one day the surest of them.
        case
            when contracts.notice_date <= least(
                episodes.detected_on,
                coalesce(findings.customer_reported_on, episodes.detected_on),
                coalesce(findings.rep_reported_on, episodes.detected_on)
            ) then 'contract'
            when findings.customer_reported_on <= least(
                episodes.detected_on, coalesce(findings.rep_reported_on, episodes.detected_on)
            ) then 'customer'
            when findings.rep_reported_on <= episodes.detected_on then 'rep'
            when episodes.defection_basis = 'contract_end' then 'contract'
            else 'data'
        end as detected_by,
        findings.rep_reported_on,
        findings.evidence_grade,
        contracts.contract_end_date,
        contracts.notice_date,
        episodes.threshold_days,
        episodes.threshold_version,
        outcomes.mature_on,
        outcomes.is_false_defection
    from int_defections as episodes
    {% for particulars in ['ramps', 'findings', 'owners', 'contracts', 'outcomes', 'wallets', 'splits'] -%}
    left join int_defection_{{ particulars }} as {{ particulars }}
        on
            episodes.customer_key = {{ particulars }}.customer_key
            and episodes.episode_no = {{ particulars }}.episode_no
    {% endfor -%}
    {% for classes, months in {'classes_at_start': 0, 'classes_a_year_earlier': 12}.items() -%}
    left join core_classes as {{ classes }}
        on
            episodes.customer_key = {{ classes }}.customer_key
            and episodes.began_month = cast({{ dbt.dateadd('month', months, classes ~ '.reporting_month') }} as date)
    {% endfor -%}
    left join fct_contributions
        on
            episodes.customer_key = fct_contributions.customer_key
            and episodes.began_month = cast({{ dbt.dateadd('month', 1, 'fct_contributions.reporting_month') }} as date)
    left join exit_classes
        on
            coalesce(
                findings.exit_class,
                case when findings.destination_competitor_key is null then wallets.wallet_exit_class end
            ) = exit_classes.reviewed_exit_class
)

select * from final
