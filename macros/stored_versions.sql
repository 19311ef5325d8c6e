{#
    For staging tables that grow with the ledger. They keep the chosen version of every record and
    choose anew only among the records of deliveries that came or went since: choosing over the whole
    ledger would sort every document ever delivered, for every reader.
#}

{# CTE body: deliveries that {{ this }} was built without, or holds and should no longer. Nothing is
   remembered outside the table, so a run that died half-way is made good by the next. #}
{% macro find_changed_files() -%}
    select coalesce(current_files.file_id, built_files.file_id) as file_id
    from current_files
    full outer join (select distinct load_file_id as file_id from {{ this }}) as built_files
        on current_files.file_id = built_files.file_id
    where current_files.file_id is null or built_files.file_id is null
{%- endmacro %}

{# Post-hook: what only a withdrawn delivery held has no version left to replace it. #}
{% macro delete_withdrawn_rows(source_name, table_name) -%}
    delete from {{ this }}
    where load_file_id not in (
        select file_id from {{ ref('stg_loader__current_files') }}
        where source_name = '{{ source_name }}' and table_name = '{{ table_name }}'
    )
{%- endmacro %}
