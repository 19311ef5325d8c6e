-- Customers live at the start of a month by the way they were being served then, as the list of accounts known on that
-- day has it, and how many of them were lost within the month. Before the first list nobody knows.
with

bases as (
    select * from {{ ref('int_churn_bases') }}
    where is_full_after_month is not null
),

accounts as (
    select
        account_id,
        service_mode,
        known_on_date,
        coalesce(replaced_on_date, cast('9999-12-31' as date)) as holds_until_date
    from {{ ref('stg_crm__account_versions') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
    where is_primary_account
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

final as (
    select
        bases.reporting_month,
        coalesce(classes.abcd_class, 'unknown') as customer_class,
        coalesce(accounts.service_mode, 'unknown') as service_mode,
        cast(count(*) as bigint) as customer_count,
        cast(count(case when bases.is_full_after_month then 1 end) as bigint) as lost_count
    from bases
    inner join int_account_identities as identities
        on bases.customer_key = identities.customer_key
    inner join accounts
        on
            identities.account_id = accounts.account_id
            and bases.reporting_month >= accounts.known_on_date
            and bases.reporting_month < accounts.holds_until_date
    left join int_customer_classes as classes
        on
            bases.customer_key = classes.customer_key
            and bases.reporting_month = classes.class_month
    group by
        bases.reporting_month,
        coalesce(classes.abcd_class, 'unknown'),
        coalesce(accounts.service_mode, 'unknown')
)

select * from final
