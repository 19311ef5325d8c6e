-- One row per customer and episode, full and partial alike. Losses are not additive with revenue: an
-- episode's year before it may overlap another's.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_defection_ramps as (
    select * from {{ ref('int_defection_ramps') }}
),

int_defection_findings as (
    select * from {{ ref('int_defection_findings') }}
),

int_defection_owners as (
    select * from {{ ref('int_defection_owners') }}
),

int_defection_contracts as (
    select * from {{ ref('int_defection_contracts') }}
),

int_defection_outcomes as (
    select * from {{ ref('int_defection_outcomes') }}
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
        ramps.is_gradual,
        ramps.ramp_down_months,
        ramps.peak_month,
        episodes.began_month,
        episodes.partial_from_month,
        episodes.partial_to_month,
        episodes.last_purchase_date,
        episodes.effective_date,
        episodes.defected_on,
        episodes.detected_on,
        episodes.escalated_on,
        episodes.reactivated_on,
        owners.owner_at_start,
        owners.owner_status_at_start,
        ramps.lost_net_revenue_t12 as lost_revenue_t12,
        ramps.lost_margin_t12,
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
    inner join int_defection_ramps as ramps
        on
            episodes.customer_key = ramps.customer_key
            and episodes.episode_no = ramps.episode_no
    inner join int_defection_owners as owners
        on
            episodes.customer_key = owners.customer_key
            and episodes.episode_no = owners.episode_no
    left join int_defection_findings as findings
        on
            episodes.customer_key = findings.customer_key
            and episodes.episode_no = findings.episode_no
    left join int_defection_contracts as contracts
        on
            episodes.customer_key = contracts.customer_key
            and episodes.episode_no = contracts.episode_no
    left join int_defection_outcomes as outcomes
        on
            episodes.customer_key = outcomes.customer_key
            and episodes.episode_no = outcomes.episode_no
    left join exit_classes
        on findings.exit_class = exit_classes.reviewed_exit_class
)

select * from final
