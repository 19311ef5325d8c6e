{#
    Natural logarithm of n!, by Stirling's series at n + 10, which is exact to 1e-10 from there on. It
    is part of neither dialect's common functions.
#}
{% macro log_factorial(n) -%}
{%- set m = "(cast(" ~ n ~ " as double) + 10)" -%}
    (
        ({{ m }} + 0.5) * ln({{ m }}) - {{ m }} + 0.9189385332046727 + 1 / (12 * {{ m }})
        - 1 / (360 * power({{ m }}, 3)) + 1 / (1260 * power({{ m }}, 5))
        - ln({% for step in range(10) %}({{ m }} - {{ step }}){{ " * " if not loop.last }}{% endfor %})
    )
{%- endmacro %}


{#
    Adds the CTE <name>: the exact tails of a binomial count, P(X <= successes) as lower_p_value and
    P(X >= successes) as upper_p_value, and P(X = successes) as probability, beside the counts. Two Poisson
    counts given their sum are such a count, with the first one's part of the exposure as share. Summed is
    the side away from the mean, where terms only fall: five times the root of the trials and twenty more
    are all that matter. Each CTE reads the one before it and nothing else: Spark writes a CTE out wherever
    it is read, and add_rate_ratios puts five of these in a row.
#}
{% macro add_binomial_tails(name, relation, keys) -%}
{%- set counted = keys + ['successes', 'trials', 'share'] -%}
{{ name }}_sides as (
    select
        {{ counted | join(',\n        ') }},
        successes <= trials * share as is_below,
        case when successes <= trials * share then -1 else 1 end as direction,
        cast(least(
            floor(5 * sqrt(trials) + 20),
            case when successes <= trials * share then successes else trials - successes end
        ) as bigint) as last_step
    from {{ relation }}
    where
        share > 0
        and share < 1
        and successes between 0 and trials
),

{{ name }}_steps as (
    select
        {{ counted | join(',\n        ') }},
        is_below,
        direction,
        {{ unnest_numbers('0', 'last_step') }} as step
    from {{ name }}_sides
),

{{ name }}_terms as (
    select
        {{ counted | join(',\n        ') }},
        is_below,
        step,
        exp(
            {{ log_factorial('trials') }}
            - {{ log_factorial('(successes + direction * step)') }}
            - {{ log_factorial('(trials - successes - direction * step)') }}
            + (successes + direction * step) * ln(share)
            + (trials - successes - direction * step) * ln(1 - share)
        ) as term
    from {{ name }}_steps
),

{{ name }}_summed as (
    select
        {{ counted | join(',\n        ') }},
        is_below,
        -- As decimals, whose sum does not depend on the order of the rows; so many digits keep small tails.
        least(1, cast(sum(cast(term as decimal(38, 30))) as double)) as tail,
        max(case when step = 0 then term end) as probability
    from {{ name }}_terms
    group by
        {{ counted | join(',\n        ') }},
        is_below
),

{{ name }} as (
    select
        {{ counted | join(',\n        ') }},
        probability,
        case when is_below then tail else greatest(0, 1 - tail + probability) end as lower_p_value,
        case when is_below then greatest(0, 1 - tail + probability) else tail end as upper_p_value
    from {{ name }}_summed
),
{%- endmacro %}


{#
    Adds the CTE <name>: the ratio of two Poisson rates with its exact 95 % interval, from the Clopper-Pearson
    bounds of the first count's share in both (Clopper and Pearson 1934). They solve an equation of the binomial
    tail. Its logarithm is a concave function of the share's log odds, so that Newton's steps from Wilson's bounds
    cannot miss; five leave an error below 1e-9. No first events have the lower bound 0; no other events leave
    ratio and upper bound unknown.
#}
{% macro add_rate_ratios(name, relation, keys) -%}
{%- if (var('confidence_z') | float - 1.959964) | abs > 0.000001 -%}
    {{ exceptions.raise_compiler_error("add_rate_ratios: its bounds hold for a confidence of 95 %") }}
{%- endif -%}
{%- set named = keys + ['bound', 'successes', 'trials'] -%}
{{ name }}_step_0 as (
    {% for bound in ['low', 'high'] -%}
    select
        {{ keys | join(',\n        ') }},
        '{{ bound }}' as bound,
        events as successes,
        events + other_events as trials,
        {{ wilson_bound('events', '(events + other_events)', bound) }} as share
    from {{ relation }}
    where {{ 'events' if bound == 'low' else 'other_events' }} > 0
    {% if loop.first %}
    union all

    {% endif -%}
    {% endfor %}
),

{% for step in range(1, 6) -%}
{%- set tails = name ~ '_tails_' ~ step -%}
{{ add_binomial_tails(tails, name ~ '_step_' ~ (step - 1), keys + ['bound']) }}

{{ name }}_slopes_{{ step }} as (
    select
        {{ named | join(',\n        ') }},
        share,
        ln(case when bound = 'low' then upper_p_value else lower_p_value end) as log_tail,
        case when bound = 'low' then successes * (1 - share) else (successes - trials) * share end
        * probability as probability_slope
    from {{ tails }}
),

{{ name }}_step_{{ step }} as (
    select
        {{ named | join(',\n        ') }},
        1 / (1 + (1 - share) / share * exp((log_tail - ln(0.025)) * exp(log_tail) / probability_slope)) as share
    from {{ name }}_slopes_{{ step }}
),

{% endfor -%}
{{ name }} as (
    select
        relation.{{ keys | join(',\n        relation.') }},
        {{ safe_ratio('max(relation.events)', 'max(relation.exposure)') }}
        / nullif({{ safe_ratio('max(relation.other_events)', 'max(relation.other_exposure)') }}, 0) as rate_ratio,
        case
            when max(relation.events) = 0 and max(relation.other_events) > 0 and max(relation.exposure) > 0
                then cast(0 as double)
            else max(case when bounds.bound = 'low' then bounds.share / (1 - bounds.share) end)
                * {{ safe_ratio('max(relation.other_exposure)', 'max(relation.exposure)') }}
        end as rate_ratio_low,
        max(case when bounds.bound = 'high' then bounds.share / (1 - bounds.share) end)
        * {{ safe_ratio('max(relation.other_exposure)', 'max(relation.exposure)') }} as rate_ratio_high
    from {{ relation }} as relation
    left join {{ name }}_step_5 as bounds
        on
            {% for key in keys -%}
            {{ 'and ' if not loop.first }}relation.{{ key }} = bounds.{{ key }}
            {% endfor %}
    group by
        relation.{{ keys | join(',\n        relation.') }}
),
{%- endmacro %}


{#
    Adds the CTE <name>: how far from the expected the losses of each kind are, as an exact two-sided p-value, and the
    smallest share of false findings at which the kind is one (Benjamini and Hochberg 1995). Expects exposed_count,
    lost_count and expected_lost_count.
#}
{% macro add_loss_tests(name, losses, kind) -%}
{{ name }}_counted as (
    select
        {{ kind }},
        lost_count as successes,
        exposed_count as trials,
        expected_lost_count / exposed_count as share
    from {{ losses }}
),

{{ add_binomial_tails(name ~ '_tails', name ~ '_counted', [kind]) }}

{{ name }}_placed as (
    select
        {{ kind }},
        least(1, 2 * least(lower_p_value, upper_p_value)) as p_value,
        rank() over (order by least(lower_p_value, upper_p_value) asc nulls last) as place,
        count(*) over () as test_count
    from {{ name }}_tails
),

{{ name }} as (
    select
        {{ kind }},
        p_value,
        least(1, min(p_value * test_count / place) over (
            order by place desc nulls last, {{ kind }} asc nulls last
            rows between unbounded preceding and current row
        )) as q_value
    from {{ name }}_placed
),
{%- endmacro %}


{#
    Adds the CTE <name>: how likely nothing but chance takes a count so far from the rate before it, or farther on the
    same side, as p_value. It is exact at any count and takes the centre line for what it is, a count like the other:
    of two Poisson counts at one rate the first, given both, is binomial. Where months vary more than Poisson says,
    events come as if sigma_z squared at a time; counted are such lots, rounded against the signal. Expects
    event_count, exposure_count, baseline_events, baseline_exposure and sigma_z.
#}
{% macro add_change_tests(name, relation, keys) -%}
{{ name }}_lots as (
    select
        {{ keys | join(',\n        ') }},
        is_above,
        case
            when is_above then floor(event_count / (sigma_z * sigma_z))
            else ceil(event_count / (sigma_z * sigma_z))
        end as successes,
        case
            when is_above then ceil(baseline_events / (sigma_z * sigma_z))
            else floor(baseline_events / (sigma_z * sigma_z))
        end as failures,
        {{ safe_ratio('exposure_count', 'exposure_count + baseline_exposure') }} as share
    from (
        select
            *,
            event_count * baseline_exposure > baseline_events * exposure_count as is_above
        from {{ relation }}
    ) as compared
),

{{ name }}_counted as (
    select
        {{ keys | join(',\n        ') }},
        successes,
        successes + failures as trials,
        share
    from {{ name }}_lots
),

{{ add_binomial_tails(name ~ '_tails', name ~ '_counted', keys) }}

{{ name }} as (
    select
        lots.{{ keys | join(',\n        lots.') }},
        case when lots.is_above then tails.upper_p_value else tails.lower_p_value end as p_value
    from {{ name }}_lots as lots
    inner join {{ name }}_tails as tails
        on
            {% for key in keys -%}
            {{ 'and ' if not loop.first }}lots.{{ key }} = tails.{{ key }}
            {% endfor %}
),
{%- endmacro %}
