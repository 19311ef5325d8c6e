-- For everybody live at the start of a month: which of the inputs that metrics need are known of it. What ages, such
-- as answers, contacts and payments, counts for a year. One pass over the customer months and one window.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

answered_months as (
    select distinct
        customer_key,
        {{ month_of('answered_on') }} as reporting_month
    from {{ ref('int_account_answers') }}
    where question = 'overall' and account_level is not null
),

contacted_months as (
    select distinct
        customer_key,
        reporting_month
    from {{ ref('fct_touchpoints') }}
    where is_human
),

paid_months as (
    select distinct
        customer_key,
        reporting_month
    from {{ ref('fct_receipts') }}
),

owned_months as (
    select distinct
        identities.customer_key,
        months.reporting_month
    from {{ ref('dim_months') }} as months
    inner join {{ ref('stg_crm__account_assignments') }} as assignments
        on
            assignments.role = 'owner'
            and months.reporting_month >= assignments.assigned_from
            and coalesce(months.reporting_month <= assignments.assigned_to, true)
    inner join {{ ref('int_account_identities') }} as identities
        on assignments.account_id = identities.account_id
),

{% set year = "over (partition by months.customer_key order by months.reporting_month nulls last"
    ~ " rows between 11 preceding and current row)" -%}

known as (
    select
        months.customer_key,
        months.reporting_month,
        months.customer_state_at_start,
        months.net_revenue_t12,
        months.margin_t12 is not null as has_cost,
        months.wallet_t12 is not null as has_wallet,
        count(answered_months.customer_key) {{ year }} > 0 as has_survey,
        count(contacted_months.customer_key) {{ year }} > 0 as has_contact,
        count(paid_months.customer_key) {{ year }} > 0 as has_payment,
        owned_months.customer_key is not null as has_owner,
        coalesce(classes.core_class, 'unclassified') not in ('unclassified', 'unknown_history') as has_class,
        customers.segment is not null as has_segment
    from fct_customer_months as months
    inner join dim_customers as customers
        on months.customer_key = customers.customer_key
    left join int_customer_classes as classes
        on
            months.customer_key = classes.customer_key
            and months.reporting_month = classes.class_month
    {%- for input in ['answered', 'contacted', 'paid', 'owned'] %}
    left join {{ input }}_months
        on
            months.customer_key = {{ input }}_months.customer_key
            and months.reporting_month = {{ input }}_months.reporting_month
    {%- endfor %}
),

final as (
    select
        customer_key,
        reporting_month,
        net_revenue_t12,
        has_cost,
        has_wallet,
        has_survey,
        has_contact,
        has_payment,
        has_owner,
        has_class,
        has_segment
    from known
    where customer_state_at_start not in ('prospect', 'defected_full', 'closed_permanent')
)

select * from final
