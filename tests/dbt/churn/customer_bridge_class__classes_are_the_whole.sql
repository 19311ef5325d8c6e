-- Over the classes of a scheme every part of the bridge is the company's, and nobody migrates out without
-- arriving.
with

bridge as (
    select * from {{ ref('rpt_customer_bridge_month') }}
),

classes as (
    select
        basis,
        scheme,
        {% for part in ['start', 'new', 'split', 'returned', 'migrated_in', 'migrated_out', 'lost', 'closed', 'end'] -%}
        sum({{ part }}_customer_count) as {{ part }}_customer_count,
        {% endfor -%}
        reporting_month
    from {{ ref('rpt_customer_bridge_class_month') }}
    group by
        basis,
        scheme,
        reporting_month
)

select classes.*
from classes
inner join bridge
    on classes.reporting_month = bridge.reporting_month
where
    {% for part in ['start', 'new', 'split', 'returned', 'lost', 'closed', 'end'] -%}
    classes.{{ part }}_customer_count <> bridge.{{ part }}_customer_count
    or {% endfor -%}
    classes.migrated_in_customer_count <> classes.migrated_out_customer_count
