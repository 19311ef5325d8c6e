{% test unique_combination(model, columns) %}

{# A key of several columns. NULLs group together, so a NULL in the key cannot hide a double. #}
select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by
    {{ columns | join(',\n    ') }}
having count(*) > 1

{% endtest %}
