-- Given their sum, the new count of two Poisson counts is binomial, with its part of the exposure as share.
with

int_failure_comparisons as (
    select * from {{ ref('int_failure_comparisons') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

counted as (
    select
        failure_code,
        known_month,
        after_events as successes,
        before_events + after_events as trials,
        {{ safe_ratio('after_exposure', 'before_exposure + after_exposure') }} as share
    from int_failure_comparisons
),

{{ add_binomial_tails('tails', 'counted', ['failure_code', 'known_month']) }}

rated as (
    select
        *,
        1000 * {{ safe_ratio('before_events', 'before_exposure') }} as before_per_1000,
        1000 * {{ safe_ratio('after_events', 'after_exposure') }} as after_per_1000,
        1000 * {{ garwood_bound('after_events', 'low') }} / nullif(after_exposure, 0) as after_low_per_1000,
        1000 * {{ garwood_bound('after_events', 'high') }} / nullif(after_exposure, 0) as after_high_per_1000,
        {{ safe_ratio('before_events', 'before_exposure') }} * after_exposure as expected_events
    from int_failure_comparisons
),

final as (
    select
        rated.failure_code,
        rated.known_month,
        rated.action_id,
        rated.done_on,
        rated.baseline_from_month,
        rated.baseline_to_month,
        rated.after_from_month,
        rated.after_to_month,
        rated.before_events,
        rated.before_exposure,
        rated.before_per_1000,
        rated.after_events,
        rated.after_exposure,
        rated.after_per_1000,
        rated.after_low_per_1000,
        rated.after_high_per_1000,
        rated.expected_events,
        tails.lower_p_value,
        tails.upper_p_value,
        case
            when coalesce(rated.expected_events, 0) < policies.verdict_minimum_expected_events
                then 'insufficient_exposure'
            when
                tails.lower_p_value <= policies.verdict_significance
                and rated.after_high_per_1000 < policies.verdict_solved_share * rated.before_per_1000 then 'solved'
            when tails.lower_p_value <= policies.verdict_significance then 'improved'
            when tails.upper_p_value <= policies.verdict_significance then 'worse'
            else 'unchanged'
        end as verdict,
        rated.is_confounded
    from rated
    inner join int_failure_policies as policies
        on rated.known_month = policies.reporting_month
    left join tails
        on
            rated.failure_code = tails.failure_code
            and rated.known_month = tails.known_month
)

select * from final
