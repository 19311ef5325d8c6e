{% test no_gaps_in_months(model, column_name, group_by=[]) %}

{# A spine of months has every month between its first and its last, within each group. #}
{%- set month_number = "(year(" ~ column_name ~ ") * 12 + month(" ~ column_name ~ "))" -%}
select
    {% for column in group_by -%}
    {{ column }},
    {% endfor -%}
    max({{ month_number }}) - min({{ month_number }}) + 1 as expected_count,
    count(distinct {{ month_number }}) as found_count
from {{ model }}
{% if group_by -%}
group by
    {% for column in group_by -%}
    {{ column }}{{ "," if not loop.last }}
    {% endfor -%}
{%- endif %}
having max({{ month_number }}) - min({{ month_number }}) + 1 <> count(distinct {{ month_number }})

{% endtest %}
