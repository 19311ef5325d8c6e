{#
    Raw tables of an engine the loader does not write to: taken over from the Parquet files that
    orchestration/spark/hand_over.py wrote, with the types of the contract. Replaced as a whole, each in one
    statement; what the incremental models were built from stays, so that they see which files are new.
#}
{% macro take_over_raw_tables(folder) -%}
    {{ return(adapter.dispatch('take_over_raw_tables')(folder)) }}
{%- endmacro %}

{% macro default__take_over_raw_tables(folder) -%}
    {{ exceptions.raise_compiler_error("take_over_raw_tables: the loader itself writes the raw tables of " ~ target.type) }}
{%- endmacro %}

{% macro spark__take_over_raw_tables(folder) -%}
    {% set raw_tables = graph.sources.values() | rejectattr('source_name', 'equalto', 'build_state') | list %}
    {% for schema in raw_tables | map(attribute='schema') | unique %}
        {% call statement() %}create schema if not exists {{ schema }}{% endcall %}
    {% endfor %}
    {% for table in raw_tables %}
        {% call statement() %}
            create or replace table {{ table.schema }}.{{ table.identifier }} using iceberg as
            select
                {% for column in table.columns.values() -%}
                cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }}{{ "," if not loop.last }}
                {% endfor %}
            from parquet.`{{ folder }}/{{ table.schema }}/{{ table.identifier }}.parquet`
        {% endcall %}
    {% endfor %}
    {% do log("Took over " ~ raw_tables | length ~ " raw tables.", info=true) %}
{%- endmacro %}
