-- Cases that tell of a failure. A second report of one failure is merged into the first and counts once,
-- unless the case it was merged into is nowhere.
with

stg_crm__cases as (
    select * from {{ ref('stg_crm__cases') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_failure_types as (
    select * from {{ ref('int_failure_types') }}
),

final as (
    select
        cases.case_id,
        cases.failure_code as reported_failure_code,
        int_failure_types.failure_code,
        int_account_identities.customer_key,
        cases.document_no,
        cases.product_code as product_key,
        cases.severity,
        cases.channel,
        cases.detected_by,
        cases.case_type = 'complaint' as is_complaint,
        coalesce(cases.compensation_amount, 0) > 0 as is_compensated,
        cases.occurred_at is not null as is_occurrence_known,
        -- Nothing is reported before it happens.
        least(coalesce(cases.occurred_at, cases.received_at), cases.received_at) as occurred_at,
        cases.received_at as reported_at,
        -- When it was last solved: a case that was closed and never solved is not recovered.
        cases.resolved_at as recovered_at,
        row_number() over (
            partition by cases.document_no, int_failure_types.failure_code
            order by cases.received_at asc nulls last, cases.case_id asc nulls last
        ) as place_in_document
    from stg_crm__cases as cases
    left join stg_crm__cases as survivors
        on
            cases.merged_into_case_id = survivors.case_id
            and cases.case_id <> survivors.case_id
    left join int_account_identities
        on cases.account_id = int_account_identities.account_id
    left join int_failure_types
        on cases.failure_code = int_failure_types.reported_failure_code
    where
        (cases.failure_code is not null or cases.case_type in ('complaint', 'failure'))
        and survivors.case_id is null
)

select * from final
