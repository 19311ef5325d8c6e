-- What happens to a customer and is nobody's fault: are customers lost more often after it than buyers like them
-- without it? It says where to be early and proves no cause. Many types are tested at once: one counts by its q-value.
with

losses as (
    select * from {{ ref('int_event_losses') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

followed as (
    select * from losses
    where exposed_count > 0
),

{{ add_loss_tests('adjusted', 'followed', 'event_type') }}

final as (
    select
        losses.event_type,
        cast(losses.event_count as bigint) as event_count,
        cast(losses.exposed_count as bigint) as exposed_count,
        {{ safe_ratio('losses.exposed_count', 'losses.event_count') }} as followed_share,
        losses.from_month,
        losses.to_month,
        losses.lost_count,
        losses.closed_count,
        {{ safe_ratio('losses.lost_count', 'losses.exposed_count') }} as lost_rate,
        {{ wilson_bound('losses.lost_count', 'losses.exposed_count', 'low') }} as lost_low_rate,
        {{ wilson_bound('losses.lost_count', 'losses.exposed_count', 'high') }} as lost_high_rate,
        losses.expected_lost_count,
        {{ safe_ratio('losses.expected_lost_count', 'losses.exposed_count') }} as matched_lost_rate,
        {{ safe_ratio('losses.lost_count', 'losses.expected_lost_count') }} as rate_ratio,
        {{ garwood_bound('losses.lost_count', 'low') }} / nullif(losses.expected_lost_count, 0) as rate_ratio_low,
        {{ garwood_bound('losses.lost_count', 'high') }} / nullif(losses.expected_lost_count, 0) as rate_ratio_high,
        adjusted.p_value,
        adjusted.q_value,
        adjusted.q_value <= policies.effect_false_discovery_share as is_significant
    from losses
    left join int_failure_policies as policies
        on losses.to_month = policies.reporting_month
    left join adjusted
        on losses.event_type = adjusted.event_type
)

select * from final
