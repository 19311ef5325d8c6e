-- Lines and money by month and class, the fact against the reconciliation, both ways, for the months the
-- last build wrote.
with

both_sides as (
    select
        reporting_month,
        line_class,
        1 as line_count,
        net_revenue_amount as net_amount
    from {{ ref('fct_invoice_lines') }}
    where {{ in_latest_build() }}
    union all
    select
        reporting_month,
        line_class,
        -line_count as line_count,
        -net_amount as net_amount
    from {{ ref('rpt_ledger_reconciliation') }}
    where line_class <> 'rejected' and {{ in_latest_build() }}
),

differences as (
    select
        reporting_month,
        line_class,
        sum(line_count) as line_difference,
        sum(net_amount) as amount_difference
    from both_sides
    group by
        reporting_month,
        line_class
)

select * from differences
where line_difference <> 0 or amount_difference <> 0
