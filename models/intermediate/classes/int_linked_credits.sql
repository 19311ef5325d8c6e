-- A credit note lowers revenue in its own month, but in classing it belongs to the order it takes back:
-- an order that was reversed must not make a key account of anybody.
with

fct_invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }}
    where document_type = 'credit_note' and original_document_no is not null and is_revenue
),

originals as (
    select
        document_no,
        {{ month_of('document_date') }} as original_month
    from {{ ref('stg_ledger__invoices') }}
),

final as (
    select
        credits.customer_key,
        originals.original_month,
        credits.reporting_month as credit_month,
        cast(sum(credits.net_revenue_constant_amount) as decimal(18, 4)) as net_revenue,
        cast(coalesce(sum(credits.margin_amount), 0) as decimal(18, 4)) as margin
    from fct_invoice_lines as credits
    inner join originals
        on credits.original_document_no = originals.document_no
    where originals.original_month < credits.reporting_month
    group by
        credits.customer_key,
        originals.original_month,
        credits.reporting_month
)

select * from final
