-- What changed of the people at an account. Of personal fields it is known that they changed and whether they are
-- filled, and no value. Whoever came with the account's first list was there before and is no change.
{%- set fields = {
    'contact_role': 'role', 'decision_maker': 'is_decision_maker', 'contact_consent': 'consent',
} %}
with

stg_crm__contact_versions as (
    select * from {{ ref('stg_crm__contact_versions') }}
),

account_starts as (
    select
        account_id,
        min(known_on_date) as first_on_date
    from {{ ref('stg_crm__account_versions') }}
    group by account_id
),

versions as (
    select
        contacts.*,
        min(contacts.known_on_date) over () as first_list_date,
        account_starts.first_on_date,
        {% for field, column in fields.items() -%}
        cast(contacts.{{ column }} as {{ dbt.type_string() }}) as {{ field }},
        lag(cast(contacts.{{ column }} as {{ dbt.type_string() }})) over followed as previous_{{ field }},
        {% endfor -%}
        {% for name in ['name', 'phone', 'email', 'birthday'] -%}
        lag(contacts.has_{{ name }}) over followed as had_{{ name }},
        {% endfor -%}
        lag(contacts.known_on_date) over followed as previous_on_date
    from stg_crm__contact_versions as contacts
    left join account_starts
        on contacts.account_id = account_starts.account_id
    window followed as (partition by contacts.contact_id order by contacts.known_on_date asc nulls last)
),

changes as (
    select
        account_id,
        'contact' as field_code,
        cast(null as {{ dbt.type_string() }}) as old_value,
        cast(null as {{ dbt.type_string() }}) as new_value,
        false as was_filled,
        true as is_filled,
        known_on_date
    from versions
    where
        previous_on_date is null
        and known_on_date > first_list_date
        and coalesce(known_on_date > first_on_date, true)
    {%- for field in fields %}

    union all

    select
        account_id,
        '{{ field }}' as field_code,
        previous_{{ field }} as old_value,
        {{ field }} as new_value,
        previous_{{ field }} is not null as was_filled,
        {{ field }} is not null as is_filled,
        known_on_date
    from versions
    where previous_on_date is not null and {{ field }} is distinct from previous_{{ field }}
    {%- endfor %}
    {%- for name in ['name', 'phone', 'email', 'birthday'] %}

    union all

    select
        account_id,
        'contact_{{ name }}' as field_code,
        null as old_value,
        null as new_value,
        had_{{ name }} as was_filled,
        has_{{ name }} as is_filled,
        known_on_date
    from versions
    where previous_on_date is not null and is_{{ name }}_changed
    {%- endfor %}
),

final as (
    select
        account_id,
        field_code,
        old_value,
        new_value,
        was_filled,
        is_filled,
        known_on_date
    from changes
)

select * from final
