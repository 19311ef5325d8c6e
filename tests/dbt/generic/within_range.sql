{% test within_range(model, column_name, minimum=none, maximum=none) %}

{# NULL passes: unknown is not out of range. Both bounds belong to the range. #}
select {{ column_name }}
from {{ model }}
where
    false
    {% if minimum is not none %}or {{ column_name }} < {{ minimum }}{% endif %}
    {% if maximum is not none %}or {{ column_name }} > {{ maximum }}{% endif %}

{% endtest %}
