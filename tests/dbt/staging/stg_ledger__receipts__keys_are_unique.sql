-- The latest delivery; earlier ones were tested when they came.
select
    receipt_no,
    document_no,
    count(*) as row_count
from {{ ref('stg_ledger__receipts') }}
where {{ in_latest_delivery('ledger', 'receipts') }}
group by
    receipt_no,
    document_no
having count(*) > 1
