{% test holds_for_every_row(model, expression) %}

{#
    An identity or rule within a row, such as "start + new - lost = end". A row for which the
    expression is NULL fails: write coalesce or "is null or" where unknown is allowed.
#}
select *
from {{ model }}
where not coalesce({{ expression }}, false)

{% endtest %}
