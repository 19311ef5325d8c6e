{# How many of some conditions hold, or are known at all. A condition that is NULL is neither. #}
{% macro count_conditions(conditions, what) -%}
{%- for condition in conditions -%}
    case when {{ condition }}{{ " is not null" if what == 'known' }} then 1 else 0 end
    {%- if not loop.last %} + {% endif -%}
{%- endfor -%}
{%- endmacro %}
