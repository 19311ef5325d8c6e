-- How many of the fields that a complete record requires were filled, by group of information.
{%- set groups = {
    'basic': 'accounts', 'extended': 'accounts', 'people': 'contacts', 'competitors': 'competitor_positions',
} %}
{%- set fields = [
    'account_name', 'customer_code', 'segment', 'industry', 'region', 'employee_band', 'annual_revenue', 'credit_grade',
    'service_mode', 'long_term_intent', 'price_sensitivity', 'is_strategic', 'contract_start', 'contract_end',
    'notice_date', 'referred_by_account_id', 'is_deleted', 'contact', 'contact_role', 'decision_maker',
    'contact_consent', 'contact_phone', 'contact_email', 'contact_birthday', 'contact_name', 'competitor',
    'competitor_share', 'competitor_evidence',
] %}
with

int_key_account_months as (
    select * from {{ ref('int_key_account_months') }}
),

int_archive_records as (
    select * from {{ ref('int_archive_records') }}
),

required_fields as (
    select * from {{ ref('archive_fields') }}
    where is_required
),

filled as (
    {%- for field in fields %}
    select
        customer_key,
        reporting_month,
        '{{ field }}' as field_code,
        has_{{ field }} as is_filled
    from int_archive_records
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

counted as (
    select
        filled.customer_key,
        filled.reporting_month,
        fields.archive_group,
        cast(count(*) as bigint) as required_count,
        cast(count(case when filled.is_filled then 1 end) as bigint) as filled_count
    from filled
    inner join required_fields as fields
        on filled.field_code = fields.field_code
    group by
        filled.customer_key,
        filled.reporting_month,
        fields.archive_group
),

final as (
    select
        counted.customer_key,
        counted.reporting_month,
        counted.archive_group,
        case counted.archive_group
            {% for group, list in groups.items() -%}
            when '{{ group }}' then records.is_{{ list }}_known
            {% endfor %}
        end as is_known,
        case counted.archive_group
            {% for group, list in groups.items() -%}
            when '{{ group }}' then records.is_{{ list }}_followed
            {% endfor %}
        end as is_followed,
        counted.required_count,
        counted.filled_count,
        case when counted.archive_group = 'basic' then records.verified_count else 0 end as verified_count,
        case when counted.archive_group = 'basic' then records.agreed_count else 0 end as agreed_count,
        months.period_end_date,
        months.is_closed_month
    from counted
    inner join int_key_account_months as months
        on
            counted.customer_key = months.customer_key
            and counted.reporting_month = months.reporting_month
    inner join int_archive_records as records
        on
            counted.customer_key = records.customer_key
            and counted.reporting_month = records.reporting_month
)

select * from final
