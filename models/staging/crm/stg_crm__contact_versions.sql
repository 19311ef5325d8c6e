-- What the archive of an account holds of its people, as successive deliveries said it: whether something is there and
-- whether it changed. The personal data themselves stay behind in stg_crm__contacts.
{%- set personal_columns = {
    'name': 'full_name', 'email': 'email', 'phone': 'phone', 'birthday': 'birthday'
} %}
with

contacts as (
    select * from {{ source('crm', 'contacts') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'contacts'
),

delivered_files as (
    select * from {{ ref('stg_loader__delivered_files') }}
    where source_name = 'crm' and table_name = 'contacts'
),

versions as (
    select
        nullif(trim(contacts.contact_id), '') as contact_id,
        nullif(trim(contacts.account_id), '') as account_id,
        nullif(trim(contacts.role), '') as role,
        {% for name, column in personal_columns.items() -%}
        nullif(trim(cast(contacts.{{ column }} as {{ dbt.type_string() }})), '') as told_{{ name }},
        {% endfor -%}
        contacts.is_decision_maker,
        contacts.consent,
        month(contacts.birthday) as greeting_month_of_year,
        delivered_files.known_on_date,
        -- Of two deliveries of one day the later holds.
        row_number() over (
            partition by trim(contacts.contact_id), delivered_files.known_on_date
            order by current_files.file_rank desc nulls last, contacts.load_line_number desc nulls last
        ) as version_rank
    from contacts
    inner join current_files
        on contacts.load_file_id = current_files.file_id
    inner join delivered_files
        on current_files.file_id = delivered_files.file_id
),

-- The window is written out each time: views of Spark's catalog know no names of windows.
followed as (
    select
        *,
        {% for name in personal_columns -%}
        lag(told_{{ name }}) over (
            partition by contact_id order by known_on_date asc nulls last
        ) as previous_{{ name }},
        {% endfor -%}
        lead(known_on_date) over (
            partition by contact_id order by known_on_date asc nulls last
        ) as replaced_on_date
    from versions
    where version_rank = 1
),

final as (
    select
        contact_id,
        account_id,
        role,
        {% for name in personal_columns -%}
        told_{{ name }} is not null as has_{{ name }},
        {% endfor -%}
        {% for name in personal_columns -%}
        coalesce(told_{{ name }}, '') <> coalesce(previous_{{ name }}, '') as is_{{ name }}_changed,
        {% endfor -%}
        is_decision_maker,
        consent,
        cast(greeting_month_of_year as bigint) as greeting_month_of_year,
        known_on_date,
        replaced_on_date
    from followed
)

select * from final
