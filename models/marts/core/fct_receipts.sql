-- One row per receipt and document it was allocated to. received_amount is additive; original_amount,
-- in the receipt's own currency, is not. late_days counts from the due day: weigh it by the amount.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook=[
            "{{ delete_restated_months(ref('int_restated_receipt_months')) }}",
            "{{ move_merged_customers() }}",
        ],
        post_hook=[
            "{{ forget_build_state('receipt_months') }}",
            "{{ record_built_months('receipt_months', ref('int_restated_receipt_months')) }}",
            "{{ forget_build_state('receipt_files') }}",
            "{{ record_built_files('receipt_files', ['receipts', 'invoices']) }}",
            "{{ forget_build_state('receipt_rates') }}",
            "{{ record_receipt_rates() }}",
        ],
    )
}}

with

{% if is_incremental() -%}
restated as (
    select * from {{ ref('int_restated_receipt_months') }}
),

{% endif -%}
stg_ledger__receipts as (
    select * from {{ ref('stg_ledger__receipts') }}
    {% if is_incremental() -%}
    where {{ month_of('received_on') }} in (select restated.reporting_month from restated)
    {%- endif %}
),

stg_ledger__invoices as (
    select * from {{ ref('stg_ledger__invoices') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

int_exchange_rates as (
    select * from {{ ref('int_exchange_rates') }}
),

dated as (
    select
        receipts.receipt_no,
        receipts.document_no,
        receipts.customer_code,
        coalesce(receipts.currency, '{{ var("reporting_currency") }}') as currency,
        receipts.amount,
        receipts.received_on,
        {{ month_of('receipts.received_on') }} as reporting_month,
        invoices.due_date
    from stg_ledger__receipts as receipts
    left join stg_ledger__invoices as invoices
        on receipts.document_no = invoices.document_no
),

final as (
    select
        dated.receipt_no,
        dated.document_no,
        -- A code that no master knows keeps its money.
        coalesce(identities.customer_key, dated.customer_code) as customer_key,
        dated.customer_code,
        dated.currency,
        dated.amount as original_amount,
        {{ convert_amount('dated.amount', 'rates.rate_to_reporting') }} as received_amount,
        {{ convert_amount('dated.amount', 'rates.constant_rate_to_reporting') }} as received_constant_amount,
        cast(
            {{ dbt.datediff('dated.due_date', 'dated.received_on', 'day') }}
            as bigint
        ) as late_days,
        dated.received_on <= dated.due_date as is_on_time,
        dated.received_on as received_date,
        dated.due_date,
        dated.reporting_month
    from dated
    left join int_customer_identities as identities
        on dated.customer_code = identities.customer_code
    left join int_exchange_rates as rates
        on
            dated.currency = rates.currency
            and dated.reporting_month = rates.rate_month
)

select * from final
