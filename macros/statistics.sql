{#
    Wilson score interval of a share (Wilson 1927), without continuity correction. The bounds are
    exactly 0 and 1 at no and at all successes, where the formula leaves rounding noise.
#}
{% macro wilson_bound(successes, trials, bound) -%}
{%- set n = "cast(" ~ trials ~ " as double)" -%}
{%- set p = "(" ~ successes ~ " / " ~ n ~ ")" -%}
{%- set z = var('confidence_z') -%}
{%- if bound not in ['low', 'high'] -%}
    {{ exceptions.raise_compiler_error("wilson_bound: bound is 'low' or 'high', not '" ~ bound ~ "'") }}
{%- endif -%}
    case
        when {{ trials }} is null or {{ trials }} <= 0 or {{ successes }} is null then null
        {% if bound == 'low' -%}
        when {{ successes }} = 0 then cast(0 as double)
        {%- else -%}
        when {{ successes }} = {{ trials }} then cast(1 as double)
        {%- endif %}
        else (
            {{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
            {{ "-" if bound == 'low' else "+" }} {{ z }} * sqrt(
                {{ p }} * (1 - {{ p }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
            )
        ) / (1 + {{ z }} * {{ z }} / {{ n }})
    end
{%- endmacro %}


{#
    A share per period restated for another length of period: what is left compounds, so 5 % a
    month is 45.96 % a year and not 60 %.
#}
{% macro rescale_rate(rate, from_days, to_days) -%}
    1 - power(1 - {{ rate }}, cast({{ to_days }} as double) / {{ from_days }})
{%- endmacro %}


{#
    One bound of Fisher's interval of a correlation (Fisher 1921): its inverse hyperbolic tangent is normal with the
    variance 1 / (n - 3). NULL for fewer than four pairs and for points on one line, of which it knows nothing.
#}
{% macro fisher_bound(correlation, pairs, bound) -%}
{%- set sign = "-" if bound == 'low' else "+" -%}
{%- set shifted -%}
    exp(
            ln((1 + {{ correlation }}) / (1 - {{ correlation }}))
            {{ sign }} 2 * {{ var('confidence_z') }} / sqrt(cast({{ pairs }} as double) - 3)
        )
{%- endset -%}
    case
        when {{ pairs }} > 3 and abs({{ correlation }}) < 1 then 1 - 2 / (1 + {{ shifted }})
    end
{%- endmacro %}


{# A ratio that is NULL, and no error, where there is nothing to divide by. #}
{% macro safe_ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}


{#
    Sums doubles so that the order of the rows does not show: threads hand rows over in another order each
    time, and the last digits of a sum of doubles would follow. Summed are decimals of 18 digits after the
    point, of which the last six absorb what thirds and the like lose. The window, if any, is the whole
    OVER clause.
#}
{% macro exact_sum(expression, window='') -%}
    cast(round(sum(cast({{ expression }} as decimal(38, 18))){{ ' ' ~ window if window }}, 12) as double)
{%- endmacro %}


{#
    Garwood bound of an expected count (Garwood 1936), 95 % two-sided: half a chi-square quantile with
    2k degrees of freedom below and 2k + 2 above. Chi-square quantiles have no closed form: exact values
    below a count of 20, the expansion of Goldberg and Levine (1946) from there on, which is within
    3e-8 of the exact value and nearer the larger the count.
#}
{% macro garwood_bound(events, bound) -%}
{%- if bound not in ['low', 'high'] -%}
    {{ exceptions.raise_compiler_error("garwood_bound: bound is 'low' or 'high', not '" ~ bound ~ "'") }}
{%- endif -%}
{%- if (var('confidence_z') | float - 1.959964) | abs > 0.000001 -%}
    {{ exceptions.raise_compiler_error("garwood_bound: its table holds for a confidence of 95 %") }}
{%- endif -%}
{%- set exact = {
    'low': [
        0.0, 0.0253178079843, 0.242209278544, 0.6186721228956, 1.0898653736263,
        1.6234863901184, 2.2018942534909, 2.8143630515199, 3.4538321767485, 4.1153730973783,
        4.7953886961324, 5.4911603672368, 6.2005751087222, 6.9219524910038, 7.6539302763006,
        8.3953861327833, 9.1453824536415, 9.9031264696073, 10.6679407803995, 11.4392411643667,
    ],
    'high': [
        3.6888794541139, 5.5716433909389, 7.224687667724, 8.7672730697423, 10.2415886754037,
        11.6683320793227, 13.0594740225187, 14.4226753617024, 15.7631892201933, 17.0848034514192,
        18.3903560420178, 19.682038513302, 20.961585048177, 22.2303959181589, 23.4896211218356,
        24.7402188714858, 25.9829975975609, 27.2186468159066, 28.447760267528, 29.6708535715856,
    ],
}[bound] -%}
    case
        when {{ events }} is null or {{ events }} < 0 then null
        {% for value in exact -%}
        when {{ events }} = {{ loop.index0 }} then cast({{ value }} as double)
        {% endfor -%}
        else {{ chi_square_quantile(
            "(2 * cast(" ~ events ~ " as double)" ~ (" + 2)" if bound == 'high' else ")"),
            var('confidence_z') if bound == 'high' else -1 * var('confidence_z')
        ) }} / 2
    end
{%- endmacro %}


{# Quantile of chi-square at the normal quantile z, by the Cornish-Fisher terms of Goldberg and Levine. #}
{% macro chi_square_quantile(degrees, z) -%}
{%- set root = "sqrt(" ~ degrees ~ ")" -%}
{%- set terms = [
    (2 * (z ** 2 - 1) / 3, "1"),
    ((z ** 3 - 7 * z) / (9 * 2 ** 0.5), root),
    (-1 * (6 * z ** 4 + 14 * z ** 2 - 32) / 405, degrees),
    ((9 * z ** 5 + 256 * z ** 3 - 433 * z) / (4860 * 2 ** 0.5), "(" ~ degrees ~ " * " ~ root ~ ")"),
    ((12 * z ** 6 - 243 * z ** 4 - 923 * z ** 2 + 1472) / 25515, "(" ~ degrees ~ " * " ~ degrees ~ ")"),
    (
        -1 * (3753 * z ** 7 + 4353 * z ** 5 - 289517 * z ** 3 - 289717 * z) / (9185400 * 2 ** 0.5),
        "(" ~ degrees ~ " * " ~ degrees ~ " * " ~ root ~ ")",
    ),
] -%}
    (
        {{ degrees }} + {{ 2 ** 0.5 * z }} * {{ root }}
        {% for factor, divisor in terms -%}
        + ({{ factor }}) / {{ divisor }}
        {% endfor -%}
    )
{%- endmacro %}


{#
    One limit of a u-chart: centre plus or minus so many standard deviations of a Poisson rate over the
    exposure of its own month, widened by Laney's sigma_z where months vary more than Poisson says, and
    never below zero.
#}
{% macro u_chart_limit(centre, exposure, sigmas, sigma_z, bound) -%}
{%- set width = sigmas ~ " * " ~ sigma_z ~ " * sqrt(" ~ centre ~ " / nullif(cast(" ~ exposure ~ " as double), 0))" -%}
    {% if bound == 'low' -%}
    case when {{ centre }} >= {{ width }} then {{ centre }} - {{ width }} when {{ width }} is not null then 0 end
    {%- else -%}
    {{ centre }} + {{ width }}
    {%- endif %}
{%- endmacro %}


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
    Adds the CTE <name>: what a u-chart says of a month from the months before it, which the relation lists, one row
    for each: their events and exposure, the centre line, and Laney's factor of overdispersion (Laney 2002), the
    mean moving range of their z-scores over d2, the mean range of two standard normal values. Months that vary less
    than Poisson says are luck and narrow nothing.
#}
{% macro add_chart_baselines(name, relation, keys, place) -%}
{%- set series = "partition by " ~ keys | join(', ') -%}
{{ name }}_centred as (
    select
        *,
        sum(event_count) over ({{ series }}) / sum(exposure_count) over ({{ series }}) as centre
    from {{ relation }}
),

{{ name }}_scored as (
    select
        *,
        (event_count / exposure_count - centre) / nullif(sqrt(centre / exposure_count), 0) as z_score
    from {{ name }}_centred
),

{{ name }}_moved as (
    select
        *,
        abs(z_score - lag(z_score) over ({{ series }} order by {{ place }} asc nulls last)) as moving_range
    from {{ name }}_scored
),

{{ name }} as (
    select
        {{ keys | join(',\n        ') }},
        sum(event_count) as baseline_events,
        sum(exposure_count) as baseline_exposure,
        count(*) as baseline_months,
        max(centre) as centre,
        greatest(1, coalesce({{ exact_sum('moving_range') }} / nullif(count(moving_range), 0) / 1.128, 1)) as sigma_z
    from {{ name }}_moved
    group by
        {{ keys | join(',\n        ') }}
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


{# The whole numbers from one to another, one row each. #}
{% macro unnest_numbers(first_number, last_number) -%}
    {{ return(adapter.dispatch('unnest_numbers')(first_number, last_number)) }}
{%- endmacro %}

{% macro default__unnest_numbers(first_number, last_number) -%}
    unnest(generate_series({{ first_number }}, {{ last_number }}))
{%- endmacro %}

{% macro spark__unnest_numbers(first_number, last_number) -%}
    explode(sequence({{ first_number }}, {{ last_number }}))
{%- endmacro %}


{#
    A fraction in [0, 1) drawn by a text: the first three digits of its hash, of 4096. The same text draws the same
    fraction on every adapter, and other texts draw theirs independently.
#}
{% macro hash_fraction(expression) -%}
    (
        {% for place in [1, 2, 3] -%}
        cast(instr('0123456789abcdef', substr({{ dbt.hash(expression) }}, {{ place }}, 1)) - 1 as double)
            / {{ 16 ** place }}{{ ' + ' if not loop.last }}
        {% endfor -%}
    )
{%- endmacro %}
