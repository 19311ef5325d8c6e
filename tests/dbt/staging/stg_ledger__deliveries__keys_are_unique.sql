-- The latest delivery; earlier ones were tested when they came.
select
    delivery_no,
    line_no,
    count(*) as row_count
from {{ ref('stg_ledger__deliveries') }}
where {{ in_latest_delivery('ledger', 'deliveries') }}
group by
    delivery_no,
    line_no
having count(*) > 1
