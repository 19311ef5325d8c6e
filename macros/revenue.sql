{# Rules of the ledger that several models share. #}

{% macro month_of(date) -%}
    cast(date_trunc('month', {{ date }}) as date)
{%- endmacro %}


{#
    Adds the CTE <name>, which carries every key to the end of its chain: <key> and chain_end.
    A relation cannot call itself portably, so each step doubles the distance covered instead:
    three steps follow a chain of eight. Chains that are longer, or that bite their own tail, are
    found by assert_chains_end, which fails the run.
#}
{% macro follow_chains(name, links, key, next_key, doublings=3) -%}
{{ name }}_0 as (
    select
        {{ key }},
        coalesce({{ next_key }}, {{ key }}) as chain_end
    from {{ links }}
),
{% for step in range(1, doublings + 1) %}
{{ name }}{{ "" if step == doublings else "_" ~ step }} as (
    select
        near.{{ key }},
        far.chain_end
    from {{ name }}_{{ step - 1 }} as near
    inner join {{ name }}_{{ step - 1 }} as far
        on near.chain_end = far.{{ key }}
),
{% endfor %}
{%- endmacro %}


{#
    Most lines are in the reporting currency and need no arithmetic. Nineteen digits for the others,
    because DuckDB multiplies two decimals of up to 18 digits within 18, which a million in one
    currency overflows, and Spark keeps every decimal of 19 by 18 digits and no more.
#}
{% macro convert_amount(amount, rate) -%}
    case
        when {{ rate }} = 1 then cast({{ amount }} as decimal(18, 4))
        else cast(cast({{ amount }} as decimal(19, 4)) * {{ rate }} as decimal(18, 4))
    end
{%- endmacro %}


{#
    Every ledger line has exactly one class. The order of the branches is the rule: what is
    internal is never revenue, whatever its document says, and a free line is no cash sale.
#}
{% macro classify_line(is_internal, document_type, customer_code, quantity, net_amount) -%}
    case
        when {{ is_internal }} then 'internal'
        when {{ document_type }} in ('adjustment', 'credit_note', 'debit_note') then {{ document_type }}
        when {{ quantity }} < 0 or {{ net_amount }} < 0 then 'write_off'
        when {{ net_amount }} = 0 then 'zero_price'
        when {{ customer_code }} is null then 'cash_sale'
        when {{ quantity }} > 0 then 'qualifying'
        else 'zero_quantity'
    end
{%- endmacro %}


{#
    Adds the CTEs that end in lines: of every line delivered more than once the latest version, with
    is_duplicate. Sorting every line to choose among versions, or to find repetitions, costs more than
    all the rest of the fact; so only documents that need it are sorted: those in several files and
    those that repeat something.
#}
{% macro choose_line_versions(line_versions) -%}
contents as (
    select
        document_no,
        min(load_file_id) as first_file_id,
        max(load_file_id) as last_file_id,
        count(*) as line_count
    from {{ line_versions }}
    group by document_no, product_code, net_amount
),

doubtful_documents as (
    select document_no
    from contents
    group by document_no
    having min(first_file_id) <> max(last_file_id) or max(line_count) > 1
),

ranked_versions as (
    select
        *,
        row_number() over (
            partition by document_no, line_no
            order by file_rank desc nulls last, load_line_number desc nulls last
        ) as version_rank
    from {{ line_versions }}
    where document_no in (select doubtful_documents.document_no from doubtful_documents)
),

doubtful_lines as (
    select
        *,
        row_number() over (
            partition by
                document_no, product_code, quantity, unit_price, net_amount,
                discount_amount, cost_amount, return_reason_code
            order by line_no asc nulls last
        ) > 1 as is_duplicate
    from ranked_versions
    where version_rank = 1
),

plain_lines as (
    select
        *,
        cast(1 as bigint) as version_rank,
        false as is_duplicate
    from {{ line_versions }}
    where document_no not in (select doubtful_documents.document_no from doubtful_documents)
),

lines as (
    select * from plain_lines
    union all
    select * from doubtful_lines
),
{%- endmacro %}
