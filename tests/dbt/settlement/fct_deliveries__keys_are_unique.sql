-- The months that the latest build wrote; nothing has written to the others since they were tested.
select
    delivery_no,
    line_no,
    count(*) as row_count
from {{ ref('fct_deliveries') }}
where {{ in_built_months('delivery_months') }}
group by
    delivery_no,
    line_no
having count(*) > 1
