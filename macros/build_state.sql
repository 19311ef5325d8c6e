{#
    What the incremental models were built from, and what follows from it. The tables are in
    models/intermediate/revenue/_build_state__sources.yml; docs/decisions/0005 says why.
#}

{# Runs at the start of every dbt command that executes nodes, so that views over the tables can bind. #}
{% macro create_build_state() -%}
    {{ return(adapter.dispatch('create_build_state')()) }}
{%- endmacro %}

{% macro default__create_build_state() -%}
    {% if execute %}
        {% set sources = graph.sources.values() | selectattr('source_name', 'equalto', 'build_state') | list %}
        {% for table in sources %}
            {% if loop.first %}
                {% do run_query("create schema if not exists " ~ table.schema) %}
            {% endif %}
            {% set columns = [] %}
            {% for column in table.columns.values() %}
                {% do columns.append(column.name ~ " " ~ column.data_type) %}
            {% endfor %}
            {% do run_query(
                "create table if not exists " ~ table.schema ~ "." ~ table.identifier
                ~ " (" ~ columns | join(", ") ~ ")"
            ) %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{% macro spark__create_build_state() -%}
    {% if execute %}
        {% set sources = graph.sources.values() | selectattr('source_name', 'equalto', 'build_state') | list %}
        {% for table in sources %}
            {% if loop.first %}
                {# Not run_query: over Thrift it asks for rows, which these statements do not have. #}
                {% call statement() %}create schema if not exists {{ table.schema }}{% endcall %}
            {% endif %}
            {% set columns = [] %}
            {% for column in table.columns.values() %}
                {% do columns.append(column.name ~ " " ~ column.data_type) %}
            {% endfor %}
            {% call statement() %}
                create table if not exists {{ table.schema }}.{{ table.identifier }}
                ({{ columns | join(", ") }}) using iceberg
            {% endcall %}
        {% endfor %}
    {% endif %}
{%- endmacro %}


{# First hook of an incremental model: makes room for the months that are built anew. #}
{% macro delete_restated_months(restated) -%}
    {% if is_incremental() -%}
    delete from {{ this }}
    where reporting_month in (select reporting_month from {{ restated }})
    {%- endif %}
{%- endmacro %}


{#
    A merge moves a customer's whole history and a new category a product's. Both are a column of
    the rows that stand, so they are written over in place; building all those months anew would
    read nearly the whole ledger.
#}
{% macro move_absorbed_customers() -%}
    {% if is_incremental() -%}
    merge into {{ this }} as lines
    using (
        select
            coalesce(identities.customer_code, built.customer_code) as customer_code,
            coalesce(identities.customer_key, built.customer_code) as customer_key
        from (
            select customer_code, customer_key
            from {{ ref('int_customer_identities') }}
            where customer_code is not null and is_absorbed
        ) as identities
        full outer join {{ source('build_state', 'invoice_line_customers') }} as built
            on identities.customer_code = built.customer_code
        where
            coalesce(identities.customer_key, built.customer_code)
            <> coalesce(built.customer_key, identities.customer_code)
    ) as changes
    on lines.customer_code = changes.customer_code
    when matched then update set customer_key = changes.customer_key
    {%- endif %}
{%- endmacro %}

{% macro move_recategorised_products() -%}
    {% if is_incremental() -%}
    merge into {{ this }} as lines
    using (
        select
            coalesce(products.product_code, built.product_code) as product_code,
            products.product_category
        from {{ ref('stg_ledger__products') }} as products
        full outer join {{ source('build_state', 'invoice_line_products') }} as built
            on products.product_code = built.product_code
        where coalesce(products.product_category, '') <> coalesce(built.product_category, '')
    ) as changes
    on lines.product_key = changes.product_code
    when matched then update set product_category = changes.product_category
    {%- endif %}
{%- endmacro %}


{#
    Last hooks of fct_invoice_lines, one statement each because not every engine takes several.
    The log of builds comes first: int_restated_months is a view over the other tables.
#}
{% macro record_invoice_line_build() -%}
    insert into {{ source('build_state', 'invoice_line_builds') }} (build_number, reporting_month)
    select
        coalesce(
            (select max(build_number) from {{ source('build_state', 'invoice_line_builds') }}), 0
        ) + 1 as build_number,
        reporting_month
    from {{ ref('int_restated_months') if is_incremental() else this }}
    group by reporting_month
{%- endmacro %}

{% macro forget_build_state(table) -%}
    delete from {{ source('build_state', table) }} where true
{%- endmacro %}

{% macro record_invoice_line_files() -%}
    insert into {{ source('build_state', 'invoice_line_files') }} (table_name, file_id)
    select table_name, file_id
    from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name in ('invoices', 'invoice_lines')
{%- endmacro %}

{% macro record_invoice_line_rates() -%}
    insert into {{ source('build_state', 'invoice_line_rates') }}
    (currency, rate_month, rate_to_reporting, constant_rate_to_reporting)
    select currency, rate_month, rate_to_reporting, constant_rate_to_reporting
    from {{ ref('int_exchange_rates') }}
{%- endmacro %}

{% macro record_invoice_line_customers() -%}
    insert into {{ source('build_state', 'invoice_line_customers') }} (customer_code, customer_key, is_internal)
    select customer_code, customer_key, is_internal
    from {{ ref('int_customer_identities') }}
    where customer_code is not null and (is_absorbed or is_internal)
{%- endmacro %}

{% macro record_invoice_line_products() -%}
    insert into {{ source('build_state', 'invoice_line_products') }} (product_code, product_category)
    select product_code, product_category
    from {{ ref('stg_ledger__products') }}
{%- endmacro %}

{# For models above the lines: the months of builds they have not taken over, and what they have. #}
{% macro find_untaken_months(table) -%}
    select latest_builds.reporting_month
    from (
        select
            reporting_month,
            max(build_number) as build_number
        from {{ source('build_state', 'invoice_line_builds') }}
        group by reporting_month
    ) as latest_builds
    left join {{ source('build_state', table) }} as taken_builds
        on
            latest_builds.reporting_month = taken_builds.reporting_month
            and latest_builds.build_number = taken_builds.build_number
    where taken_builds.reporting_month is null
{%- endmacro %}

{% macro record_taken_builds(table) -%}
    insert into {{ source('build_state', table) }} (build_number, reporting_month)
    select max(build_number) as build_number, reporting_month
    from {{ source('build_state', 'invoice_line_builds') }}
    group by reporting_month
{%- endmacro %}


{#
    Condition for data tests of an incremental model: only the months its last build touched. The
    rest was tested when it was built, and nothing has written to it since.
#}
{% macro in_latest_build() -%}
    reporting_month in (
        select reporting_month from {{ source('build_state', 'invoice_line_builds') }}
        where build_number = (
            select max(build_number) from {{ source('build_state', 'invoice_line_builds') }}
        )
    )
{%- endmacro %}
