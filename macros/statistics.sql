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


{# A ratio that is NULL, and no error, where there is nothing to divide by. #}
{% macro safe_ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}
