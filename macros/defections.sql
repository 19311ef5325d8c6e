{# Rules of the defection marts that several models share. #}

{# Whole months from one first day of a month to another; portable, unlike every datediff by month. #}
{% macro months_apart(first_month, last_month) -%}
    ((year({{ last_month }}) - year({{ first_month }})) * 12 + month({{ last_month }}) - month({{ first_month }}))
{%- endmacro %}


{# How far an amount fell, 0 where it rose and NULL where either end is unknown: greatest() would hide that. #}
{% macro fall_between(amount_before, amount_after) -%}
    case
        when {{ amount_before }} > {{ amount_after }} then {{ amount_before }} - {{ amount_after }}
        when {{ amount_before }} <= {{ amount_after }} then 0
    end
{%- endmacro %}


{# Select list of one figure of the director's page. #}
{% macro board_figure(
    section, measure, value, numerator, denominator='null', low='null', high='null', coverage='null',
    scheme="'all'", customer_class="'all'"
) -%}
    select
        reporting_month,
        '{{ section }}' as section,
        {{ measure }} as measure,
        {{ scheme }} as scheme,
        {{ customer_class }} as customer_class,
        cast({{ value }} as double) as figure_value,
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator,
        cast({{ low }} as double) as low_value,
        cast({{ high }} as double) as high_value,
        cast({{ coverage }} as double) as coverage_share
{%- endmacro %}
