{% test never_null(model, columns) %}

{# One question for all columns of a model: asked one by one they cost as much as the model. #}
select
    {{ columns | join(',\n    ') }}
from {{ model }}
where
    {{ columns | join(' is null\n    or ') }} is null

{% endtest %}
