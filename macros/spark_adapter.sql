{#
    What dbt-spark's own macros get wrong, put right under the names dbt looks for. Each says what
    happens without it.
#}

{#
    A seed's rows as literals. dbt-spark fills text into the statement as it is when it runs in a session: an
    apostrophe ends the string, and an empty field arrives as the word None.
#}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
        {%- call statement('seed_rows_' ~ loop.index) -%}
            insert into {{ this }} values
            {% for row in rows -%}
            ({% for column in agate_table.column_names -%}
                cast({{ spark_literal(row[column]) }} as {{ types.get(column, adapter.convert_type(agate_table, loop.index0)) }})
                {{- ", " if not loop.last }}
            {%- endfor %}){{ "," if not loop.last }}
            {% endfor %}
        {%- endcall -%}
    {%- endfor -%}
    {{ return("-- " ~ agate_table.rows | length ~ " rows") }}
{%- endmacro %}

{% macro spark_literal(value) -%}
    {%- if value is none -%} null
    {%- else -%} '{{ value | string | replace("\\", "\\\\") | replace("'", "\\'") }}'
    {%- endif -%}
{%- endmacro %}
