{#
    A table is replaced within one transaction, which DuckDB undoes as a whole where the build fails. dbt-duckdb's
    own way makes the new table beside the old, renames both and drops the old one in a second transaction, after asking
    the catalog for indexes: six statements and two commits more for each of three hundred tables. No table here
    has an index, a foreign key, a grant or a comment, so what that way does about them is left out.
#}
{% materialization table, adapter="duckdb" %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type="table") -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if existing_relation is not none and not existing_relation.is_table %}
        {% do adapter.drop_relation(existing_relation) %}
    {% endif %}
    {% call statement("main") -%}
        drop table if exists {{ target_relation }};
        {{ create_table_as(False, target_relation, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}
