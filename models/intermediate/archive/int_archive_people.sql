-- What the archive held of the people at every key account at the end of every month, by the lists known then. A field
-- counts as filled where it is known of anybody there.
{%- set people_fields = {
    'contact': 'contacts.contact_id is not null', 'contact_role': 'contacts.role is not null',
    'decision_maker': 'contacts.is_decision_maker', 'contact_consent': 'contacts.consent is not null',
    'contact_phone': 'contacts.has_phone', 'contact_email': 'contacts.has_email',
    'contact_birthday': 'contacts.has_birthday', 'contact_name': 'contacts.has_name',
} %}
with

months as (
    select * from {{ ref('int_key_account_months') }}
),

contacts as (
    select * from {{ ref('stg_crm__contact_versions') }}
),

identities as (
    select * from {{ ref('int_account_identities') }}
),

final as (
    select
        months.customer_key,
        months.reporting_month,
        {% for field, condition in people_fields.items() -%}
        max(case when {{ condition }} then 1 else 0 end) = 1 as has_{{ field }},
        {% endfor -%}
        cast(count(contacts.contact_id) as bigint) as contact_count
    from months
    inner join identities
        on months.customer_key = identities.customer_key
    inner join contacts
        on
            identities.account_id = contacts.account_id
            and months.period_end_date >= contacts.known_on_date
            and coalesce(months.period_end_date < contacts.replaced_on_date, true)
    group by
        months.customer_key,
        months.reporting_month
)

select * from final
