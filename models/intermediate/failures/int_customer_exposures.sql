-- How often something could have gone wrong with a customer, by what it can go wrong with.
with

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
),

fct_deliveries as (
    select * from {{ ref('fct_deliveries') }}
),

stg_crm__cases as (
    select * from {{ ref('stg_crm__cases') }}
    where merged_into_case_id is null
),

site_services as (
    select * from {{ ref('stg_crm__activities') }}
    where activity_type = 'site_service'
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_failure_customers as (
    select * from {{ ref('int_failure_customers') }}
),

counted as (
    select
        customer_key,
        reporting_month,
        'documents' as exposure_unit,
        sum(order_count) as exposure_count
    from int_customer_days
    group by
        customer_key,
        reporting_month

    union all

    select
        customer_key,
        reporting_month,
        'order_lines' as exposure_unit,
        sum(qualifying_line_count) as exposure_count
    from int_customer_days
    group by
        customer_key,
        reporting_month

    union all

    select
        customer_key,
        reporting_month,
        'deliveries' as exposure_unit,
        count(distinct delivery_no) as exposure_count
    from fct_deliveries
    group by
        customer_key,
        reporting_month

    union all

    select
        int_account_identities.customer_key,
        {{ month_of('cases.received_at') }} as reporting_month,
        'cases' as exposure_unit,
        count(*) as exposure_count
    from stg_crm__cases as cases
    inner join int_account_identities
        on cases.account_id = int_account_identities.account_id
    group by
        int_account_identities.customer_key,
        {{ month_of('cases.received_at') }}

    union all

    select
        int_account_identities.customer_key,
        {{ month_of('site_services.happened_at') }} as reporting_month,
        'site_services' as exposure_unit,
        count(*) as exposure_count
    from site_services
    inner join int_account_identities
        on site_services.account_id = int_account_identities.account_id
    group by
        int_account_identities.customer_key,
        {{ month_of('site_services.happened_at') }}
),

final as (
    select
        counted.customer_key,
        counted.reporting_month,
        counted.exposure_unit,
        cast(counted.exposure_count as bigint) as exposure_count,
        customers.customer_class,
        customers.region
    from counted
    -- Internal customers and months after the one reported are in no spine.
    inner join int_failure_customers as customers
        on
            counted.customer_key = customers.customer_key
            and counted.reporting_month = customers.reporting_month
    where counted.exposure_count > 0
)

select * from final
