-- What contracts, events and the books say on the day of the warning: notice given or a term about to end,
-- something known to have happened at the account, invoices long past due without any receipt.
with

int_warning_dates as (
    select * from {{ ref('int_warning_dates') }}
),

int_customer_contracts as (
    select * from {{ ref('int_customer_contracts') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
),

account_events as (
    select * from {{ ref('stg_crm__account_events') }}
),

invoices as (
    select * from {{ ref('stg_ledger__invoices') }}
),

receipts as (
    select * from {{ ref('stg_ledger__receipts') }}
),

-- Of the terms begun, the latest: an older one that ends is renewed.
contracts as (
    select
        terms.customer_key,
        max(terms.contract_end) as contract_end_date,
        max_by(terms.notice_date, terms.contract_end) as notice_date
    from int_customer_contracts as terms
    cross join int_warning_dates as dates
    where terms.contract_start <= dates.warned_on
    group by terms.customer_key
),

events as (
    select
        identities.customer_key,
        max_by(events.event_type, coalesce(events.known_on, events.happened_on)) as last_event_type,
        max(coalesce(events.known_on, events.happened_on)) as last_event_on
    from account_events as events
    inner join int_account_identities as identities
        on events.account_id = identities.account_id
    cross join int_warning_dates as dates
    where coalesce(events.known_on, events.happened_on) <= dates.warned_on
    group by identities.customer_key
),

paid_documents as (
    select distinct receipts.document_no
    from receipts
    cross join int_warning_dates as dates
    where receipts.received_on <= dates.warned_on
),

overdue as (
    select
        identities.customer_key,
        count(*) as overdue_document_count,
        min(invoices.due_date) as overdue_since_date
    from invoices
    cross join int_warning_dates as dates
    inner join int_customer_identities as identities
        on invoices.customer_code = identities.customer_code
    left join paid_documents
        on invoices.document_no = paid_documents.document_no
    where
        invoices.document_type = 'invoice'
        and {{ dbt.datediff('invoices.due_date', 'dates.warned_on', 'day') }}
        > dates.alert_overdue_days
        and paid_documents.document_no is null
    group by identities.customer_key
),

customers as (
    select customer_key from contracts
    union distinct
    select customer_key from events
    union distinct
    select customer_key from overdue
),

final as (
    select
        customers.customer_key,
        contracts.contract_end_date,
        contracts.notice_date,
        events.last_event_type,
        events.last_event_on,
        -- Without any receipt delivered nobody can be told late from unrecorded.
        case when exists (select 1 from paid_documents) then overdue.overdue_document_count end
            as overdue_document_count,
        case when exists (select 1 from paid_documents) then overdue.overdue_since_date end as overdue_since_date
    from customers
    left join contracts
        on customers.customer_key = contracts.customer_key
    left join events
        on customers.customer_key = events.customer_key
    left join overdue
        on customers.customer_key = overdue.customer_key
)

select * from final
