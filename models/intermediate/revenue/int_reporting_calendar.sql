-- Months are those of the ledger. Where no ledger was ever delivered, the periods of the delivered contacts and cases
-- stand in, so that a company with nothing but a CRM is told what its CRM knows.
with

invoices as (
    select * from {{ ref('stg_ledger__invoices') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where
        (source_name = 'ledger' and table_name in ('invoices', 'invoice_lines'))
        or (source_name = 'crm' and table_name in ('activities', 'cases'))
),

ledger_months as (
    select
        {{ month_of('min(document_date)') }} as first_month,
        {{ month_of('max(document_date)') }} as last_data_month
    from invoices
),

relation_months as (
    select
        {{ month_of('min(period_start)') }} as first_month,
        {{ month_of(dbt.dateadd('day', -1, 'max(period_end)')) }} as last_data_month
    from current_files
    where source_name = 'crm'
),

table_reaches as (
    select
        source_name,
        table_name,
        max(complete_through) as complete_through
    from current_files
    group by
        source_name,
        table_name
),

-- Headers without lines, or lines without headers, vouch for nothing.
reaches as (
    select
        case
            when count(case when source_name = 'ledger' then complete_through end) = 2
                then min(case when source_name = 'ledger' then complete_through end)
            when count(case when source_name = 'ledger' then table_name end) = 0
                then min(case when source_name = 'crm' then complete_through end)
        end as data_complete_through
    from table_reaches
),

dated as (
    select
        reaches.data_complete_through,
        coalesce(ledger_months.first_month, relation_months.first_month) as first_month,
        coalesce(ledger_months.last_data_month, relation_months.last_data_month) as last_data_month,
        {% if var('as_of_date') is none -%}
        coalesce(ledger_months.last_data_month, relation_months.last_data_month) as as_of_month
        {%- else -%}
        {{ month_of("cast('" ~ var('as_of_date') ~ "' as date)") }} as as_of_month
        {%- endif %}
    from ledger_months
    cross join relation_months
    cross join reaches
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
