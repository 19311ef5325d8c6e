{% test columns_within_range(model, columns, minimum=none, maximum=none) %}

{# within_range for several columns in one question. NULL passes; both bounds belong to the range. #}
select
    {{ columns | join(',\n    ') }}
from {{ model }}
where
    false
    {% for column in columns -%}
    {% if minimum is not none %}or {{ column }} < {{ minimum }}{% endif %}
    {% if maximum is not none %}or {{ column }} > {{ maximum }}{% endif %}
    {% endfor %}

{% endtest %}
