-- What our own books show of failures, whether or not anybody said a word.
with

int_delivery_failures as (
    select * from {{ ref('int_delivery_failures') }}
),

int_document_failures as (
    select * from {{ ref('int_document_failures') }}
),

int_failure_types as (
    select * from {{ ref('int_failure_types') }}
),

recorded as (
    select
        concat('delivery:', delivery_no, ':', finding_code) as failure_key,
        'delivery' as failure_source,
        reported_failure_code,
        document_no,
        customer_key,
        product_key,
        occurred_on,
        reported_on,
        true as is_occurrence_known
    from int_delivery_failures

    union all

    select
        concat(failure_source, ':', correction_no, ':', reported_failure_code) as failure_key,
        failure_source,
        reported_failure_code,
        document_no,
        customer_key,
        product_key,
        occurred_on,
        reported_on,
        is_occurrence_known
    from int_document_failures
),

final as (
    select
        recorded.failure_key,
        recorded.failure_source,
        recorded.reported_failure_code,
        int_failure_types.failure_code,
        recorded.document_no,
        recorded.customer_key,
        recorded.product_key,
        recorded.is_occurrence_known,
        cast(recorded.occurred_on as timestamp) as occurred_at,
        cast(recorded.reported_on as timestamp) as reported_at,
        row_number() over (
            partition by recorded.document_no, int_failure_types.failure_code
            order by recorded.reported_on asc nulls last, recorded.failure_key asc nulls last
        ) as place_in_document
    from recorded
    left join int_failure_types
        on recorded.reported_failure_code = int_failure_types.reported_failure_code
)

select * from final
