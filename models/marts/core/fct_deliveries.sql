-- One row per delivery line. The promise that counts is the first one, unless the customer asked for
-- another day: a promise that we moved ourselves must not make a late delivery punctual.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook=[
            "{{ delete_restated_months(ref('int_restated_delivery_months')) }}",
            "{{ move_merged_customers() }}",
        ],
        post_hook=[
            "{{ forget_build_state('delivery_months') }}",
            "{{ record_built_months('delivery_months', ref('int_restated_delivery_months')) }}",
            "{{ forget_build_state('delivery_files') }}",
            "{{ record_built_files('delivery_files', ['deliveries']) }}",
        ],
    )
}}

with

{% if is_incremental() -%}
restated as (
    select * from {{ ref('int_restated_delivery_months') }}
),

{% endif -%}
stg_ledger__deliveries as (
    select * from {{ ref('stg_ledger__deliveries') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

measured as (
    select
        *,
        case
            when promise_changed_by = 'customer' then coalesce(promised_date, first_promised_date)
            else first_promised_date
        end as binding_promise_date
    from stg_ledger__deliveries
),

due as (
    select
        *,
        {{ month_of('binding_promise_date') }} as reporting_month
    from measured
    {% if is_incremental() -%}
    where {{ month_of('binding_promise_date') }} in (select restated.reporting_month from restated)
    {%- endif %}
),

judged as (
    select
        *,
        -- All three are NULL while the line is open.
        delivered_on <= binding_promise_date as is_on_time_first_promise,
        case when delivered_on is not null then delivered_quantity >= ordered_quantity end as is_in_full
    from due
),

final as (
    select
        judged.delivery_no,
        cast(judged.line_no as bigint) as line_no,
        judged.document_no,
        -- A code that no master knows keeps its deliveries.
        coalesce(identities.customer_key, judged.customer_code) as customer_key,
        judged.customer_code,
        judged.product_code as product_key,
        judged.promise_changed_by,
        judged.ordered_quantity,
        judged.delivered_quantity,
        cast(
            {{ dbt.datediff('judged.binding_promise_date', 'judged.delivered_on', 'day') }}
            as bigint
        ) as late_days,
        judged.delivered_on is null as is_open,
        judged.is_on_time_first_promise,
        judged.is_in_full,
        judged.is_on_time_first_promise and judged.is_in_full as is_otif,
        judged.first_promised_date,
        judged.promised_date as last_promised_date,
        judged.binding_promise_date,
        judged.delivered_on as delivered_date,
        judged.reporting_month
    from judged
    left join int_customer_identities as identities
        on judged.customer_code = identities.customer_code
)

select * from final
