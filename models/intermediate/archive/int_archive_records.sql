-- What the archive held of every key account at the end of every month, by the lists known then, field by field. Before
-- the first list of a table nobody knows what the archive held. Where the ledger names the same, its word of today says
-- whether the record is right.
{%- set account_fields = [
    'account_name', 'customer_code', 'segment', 'industry', 'region', 'employee_band', 'annual_revenue', 'credit_grade',
    'service_mode', 'long_term_intent', 'price_sensitivity', 'is_strategic', 'contract_start', 'contract_end',
    'notice_date', 'referred_by_account_id', 'is_deleted',
] %}
{%- set people_fields = [
    'contact', 'contact_role', 'decision_maker', 'contact_consent', 'contact_phone', 'contact_email',
    'contact_birthday', 'contact_name',
] %}
{%- set rival_fields = {
    'competitor': 'true', 'competitor_share': 'positions.estimated_share is not null',
    'competitor_evidence': 'positions.evidence is not null',
} %}
{%- set lists = ['accounts', 'contacts', 'competitor_positions'] %}
with

int_key_account_months as (
    select * from {{ ref('int_key_account_months') }}
),

-- The last version holds for ever: with a comparison the join below stays one of keys.
accounts as (
    select
        *,
        coalesce(replaced_on_date, cast('9999-12-31' as date)) as holds_until_date
    from {{ ref('stg_crm__account_versions') }}
),

contacts as (
    select * from {{ ref('stg_crm__contact_versions') }}
),

people as (
    select * from {{ ref('int_archive_people') }}
),

competitor_positions as (
    select * from {{ ref('stg_crm__competitor_positions') }}
),

stg_ledger__customers as (
    select * from {{ ref('stg_ledger__customers') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

-- A rival once noted stays in the archive.
rivals as (
    select
        {% for field, condition in rival_fields.items() -%}
        min(case when {{ condition }} then positions.noted_on end) as {{ field }}_from_date,
        {% endfor -%}
        identities.customer_key
    from competitor_positions as positions
    inner join int_account_identities as identities
        on positions.account_id = identities.account_id
    group by identities.customer_key
),

starts as (
    select
        (select min(accounts.known_on_date) from accounts) as accounts_from_date,
        (select min(contacts.known_on_date) from contacts) as contacts_from_date,
        (select min(positions.noted_on) from competitor_positions as positions) as competitor_positions_from_date
),

final as (
    select
        months.customer_key,
        months.reporting_month,
        {% for list in lists -%}
        coalesce(starts.{{ list }}_from_date <= months.period_end_date, false) as is_{{ list }}_known,
        -- Known at the start of the month, too: what changed within it can be seen.
        coalesce(starts.{{ list }}_from_date <= months.reporting_month, false) as is_{{ list }}_followed,
        {% endfor -%}
        {% for field in account_fields -%}
        accounts.{{ field }} is not null as has_{{ field }},
        {% endfor -%}
        {% for field in people_fields -%}
        coalesce(people.has_{{ field }}, false) as has_{{ field }},
        {% endfor -%}
        {% for field in rival_fields -%}
        coalesce(rivals.{{ field }}_from_date < months.period_end_date, false) as has_{{ field }},
        {% endfor -%}
        cast(
            case when accounts.region is not null and customers.region is not null then 1 else 0 end
            + case when accounts.industry is not null and customers.industry is not null then 1 else 0 end
            as bigint
        ) as verified_count,
        cast(
            case when lower(accounts.region) = lower(customers.region) then 1 else 0 end
            + case when lower(accounts.industry) = lower(customers.industry) then 1 else 0 end
            as bigint
        ) as agreed_count,
        case when starts.contacts_from_date <= months.period_end_date then coalesce(people.contact_count, 0) end
            as contact_count
    from int_key_account_months as months
    cross join starts
    left join accounts
        on
            months.account_id = accounts.account_id
            and months.period_end_date >= accounts.known_on_date
            and months.period_end_date < accounts.holds_until_date
    left join stg_ledger__customers as customers
        on accounts.customer_code = customers.customer_code
    left join people
        on
            months.customer_key = people.customer_key
            and months.reporting_month = people.reporting_month
    left join rivals
        on months.customer_key = rivals.customer_key
)

select * from final
