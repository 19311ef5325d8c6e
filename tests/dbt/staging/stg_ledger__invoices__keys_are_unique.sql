-- The latest delivery; earlier ones were tested when they came.
select
    document_no,
    count(*) as row_count
from {{ ref('stg_ledger__invoices') }}
where {{ in_latest_delivery('ledger', 'invoices') }}
group by
    document_no
having count(*) > 1
