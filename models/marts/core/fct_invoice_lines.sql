-- One row per line of the ledger, whatever its class: filter on is_qualifying or is_revenue before
-- summing. Amounts are additive in reporting currency; net_amount, in document currency, is not.
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

with

documents as (
    select * from {{ ref('stg_ledger__invoices') }}
    {% if is_incremental() -%}
    where
        {{ month_of('document_date') }} in (
            select restated.reporting_month from {{ ref('int_restated_months') }} as restated
        )
    {%- endif %}
),

line_versions as {{ inline_cte() if not is_incremental() }} (
    select * from {{ ref('stg_ledger__invoice_lines') }}
    {% if is_incremental() -%}
    where document_no in (select documents.document_no from documents)
    {%- endif %}
),

identities as (
    select * from {{ ref('int_customer_identities') }}
),

products as (
    select * from {{ ref('stg_ledger__products') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

{{ choose_line_versions('line_versions') }}

joined as (
    select
        lines.document_no,
        lines.line_no,
        coalesce(identities.customer_key, documents.customer_code) as customer_key,
        documents.customer_code,
        lines.product_code as product_key,
        products.product_category,
        documents.document_date,
        {{ month_of('documents.document_date') }} as reporting_month,
        documents.document_type,
        documents.original_document_no,
        documents.order_no,
        documents.sales_employee_id as sales_employee_key,
        coalesce(documents.currency, '{{ var("reporting_currency") }}') as currency,
        lines.quantity,
        lines.net_amount,
        {{ convert_amount('lines.net_amount', 'rates.rate_to_reporting') }} as net_revenue_amount,
        {{ convert_amount('lines.net_amount', 'rates.constant_rate_to_reporting') }} as net_revenue_constant_amount,
        {{ convert_amount('lines.discount_amount', 'rates.rate_to_reporting') }} as discount_amount,
        {{ convert_amount('lines.cost_amount', 'rates.rate_to_reporting') }} as cost_amount,
        lines.return_reason_code,
        lines.is_duplicate,
        coalesce(identities.is_internal, false) as is_internal
    from lines
    inner join documents
        on lines.document_no = documents.document_no
    -- Left joins: what a master does not know keeps its money.
    left join identities
        on documents.customer_code = identities.customer_code
    left join products
        on lines.product_code = products.product_code
    left join rates
        on
            coalesce(documents.currency, '{{ var("reporting_currency") }}') = rates.currency
            and {{ month_of('documents.document_date') }} = rates.rate_month
),

classified as (
    select
        *,
        {{ classify_line('is_internal', 'document_type', 'customer_code', 'quantity', 'net_amount') }} as line_class
    from joined
),

final as (
    select
        document_no,
        cast(line_no as bigint) as line_no,
        line_class,
        line_class = 'qualifying' as is_qualifying,
        customer_code is not null and line_class not in ('internal', 'adjustment') as is_revenue,
        customer_key,
        customer_code,
        product_key,
        product_category,
        document_date,
        reporting_month,
        document_type,
        original_document_no,
        order_no,
        sales_employee_key,
        currency,
        quantity,
        net_amount,
        net_revenue_amount,
        net_revenue_constant_amount,
        discount_amount,
        cost_amount,
        cast(net_revenue_amount - cost_amount as decimal(18, 4)) as margin_amount,
        return_reason_code,
        is_duplicate
    from classified
)

select * from final
