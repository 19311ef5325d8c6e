-- Where every line of the ledger went. Counts and amounts are additive; the rejected lines stand in
-- rows of their own, because nobody knows what they were worth.
with

int_ledger_totals as (
    select * from {{ ref('int_ledger_totals') }}
),

stg_loader__current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'invoice_lines'
),

line_classes as (
    select * from {{ ref('line_classes') }}
),

ledger_lines as (
    select
        reporting_month,
        line_class,
        line_count,
        duplicate_line_count,
        customerless_line_count,
        document_count,
        net_amount,
        duplicate_amount,
        customerless_amount
    from int_ledger_totals
),

-- A file without a period belongs to no month; its rejected lines are counted by the load report.
rejected_lines as (
    select
        {{ month_of('period_start') }} as reporting_month,
        'rejected' as line_class,
        sum(rejected_count) as line_count,
        cast(null as bigint) as duplicate_line_count,
        cast(null as bigint) as customerless_line_count,
        cast(null as bigint) as document_count,
        cast(null as decimal(18, 4)) as net_amount,
        cast(null as decimal(18, 4)) as duplicate_amount,
        cast(null as decimal(18, 4)) as customerless_amount
    from stg_loader__current_files
    where period_start is not null and rejected_count > 0
    group by {{ month_of('period_start') }}
),

all_lines as (
    select * from ledger_lines
    union all
    select * from rejected_lines
),

final as (
    select
        all_lines.reporting_month,
        all_lines.line_class,
        coalesce(line_classes.label_en, 'Rejected by the loader') as line_class_label_en,
        coalesce(line_classes.label_zh, '装载时拒收') as line_class_label_zh,
        cast(all_lines.line_count as bigint) as line_count,
        cast(all_lines.duplicate_line_count as bigint) as duplicate_line_count,
        cast(all_lines.customerless_line_count as bigint) as customerless_line_count,
        cast(all_lines.document_count as bigint) as document_count,
        cast(all_lines.net_amount as decimal(18, 4)) as net_amount,
        cast(all_lines.duplicate_amount as decimal(18, 4)) as duplicate_amount,
        cast(all_lines.customerless_amount as decimal(18, 4)) as customerless_amount
    from all_lines
    left join line_classes
        on all_lines.line_class = line_classes.line_class
)

select * from final
