-- Overlapping and corrected deliveries must not leave a line in the fact twice.
select
    document_no,
    line_no,
    count(*) as row_count
from {{ ref('fct_invoice_lines') }}
where {{ in_latest_build() }}
group by document_no, line_no
having count(*) > 1
