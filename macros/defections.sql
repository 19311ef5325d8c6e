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
