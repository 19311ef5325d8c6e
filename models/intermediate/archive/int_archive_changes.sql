-- What changed of an account's record from one delivery to the next, and of the rivals noted at it from one day to the
-- next. The first record of an account, and the rivals first noted at it, are no change.
{%- set account_fields = [
    'account_name', 'customer_code', 'segment', 'industry', 'region', 'employee_band', 'annual_revenue', 'credit_grade',
    'service_mode', 'long_term_intent', 'price_sensitivity', 'is_strategic', 'contract_start', 'contract_end',
    'notice_date', 'referred_by_account_id', 'is_deleted',
] %}
{%- set position_fields = {'competitor_share': 'estimated_share', 'competitor_evidence': 'evidence'} %}
{%- set text = dbt.type_string() %}
with

stg_crm__account_versions as (
    select * from {{ ref('stg_crm__account_versions') }}
),

stg_crm__competitor_positions as (
    select * from {{ ref('stg_crm__competitor_positions') }}
),

int_archive_people_changes as (
    select * from {{ ref('int_archive_people_changes') }}
),

accounts as (
    select
        account_id,
        known_on_date,
        {% for field in account_fields -%}
        cast({{ field }} as {{ text }}) as {{ field }},
        lag(cast({{ field }} as {{ text }})) over followed as previous_{{ field }},
        {% endfor -%}
        lag(known_on_date) over followed as previous_on_date
    from stg_crm__account_versions
    window followed as (partition by account_id order by known_on_date asc nulls last)
),

positions as (
    select
        account_id,
        competitor_id,
        noted_on,
        min(noted_on) over (partition by account_id) as first_noted_on,
        lag(noted_on) over rival as rival_noted_on,
        {% for field, column in position_fields.items() -%}
        cast({{ column }} as {{ text }}) as {{ field }},
        lag(cast({{ column }} as {{ text }})) over followed as previous_{{ field }},
        {% endfor -%}
        lag(noted_on) over followed as previous_noted_on
    from stg_crm__competitor_positions
    window
        rival as (partition by account_id, competitor_id order by noted_on asc nulls last),
        followed as (
            partition by account_id, competitor_id, product_category order by noted_on asc nulls last
        )
),

changes as (
    select
        account_id,
        field_code,
        old_value,
        new_value,
        was_filled,
        is_filled,
        known_on_date
    from int_archive_people_changes

    union all

    select
        account_id,
        'competitor' as field_code,
        null as old_value,
        competitor_id as new_value,
        false as was_filled,
        true as is_filled,
        noted_on as known_on_date
    from positions
    where rival_noted_on is null and noted_on > first_noted_on
    {%- for field in account_fields + position_fields.keys() | list %}

    union all

    select
        account_id,
        '{{ field }}' as field_code,
        previous_{{ field }} as old_value,
        {{ field }} as new_value,
        previous_{{ field }} is not null as was_filled,
        {{ field }} is not null as is_filled,
        {{ 'noted_on as known_on_date' if field in position_fields else 'known_on_date' }}
    from {{ 'positions' if field in position_fields else 'accounts' }}
    where
        {{ 'previous_noted_on' if field in position_fields else 'previous_on_date' }} is not null
        and {{ field }} is distinct from previous_{{ field }}
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
