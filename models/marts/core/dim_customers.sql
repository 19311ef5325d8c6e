with

int_customers_described as (
    select * from {{ ref('int_customers_described') }}
),

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

closed_reasons as (
    select * from {{ ref('closed_reasons') }}
),

purchases as (
    select
        customer_key,
        min(case when is_purchase_day then document_date end) as first_purchase_date,
        max(case when is_purchase_day then document_date end) as last_purchase_date
    from int_customer_days
    group by customer_key
),

-- A code that stands on documents and in no list is a customer all the same, if the door lets it in.
customers as (
    select
        coalesce(described.customer_key, purchases.customer_key) as known_key,
        described.*,
        purchases.first_purchase_date,
        purchases.last_purchase_date
    from int_customers_described as described
    full outer join purchases
        on described.customer_key = purchases.customer_key
),

final as (
    select
        customers.known_key as customer_key,
        case
            when not coalesce(customers.is_crm_only, false) then coalesce(customers.customer_code, customers.known_key)
        end as customer_code,
        customers.account_id,
        coalesce(customers.group_customer_key, customers.known_key) as group_customer_key,
        customers.split_from_customer_key,
        coalesce(customers.customer_name, customers.known_key) as customer_name,
        customers.country,
        customers.region,
        customers.industry,
        customers.segment,
        customers.employee_band,
        customers.service_mode,
        customers.currency,
        case when customers.split_from_customer_key is not null then 'split' else 'own' end as origin,
        customers.closed_reason,
        closed_reasons.label_en as closed_reason_label_en,
        closed_reasons.label_zh as closed_reason_label_zh,
        cast(coalesce(customers.customer_code_count, 1) as bigint) as customer_code_count,
        coalesce(customers.is_internal, false) as is_internal,
        coalesce(customers.is_crm_only, false) as is_crm_only,
        customers.first_purchase_date is null and not coalesce(customers.is_internal, false) as is_prospect,
        customers.is_strategic,
        customers.customer_key is not null as is_in_master,
        coalesce(customers.is_deleted_in_source, false) as is_deleted_in_source,
        customers.opened_on < calendar.first_month as is_history_truncated,
        customers.opened_on as opened_date,
        customers.closed_on as closed_date,
        customers.contract_start as contract_start_date,
        customers.contract_end as contract_end_date,
        {{ month_of('customers.first_purchase_date') }} as first_purchase_month,
        customers.first_purchase_date,
        customers.last_purchase_date,
        least(customers.opened_on, customers.first_purchase_date) as tenure_start_date
    from customers
    cross join int_reporting_calendar as calendar
    left join closed_reasons
        on customers.closed_reason = closed_reasons.closed_reason
)

select * from final
