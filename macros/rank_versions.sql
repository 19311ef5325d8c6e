{% macro rank_versions(rows, text_key, other_key=[]) -%}
    row_number() over (
        partition by
            {% for column in text_key -%}
            trim({{ rows }}.{{ column }}){{ "," if other_key or not loop.last }}
            {% endfor -%}
            {% for column in other_key -%}
            {{ rows }}.{{ column }}{{ "," if not loop.last }}
            {% endfor %}
        order by
            current_files.file_rank desc nulls last,
            {{ rows }}.load_line_number desc nulls last
    )
{%- endmacro %}
