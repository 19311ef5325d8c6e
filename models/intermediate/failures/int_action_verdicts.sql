-- Given their sum, the new count of two Poisson counts is binomial, with its part of the exposure as share.
{%- set compared_columns = [
    'target_code', 'known_month', 'action_id', 'done_on', 'is_after_complete', 'baseline_from_month',
    'baseline_to_month', 'after_from_month', 'after_to_month', 'before_events', 'before_exposure', 'after_events',
    'after_exposure', 'is_confounded',
] %}
{%- set keys = ['target_kind', 'target_code', 'known_month', 'action_id'] %}
with

int_failure_comparisons as (
    select * from {{ ref('int_failure_comparisons') }}
),

int_cause_comparisons as (
    select * from {{ ref('int_cause_comparisons') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

comparisons as (
    select
        {{ compared_columns | join(',\n        ') }},
        'failure' as target_kind,
        is_latest,
        is_effect,
        cast(null as double) as before_known_share,
        cast(null as double) as after_known_share
    from int_failure_comparisons

    union all

    select
        {{ compared_columns | join(',\n        ') }},
        'cause' as target_kind,
        false as is_latest,
        true as is_effect,
        {{ safe_ratio('before_known_episodes', 'before_episodes') }} as before_known_share,
        {{ safe_ratio('after_known_episodes', 'after_episodes') }} as after_known_share
    from int_cause_comparisons
),

counted as (
    select
        {{ keys | join(',\n        ') }},
        after_events as successes,
        before_events + after_events as trials,
        {{ safe_ratio('after_exposure', 'before_exposure + after_exposure') }} as share
    from comparisons
),

{{ add_binomial_tails('tails', 'counted', keys) }}

rated as (
    select
        *,
        1000 * {{ safe_ratio('before_events', 'before_exposure') }} as before_per_1000,
        1000 * {{ safe_ratio('after_events', 'after_exposure') }} as after_per_1000,
        1000 * {{ garwood_bound('after_events', 'low') }} / nullif(after_exposure, 0) as after_low_per_1000,
        1000 * {{ garwood_bound('after_events', 'high') }} / nullif(after_exposure, 0) as after_high_per_1000,
        {{ safe_ratio('before_events', 'before_exposure') }} * after_exposure as expected_events
    from comparisons
),

final as (
    select
        rated.target_kind,
        {% for column in compared_columns -%}
        rated.{{ column }},
        {% endfor -%}
        rated.is_latest,
        rated.is_effect,
        rated.before_known_share,
        rated.after_known_share,
        rated.before_per_1000,
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
        end as verdict
    from rated
    inner join int_failure_policies as policies
        on rated.known_month = policies.reporting_month
    left join tails
        on
            rated.target_kind = tails.target_kind
            and rated.target_code = tails.target_code
            and rated.known_month = tails.known_month
            and rated.action_id = tails.action_id
)

select * from final
