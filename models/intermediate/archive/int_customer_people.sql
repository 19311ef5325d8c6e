-- Who is known at each customer, as each extract told it. A table of its own: joined to months by the month of birth
-- before it is known whose people they are, every customer would meet every person.
with

identities as (
    select * from {{ ref('int_account_identities') }}
),

contacts as (
    select * from {{ ref('stg_crm__contact_versions') }}
),

final as (
    select
        identities.customer_key,
        contacts.contact_id,
        contacts.consent,
        contacts.greeting_month_of_year,
        contacts.known_on_date,
        contacts.replaced_on_date
    from contacts
    inner join identities
        on contacts.account_id = identities.account_id
)

select * from final
