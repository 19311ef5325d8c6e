{# Hooks of fct_receipts and fct_deliveries; the way of working is that of macros/build_state.sql. #}

{# Pre-hook: a merge moves a customer's history in place, and a merge taken back moves it back. #}
{% macro move_merged_customers() -%}
    {% if is_incremental() -%}
    merge into {{ this }} as facts
    using (
        select customer_code, customer_key
        from {{ ref('int_customer_identities') }}
        where customer_code is not null
    ) as identities
    on facts.customer_code = identities.customer_code and facts.customer_key <> identities.customer_key
    when matched then update set customer_key = identities.customer_key
    {%- endif %}
{%- endmacro %}

{# Post-hook, before the files are recorded: which months this build wrote. #}
{% macro record_built_months(state_table, restated) -%}
    insert into {{ source('build_state', state_table) }} (reporting_month)
    select distinct reporting_month from {{ restated if is_incremental() else this }}
{%- endmacro %}

{# Post-hook: which files of the ledger the fact now holds. #}
{% macro record_built_files(state_table, table_names) -%}
    insert into {{ source('build_state', state_table) }} (table_name, file_id)
    select table_name, file_id
    from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name in ('{{ table_names | join("', '") }}')
{%- endmacro %}

{# Post-hook: which rates the fact now holds. #}
{% macro record_receipt_rates() -%}
    insert into {{ source('build_state', 'receipt_rates') }}
    (currency, rate_month, rate_to_reporting, constant_rate_to_reporting)
    select currency, rate_month, rate_to_reporting, constant_rate_to_reporting
    from {{ ref('int_exchange_rates') }}
{%- endmacro %}

{# Condition for data tests of a fact that is built by month: only what the latest build wrote. #}
{% macro in_built_months(state_table) -%}
    reporting_month in (select reporting_month from {{ source('build_state', state_table) }})
{%- endmacro %}

{# Condition for data tests of a stored staging table: only the latest delivery. #}
{% macro in_latest_delivery(source_name, table_name) -%}
    load_file_id in (
        select max_by(file_id, file_rank) from {{ ref('stg_loader__current_files') }}
        where source_name = '{{ source_name }}' and table_name = '{{ table_name }}'
    )
{%- endmacro %}
