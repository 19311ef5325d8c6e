-- The months that the latest build wrote; nothing has written to the others since they were tested.
select
    receipt_no,
    document_no,
    count(*) as row_count
from {{ ref('fct_receipts') }}
where {{ in_built_months('receipt_months') }}
group by
    receipt_no,
    document_no
having count(*) > 1
