-- One row per case. What another case took over counts in the volume and has no handling of its own; an open case
-- has no resolution and has been followed for so long.
with

stg_crm__cases as (
    select * from {{ ref('stg_crm__cases') }}
),

int_case_moments as (
    select * from {{ ref('int_case_moments') }}
),

int_case_clocks as (
    select * from {{ ref('int_case_clocks') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_customers_described as (
    select * from {{ ref('int_customers_described') }}
),

int_failure_types as (
    select * from {{ ref('int_failure_types') }}
),

joined as (
    select
        cases.case_id,
        cases.case_type,
        cases.product_code,
        cases.document_no,
        cases.channel,
        cases.detected_by,
        cases.severity,
        cases.compensation_amount,
        cases.is_adopted,
        cases.occurred_at,
        int_account_identities.customer_key,
        int_failure_types.failure_code as failure_type_key,
        coalesce(cases.reopened_count, 0) as reopened_count,
        case
            when moments.is_merged then 'merged'
            when moments.ended_at is null then 'open'
            when moments.resolved_at is null then 'closed_unsolved'
            else 'resolved'
        end as handling_status,
        case when not moments.is_merged then moments.is_first_ending_known end as is_first_resolution_known,
        moments.surviving_case_id,
        moments.received_at,
        moments.acknowledged_at,
        moments.first_response_at,
        moments.first_resolved_at,
        moments.resolved_at,
        moments.closed_at,
        moments.ended_at,
        moments.followed_until_at
    from stg_crm__cases as cases
    inner join int_case_moments as moments
        on cases.case_id = moments.case_id
    left join int_account_identities
        on cases.account_id = int_account_identities.account_id
    left join int_customers_described as described
        on int_account_identities.customer_key = described.customer_key
    left join int_failure_types
        on cases.failure_code = int_failure_types.reported_failure_code
    where not coalesce(described.is_internal, false)
),

final as (
    select
        joined.case_id,
        joined.customer_key,
        joined.surviving_case_id,
        joined.case_type,
        joined.failure_type_key,
        joined.product_code as product_key,
        joined.document_no,
        joined.channel,
        joined.detected_by,
        joined.handling_status,
        cast(joined.severity as bigint) as severity,
        cast(joined.reopened_count as bigint) as reopened_count,
        joined.is_adopted,
        joined.is_first_resolution_known,
        clocks.is_first_response_in_time,
        clocks.is_resolution_in_time,
        clocks.acknowledgement_minutes,
        clocks.acknowledgement_business_minutes,
        clocks.first_response_minutes,
        clocks.first_response_business_minutes,
        clocks.first_response_target_minutes,
        clocks.first_resolution_minutes,
        clocks.first_resolution_business_minutes,
        clocks.resolution_minutes,
        clocks.resolution_business_minutes,
        clocks.resolution_target_minutes,
        clocks.followed_minutes,
        clocks.followed_business_minutes,
        cast(joined.compensation_amount as decimal(18, 4)) as compensation_amount,
        joined.occurred_at,
        joined.received_at,
        joined.acknowledged_at,
        joined.first_response_at,
        joined.first_resolved_at,
        joined.resolved_at,
        joined.closed_at,
        joined.ended_at,
        joined.followed_until_at,
        {{ month_of('joined.received_at') }} as reporting_month
    from joined
    inner join int_case_clocks as clocks
        on joined.case_id = clocks.case_id
)

select * from final
