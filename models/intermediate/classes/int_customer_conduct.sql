-- How a customer buys, pays and asks for service, over the trailing year. One pass over the spine.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

purchase_days as (
    select
        customer_key,
        reporting_month,
        count(*) as discount_day_count
    from {{ ref('int_customer_days') }}
    where is_purchase_day and discount > 0
    group by
        customer_key,
        reporting_month
),

receipts as (
    select
        receipts.customer_key,
        receipts.reporting_month,
        sum(receipts.received_amount) as received,
        sum(case
            when receipts.late_days <= class_months.core_payment_tolerance_days then receipts.received_amount
        end) as received_in_time,
        sum(case
            when receipts.late_days > class_months.false_big_overdue_days then receipts.received_amount
        end) as received_overdue
    from {{ ref('fct_receipts') }} as receipts
    inner join class_months
        on receipts.reporting_month = class_months.measured_month
    -- Money paid back is no payment in time and none beyond it.
    where receipts.late_days is not null and receipts.received_amount > 0
    group by
        receipts.customer_key,
        receipts.reporting_month
),

account_identities as (
    select * from {{ ref('int_account_identities') }}
),

service_contacts as (
    select
        account_identities.customer_key,
        {{ month_of('cases.received_at') }} as reporting_month,
        count(*) as case_count
    from {{ ref('stg_crm__cases') }} as cases
    inner join account_identities
        on cases.account_id = account_identities.account_id
    where cases.merged_into_case_id is null
    group by
        account_identities.customer_key,
        {{ month_of('cases.received_at') }}
),

trailing_years as (
    select
        months.customer_key,
        {% set windows = {
            'order_count': 'months.order_count',
            'purchase_day_count': 'months.purchase_day_count',
            'discount_day_count': 'coalesce(purchase_days.discount_day_count, 0)',
            'case_count': 'coalesce(service_contacts.case_count, 0)',
            'received': 'receipts.received',
            'received_in_time': 'coalesce(receipts.received_in_time, 0)',
            'received_overdue': 'coalesce(receipts.received_overdue, 0)',
        } -%}
        {% for name, expression in windows.items() -%}
        sum({{ expression }}) over (
            partition by months.customer_key
            order by months.reporting_month nulls last
            rows between 11 preceding and current row
        ) as {{ name }}_t12,
        {% endfor -%}
        months.reporting_month
    from int_customer_months as months
    left join purchase_days
        on
            months.customer_key = purchase_days.customer_key
            and months.reporting_month = purchase_days.reporting_month
    left join receipts
        on
            months.customer_key = receipts.customer_key
            and months.reporting_month = receipts.reporting_month
    left join service_contacts
        on
            months.customer_key = service_contacts.customer_key
            and months.reporting_month = service_contacts.reporting_month
),

final as (
    select
        trailing_years.customer_key,
        class_months.class_month,
        cast(trailing_years.order_count_t12 as bigint) as order_count_t12,
        cast(trailing_years.purchase_day_count_t12 as bigint) as purchase_day_count_t12,
        cast(trailing_years.discount_day_count_t12 as bigint) as discount_day_count_t12,
        cast(trailing_years.case_count_t12 as bigint) as case_count_t12,
        cast(trailing_years.received_t12 as decimal(18, 4)) as received_t12,
        cast(trailing_years.received_in_time_t12 as decimal(18, 4)) as received_in_time_t12,
        cast(trailing_years.received_overdue_t12 as decimal(18, 4)) as received_overdue_t12
    from trailing_years
    inner join class_months
        on trailing_years.reporting_month = class_months.measured_month
)

select * from final
