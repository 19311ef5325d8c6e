with

invoices as (
    select * from {{ ref('stg_ledger__invoices') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name in ('invoices', 'invoice_lines')
),

ledger_months as (
    select
        {{ month_of('min(document_date)') }} as first_month,
        {{ month_of('max(document_date)') }} as last_data_month
    from invoices
),

table_reaches as (
    select
        table_name,
        max(complete_through) as complete_through
    from current_files
    group by table_name
),

-- Headers without lines, or lines without headers, vouch for nothing.
ledger_reach as (
    select case when count(complete_through) = 2 then min(complete_through) end as data_complete_through
    from table_reaches
),

dated as (
    select
        ledger_months.first_month,
        ledger_months.last_data_month,
        ledger_reach.data_complete_through,
        {% if var('as_of_date') is none -%}
        ledger_months.last_data_month as as_of_month
        {%- else -%}
        {{ month_of("cast('" ~ var('as_of_date') ~ "' as date)") }} as as_of_month
        {%- endif %}
    from ledger_months
    cross join ledger_reach
),

final as (
    select
        as_of_month,
        cast({{ dbt.last_day('as_of_month', 'month') }} as date) as as_of_date,
        data_complete_through,
        first_month,
        last_data_month
    from dated
)

select * from final
