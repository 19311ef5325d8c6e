{# What DuckDB and Spark say differently, and more than one model needs. #}

{% macro unnest_months(first_month, last_month) -%}
    {{ return(adapter.dispatch('unnest_months')(first_month, last_month)) }}
{%- endmacro %}


{% macro default__unnest_months(first_month, last_month) -%}
    cast(unnest(generate_series({{ first_month }}, {{ last_month }}, interval 1 month)) as date)
{%- endmacro %}


{% macro spark__unnest_months(first_month, last_month) -%}
    explode(sequence({{ first_month }}, {{ last_month }}, interval 1 month))
{%- endmacro %}


{% macro unnest_days(first_day, last_day) -%}
    {{ return(adapter.dispatch('unnest_days')(first_day, last_day)) }}
{%- endmacro %}


{% macro default__unnest_days(first_day, last_day) -%}
    cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date)
{%- endmacro %}


{% macro spark__unnest_days(first_day, last_day) -%}
    explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day))
{%- endmacro %}


{% macro format_month_en(month) -%}
    {{ return(adapter.dispatch('format_month_en')(month)) }}
{%- endmacro %}


{% macro default__format_month_en(month) -%}
    strftime({{ month }}, '%b %Y')
{%- endmacro %}


{% macro spark__format_month_en(month) -%}
    date_format({{ month }}, 'MMM yyyy')
{%- endmacro %}


{# DuckDB writes out a CTE that is read twice; for every line of a ledger, reading it twice is cheaper. #}
{% macro inline_cte() -%}
    {{ return(adapter.dispatch('inline_cte')()) }}
{%- endmacro %}


{% macro default__inline_cte() -%}
    not materialized
{%- endmacro %}


{% macro spark__inline_cte() -%}
{%- endmacro %}


{# The whole numbers from one to another, one row each. #}
{% macro unnest_numbers(first_number, last_number) -%}
    {{ return(adapter.dispatch('unnest_numbers')(first_number, last_number)) }}
{%- endmacro %}


{% macro default__unnest_numbers(first_number, last_number) -%}
    unnest(generate_series({{ first_number }}, {{ last_number }}))
{%- endmacro %}


{% macro spark__unnest_numbers(first_number, last_number) -%}
    explode(sequence({{ first_number }}, {{ last_number }}))
{%- endmacro %}


{#
    A fraction in [0, 1) drawn by a text: the first three digits of its hash, of 4096. The same text draws the same
    fraction on every adapter, and other texts draw theirs independently.
#}
{% macro hash_fraction(expression) -%}
    (
        {% for place in [1, 2, 3] -%}
        cast(instr('0123456789abcdef', substr({{ dbt.hash(expression) }}, {{ place }}, 1)) - 1 as double)
            / {{ 16 ** place }}{{ ' + ' if not loop.last }}
        {% endfor -%}
    )
{%- endmacro %}
