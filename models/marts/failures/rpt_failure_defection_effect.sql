-- One row per failure type: are customers lost more often after it than buyers like them without it. What is
-- found is not proved to be the cause; it says where to look first. Many types are tested at once, so a type
-- counts by its q-value and not by its p-value.
with

int_failure_losses as (
    select * from {{ ref('int_failure_losses') }}
),

int_failure_stakes as (
    select * from {{ ref('int_failure_stakes') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

dim_failure_types as (
    select * from {{ ref('dim_failure_types') }}
    where failure_level = 2
),

losses as (
    select int_failure_losses.*
    from int_failure_losses
    inner join dim_failure_types
        on int_failure_losses.failure_code = dim_failure_types.failure_type_key
),

{{ add_loss_tests('adjusted', 'losses', 'failure_code') }}

final as (
    select
        losses.failure_code as failure_type_key,
        losses.from_month,
        losses.to_month,
        losses.exposed_count,
        losses.lost_count,
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
        coalesce(adjusted.q_value <= policies.effect_false_discovery_share, false) as is_significant,
        coalesce(int_failure_stakes.affected_customer_count, 0) as affected_customer_count,
        cast(int_failure_stakes.margin_at_stake_t12 as decimal(18, 4)) as margin_at_stake_t12,
        -- What half a year of the excess would cost; nothing where customers stay all the same.
        cast(
            int_failure_stakes.margin_at_stake_t12 * case
                when losses.lost_count > losses.expected_lost_count
                    then (losses.lost_count - losses.expected_lost_count) / losses.exposed_count
                else 0
            end as decimal(18, 4)
        ) as expected_margin_loss
    from losses
    inner join int_failure_policies as policies
        on losses.to_month = policies.reporting_month
    left join adjusted
        on losses.failure_code = adjusted.failure_code
    left join int_failure_stakes
        on losses.failure_code = int_failure_stakes.failure_code
)

select * from final
