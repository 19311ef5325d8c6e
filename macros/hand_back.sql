{#
    The way back of take_over_raw_tables: relations of an engine that DuckDB does not read, written as Parquet
    for orchestration/spark/hand_back.py, which makes a DuckDB file of them.
#}
{% macro hand_back_relations(folder, relations) -%}
    {{ return(adapter.dispatch('hand_back_relations')(folder, relations)) }}
{%- endmacro %}

{% macro default__hand_back_relations(folder, relations) -%}
    {{ exceptions.raise_compiler_error("hand_back_relations: checks and publisher read the warehouse of " ~ target.type ~ " itself") }}
{%- endmacro %}

{% macro spark__hand_back_relations(folder, relations) -%}
    {% for relation in relations %}
        {% call statement() %}
            insert overwrite directory '{{ folder | replace("\\", "\\\\") | replace("'", "\\'") }}/{{ relation | replace(".", "/") }}.parquet' using parquet
            select * from {{ relation }}
        {% endcall %}
    {% endfor %}
    {% do log("Handed " ~ relations | length ~ " relations back.", info=true) %}
{%- endmacro %}
