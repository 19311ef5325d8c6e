-- A delivery fails once in each way, however many of its lines do: lines of one lorry are late together,
-- and counted singly they would look like a wave. Whether a line is late is known when it arrives.
with

fct_deliveries as (
    select * from {{ ref('fct_deliveries') }}
    where not is_open and not (is_on_time_first_promise and coalesce(is_in_full, true))
),

record_failures as (
    select * from {{ ref('record_failures') }}
    where record_type = 'delivery'
),

found as (
    select
        fct_deliveries.delivery_no,
        record_failures.finding_code,
        record_failures.failure_code,
        min(fct_deliveries.document_no) as document_no,
        min(fct_deliveries.customer_key) as customer_key,
        min_by(fct_deliveries.product_key, fct_deliveries.line_no) as product_key,
        -- Counted in the month the delivery was due, as the deliveries it is compared with.
        min(fct_deliveries.binding_promise_date) as occurred_on,
        min(fct_deliveries.delivered_date) as delivered_on
    from fct_deliveries
    inner join record_failures
        on
            (record_failures.finding_code = 'late' and not fct_deliveries.is_on_time_first_promise)
            or (record_failures.finding_code = 'short' and not fct_deliveries.is_in_full)
    group by
        fct_deliveries.delivery_no,
        record_failures.finding_code,
        record_failures.failure_code
),

final as (
    select
        delivery_no,
        finding_code,
        failure_code as reported_failure_code,
        document_no,
        customer_key,
        product_key,
        occurred_on,
        greatest(occurred_on, delivered_on) as reported_on
    from found
)

select * from final
