-- A row of the matrix holds every customer of its start class, once.
select
    basis,
    scheme,
    reporting_month,
    class_at_start,
    sum(migration_share) as total_share
from {{ ref('rpt_class_migration') }}
group by
    basis,
    scheme,
    reporting_month,
    class_at_start
having
    sum(customer_count) <> max(start_customer_count)
    or abs(coalesce(sum(migration_share), 1) - 1) > 1e-9
