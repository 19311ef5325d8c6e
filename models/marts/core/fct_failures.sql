-- One row per failure, once, whoever noticed it: a late delivery that the customer complained of stands in
-- our books and in the CRM and is one failure. Where a document has several of one type, the first record
-- is the first case's. Failures are counted in the month they happened in, never in the one they were told.
with

int_recorded_failures as (
    select * from {{ ref('int_recorded_failures') }}
),

int_case_failures as (
    select * from {{ ref('int_case_failures') }}
),

int_customers_described as (
    select * from {{ ref('int_customers_described') }}
),

stg_ledger__invoices as (
    select * from {{ ref('stg_ledger__invoices') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

joined as (
    select
        coalesce(records.failure_key, concat('case:', cases.case_id)) as failure_key,
        coalesce(records.failure_source, 'case') as failure_source,
        coalesce(records.failure_code, cases.failure_code) as failure_code,
        coalesce(records.reported_failure_code, cases.reported_failure_code) as reported_failure_code,
        cases.severity,
        coalesce(records.customer_key, cases.customer_key) as customer_key,
        coalesce(records.product_key, cases.product_key) as product_key,
        coalesce(records.document_no, cases.document_no) as document_no,
        cases.channel,
        -- In our books alone: nobody said a word.
        case when cases.case_id is null then 'books' else cases.detected_by end as detected_by,
        cases.case_id,
        coalesce(cases.is_complaint, false) as is_complaint,
        coalesce(records.is_occurrence_known, cases.is_occurrence_known) as is_occurrence_known,
        coalesce(records.occurred_at, cases.occurred_at) as occurred_at,
        least(
            coalesce(records.reported_at, cases.reported_at), coalesce(cases.reported_at, records.reported_at)
        ) as first_reported_at,
        coalesce(
            cases.recovered_at, case when records.failure_source = 'return' then records.reported_at end
        ) as recovered_at,
        case
            when records.failure_source = 'return' then 'credited'
            when cases.is_compensated then 'compensated'
            when cases.recovered_at is not null then 'solved'
        end as recovery_type
    from int_recorded_failures as records
    full outer join int_case_failures as cases
        on
            records.document_no = cases.document_no
            and records.failure_code = cases.failure_code
            and records.place_in_document = cases.place_in_document
),

final as (
    select
        joined.failure_key,
        joined.failure_source,
        joined.failure_code as failure_type_key,
        joined.reported_failure_code,
        joined.customer_key,
        joined.product_key,
        joined.document_no,
        invoices.order_no,
        joined.case_id,
        joined.channel,
        joined.detected_by,
        joined.recovery_type,
        cast(joined.severity as bigint) as severity,
        joined.is_complaint,
        joined.is_occurrence_known,
        joined.occurred_at,
        -- A delivery complained of before its day failed on that day.
        greatest(joined.first_reported_at, joined.occurred_at) as reported_at,
        joined.recovered_at,
        {{ month_of('joined.occurred_at') }} as reporting_month
    from joined
    cross join int_reporting_calendar
    left join int_customers_described
        on joined.customer_key = int_customers_described.customer_key
    left join stg_ledger__invoices as invoices
        on joined.document_no = invoices.document_no
    where
        {{ month_of('joined.occurred_at') }} <= int_reporting_calendar.as_of_month
        and not coalesce(int_customers_described.is_internal, false)
)

select * from final
