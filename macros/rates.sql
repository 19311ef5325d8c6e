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


{#
    A share per period restated for another length of period: what is left compounds, so 5 % a
    month is 45.96 % a year and not 60 %.
#}
{% macro rescale_rate(rate, from_days, to_days) -%}
    1 - power(1 - {{ rate }}, cast({{ to_days }} as double) / {{ from_days }})
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
