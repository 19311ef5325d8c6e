-- Lines and money by month, staging against the fact, for the months the last build wrote. The version
-- that counts is chosen here in another way than the fact chooses it.
with

documents as (
    select
        document_no,
        {{ month_of('document_date') }} as reporting_month
    from {{ ref('stg_ledger__invoices') }}
),

built_documents as (
    select * from documents
    where {{ in_latest_build() }}
),

staged_lines as (
    select
        document_no,
        line_no,
        max_by(net_amount, file_rank) as net_amount
    from {{ ref('stg_ledger__invoice_lines') }}
    where document_no in (select built_documents.document_no from built_documents)
    group by
        document_no,
        line_no
),

built_lines as (
    select * from {{ ref('fct_invoice_lines') }}
    where {{ in_latest_build() }}
),

-- Joined by document, not by line: beside the lines' own keys a join of every line does not fit into memory.
staged_documents as (
    select
        document_no,
        count(*) as staged_count,
        sum(net_amount) as staged_amount
    from staged_lines
    group by document_no
),

both_sides as (
    select
        documents.reporting_month,
        staged_documents.staged_count,
        0 as built_count,
        staged_documents.staged_amount,
        0 as built_amount
    from staged_documents
    inner join built_documents as documents
        on staged_documents.document_no = documents.document_no
    union all
    select
        reporting_month,
        0 as staged_count,
        1 as built_count,
        0 as staged_amount,
        net_amount as built_amount
    from built_lines
),

totals as (
    select
        reporting_month,
        sum(staged_count) as staged_count,
        sum(built_count) as built_count,
        sum(staged_amount) as staged_amount,
        sum(built_amount) as built_amount
    from both_sides
    group by reporting_month
)

select * from totals
where staged_count <> built_count or staged_amount <> built_amount
