{% test same_keys(model, columns, to, to_columns=none, condition="true", to_condition="true") %}

{# Both relations hold the same set of keys: nothing lost on the way, nothing invented. #}
{%- set to_keys = to_columns if to_columns is not none else columns -%}
with

both_sides as (
    select distinct
        {% for column in columns -%}
        {{ column }} as key_{{ loop.index }},
        {% endfor -%}
        1 as is_left,
        0 as is_right
    from {{ model }}
    where {{ condition }}

    union all

    select distinct
        {% for column in to_keys -%}
        {{ column }} as key_{{ loop.index }},
        {% endfor -%}
        0 as is_left,
        1 as is_right
    from {{ to }}
    where {{ to_condition }}
)

select
    {% for column in columns -%}
    key_{{ loop.index }},
    {% endfor -%}
    max(is_left) as is_left,
    max(is_right) as is_right
from both_sides
group by
    {% for column in columns -%}
    key_{{ loop.index }}{{ "," if not loop.last }}
    {% endfor %}
having max(is_left) <> max(is_right)

{% endtest %}
