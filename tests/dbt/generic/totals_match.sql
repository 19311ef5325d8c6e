{% test totals_match(
    model, expression, to, to_expression=none, group_by=[], to_group_by=none,
    condition="true", to_condition="true", tolerance=0
) %}

{#
    The sum of an expression is the same in two relations, in total or within every group. Both
    ways: a group that only one side has fails unless its total is zero. Written as a union and
    not as a join, so that NULL groups are compared too.
#}
{%- set to_groups = to_group_by if to_group_by is not none else group_by -%}
with

both_sides as (
    select
        {% for column in group_by -%}
        {{ column }} as group_{{ loop.index }},
        {% endfor -%}
        cast({{ expression }} as decimal(28, 8)) as left_value,
        cast(0 as decimal(28, 8)) as right_value
    from {{ model }}
    where {{ condition }}

    union all

    select
        {% for column in to_groups -%}
        {{ column }} as group_{{ loop.index }},
        {% endfor -%}
        cast(0 as decimal(28, 8)) as left_value,
        cast({{ to_expression or expression }} as decimal(28, 8)) as right_value
    from {{ to }}
    where {{ to_condition }}
),

totalled as (
    select
        {% for column in group_by -%}
        group_{{ loop.index }},
        {% endfor -%}
        coalesce(sum(left_value), 0) as left_total,
        coalesce(sum(right_value), 0) as right_total
    from both_sides
    {% if group_by -%}
    group by
        {% for column in group_by -%}
        group_{{ loop.index }}{{ "," if not loop.last }}
        {% endfor -%}
    {%- endif %}
)

select *
from totalled
where abs(left_total - right_total) > {{ tolerance }}

{% endtest %}
