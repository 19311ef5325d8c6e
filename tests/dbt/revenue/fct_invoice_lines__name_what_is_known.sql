-- Every line has a rate, a class of the vocabulary and, unless it is a cash sale, a customer; for the
-- months the last build wrote.
with

lines as (
    select * from {{ ref('fct_invoice_lines') }}
    where {{ in_latest_build() }}
),

checked as (
    select
        lines.document_no,
        lines.line_no,
        case
            when lines.net_revenue_amount is null then 'no rate for ' || lines.currency
            when line_classes.line_class is null then 'unknown class ' || lines.line_class
            when lines.customer_key is not null and customers.customer_key is null
                then 'unknown customer ' || lines.customer_key
        end as problem
    from lines
    left join {{ ref('line_classes') }} as line_classes
        on lines.line_class = line_classes.line_class
    left join {{ ref('dim_customers') }} as customers
        on lines.customer_key = customers.customer_key
)

select * from checked
where problem is not null
