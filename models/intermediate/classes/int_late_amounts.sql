-- What was known of late documents when a month's classes were first used, less what is known of them now.
with

int_late_documents as (
    select * from {{ ref('int_late_documents') }}
),

headers as (
    select
        late_documents.class_month,
        deliveries.*,
        row_number() over (
            partition by late_documents.class_month, deliveries.document_no
            order by deliveries.delivery_rank desc nulls last, deliveries.load_line_number desc nulls last
        ) as version_rank
    from int_late_documents as late_documents
    inner join {{ ref('stg_ledger__invoice_deliveries') }} as deliveries
        on
            late_documents.document_no = deliveries.document_no
            and late_documents.known_before_date > deliveries.known_on_date
            and (
                deliveries.superseded_on_date is null
                or late_documents.known_before_date <= deliveries.superseded_on_date
            )
),

lines as (
    select
        late_documents.class_month,
        deliveries.*,
        row_number() over (
            partition by late_documents.class_month, deliveries.document_no, deliveries.line_no
            order by deliveries.delivery_rank desc nulls last, deliveries.load_line_number desc nulls last
        ) as version_rank
    from int_late_documents as late_documents
    inner join {{ ref('stg_ledger__invoice_line_deliveries') }} as deliveries
        on
            late_documents.document_no = deliveries.document_no
            and late_documents.known_before_date > deliveries.known_on_date
            and (
                deliveries.superseded_on_date is null
                or late_documents.known_before_date <= deliveries.superseded_on_date
            )
),

identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

known_amounts as (
    select
        headers.class_month,
        coalesce(identities.customer_key, headers.customer_code) as customer_key,
        {{ month_of('headers.document_date') }} as document_month,
        {{ convert_amount('lines.net_amount', 'rates.constant_rate_to_reporting') }} as net_revenue,
        {{ convert_amount('lines.net_amount', 'rates.rate_to_reporting') }}
        - {{ convert_amount('lines.cost_amount', 'rates.rate_to_reporting') }} as margin
    from headers
    inner join lines
        on
            headers.class_month = lines.class_month
            and headers.document_no = lines.document_no
    left join identities
        on headers.customer_code = identities.customer_code
    left join rates
        on
            coalesce(headers.currency, '{{ var("reporting_currency") }}') = rates.currency
            and {{ month_of('headers.document_date') }} = rates.rate_month
    where
        headers.version_rank = 1
        and lines.version_rank = 1
        and headers.customer_code is not null
        and headers.document_type <> 'adjustment'
        and not coalesce(identities.is_internal, false)
),

present_amounts as (
    select
        late_documents.class_month,
        invoice_lines.customer_key,
        invoice_lines.reporting_month as document_month,
        -invoice_lines.net_revenue_constant_amount as net_revenue,
        -invoice_lines.margin_amount as margin
    from {{ ref('fct_invoice_lines') }} as invoice_lines
    inner join int_late_documents as late_documents
        on invoice_lines.document_no = late_documents.document_no
    where invoice_lines.is_revenue
),

differences as (
    select * from known_amounts
    union all
    select * from present_amounts
),

final as (
    select
        customer_key,
        class_month,
        document_month,
        cast(sum(net_revenue) as decimal(18, 4)) as net_revenue_difference,
        cast(coalesce(sum(margin), 0) as decimal(18, 4)) as margin_difference
    from differences
    group by
        customer_key,
        class_month,
        document_month
    having sum(net_revenue) <> 0 or coalesce(sum(margin), 0) <> 0
)

select * from final
