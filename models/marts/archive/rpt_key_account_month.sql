-- What is done for every key account and what is known of it, month by month: the four guarantees over the last year,
-- how broad the relation is, how fresh the knowledge. Whatever is not known is NULL, and all four guarantees are judged
-- only where all four are known, and nothing of a month that is not over.
{%- set guarantees = ['product', 'service', 'logistics', 'value'] %}
{%- set measures = [
    'defect_count', 'order_line_count', 'defect_rate', 'judged_case_count', 'in_time_case_count',
    'resolution_in_time_rate', 'service_level', 'due_line_count', 'otif_line_count', 'otif_rate', 'value_index',
    'value_evidence_rank',
] %}
{%- set relations = ['contact', 'person', 'role', 'decider_contact', 'senior_contact', 'rep'] %}
{%- set contacts = ['visit', 'executive_visit', 'planned', 'planned_held'] %}
with

archives as (
    select
        customer_key,
        reporting_month,
        min(case when is_known then 1 else 0 end) = 1 as is_archive_known,
        sum(required_count) as required_count,
        sum(filled_count) as filled_count,
        max(case when is_updated_in_month then 1 when not is_updated_in_month then 0 end) = 1 as is_archive_updated,
        max(last_confirmed_date) as last_intelligence_date,
        min(age_days) as intelligence_age_days
    from {{ ref('rpt_archive_month') }}
    group by
        customer_key,
        reporting_month
),

joined as (
    select
        months.customer_key,
        months.reporting_month,
        policies.single_rep_share,
        policies.single_rep_minimum_count,
        policies.reached_role_minimum,
        archives.is_archive_updated,
        case when archives.is_archive_known then archives.filled_count = archives.required_count end
            as is_archive_complete,
        archives.last_intelligence_date,
        archives.intelligence_age_days,
        case
            when archives.intelligence_age_days <= policies.intelligence_fresh_days then true
            when archives.is_archive_known then false
        end as is_intelligence_fresh,
        {% for measure in measures -%}
        guaranteed.{{ measure }},
        {% endfor -%}
        {% for guarantee in guarantees -%}
        guaranteed.is_{{ guarantee }}_kept,
        {% endfor -%}
        {% for count in relations + ['rep_contact', 'top_rep_contact', 'left_rep_contact'] -%}
        related.{{ count }}_count,
        {% endfor -%}
        {% for count in contacts -%}
        contacted.{{ count }}_count,
        {% endfor -%}
        coalesce(guaranteed.known_guarantee_count, 0) as known_guarantee_count,
        months.is_closed_month
    from {{ ref('int_key_account_months') }} as months
    inner join {{ ref('int_service_policies') }} as policies
        on months.reporting_month = policies.reporting_month
    {%- for model, alias, key in [
        ('archives', 'archives', 'closed_customer_key'),
        (ref('int_key_account_guarantees'), 'guaranteed', 'closed_customer_key'),
        (ref('int_key_account_relations'), 'related', 'closed_customer_key'),
        (ref('int_key_account_contacts'), 'contacted', 'customer_key'),
    ] %}
    left join {{ model }}{{ ' as ' ~ alias if model is not string }}
        on
            months.{{ key }} = {{ alias }}.customer_key
            and months.reporting_month = {{ alias }}.reporting_month
    {%- endfor %}
),

final as (
    select
        customer_key,
        reporting_month,
        {% for measure in measures -%}
        {{ measure }},
        {% endfor -%}
        {% for guarantee in guarantees -%}
        is_{{ guarantee }}_kept,
        {% endfor -%}
        known_guarantee_count,
        -- Not what a conjunction with an unknown gives: one broken and three unknown is not assessed.
        case
            when known_guarantee_count = 4
                then is_product_kept and is_service_kept and is_logistics_kept and is_value_kept
        end as are_all_four_kept,
        {% for count in relations -%}
        {{ count }}_count,
        {% endfor -%}
        {{ safe_ratio('top_rep_contact_count', 'rep_contact_count') }} as top_rep_share,
        {{ safe_ratio('left_rep_contact_count', 'rep_contact_count') }} as left_rep_share,
        -- Contacts without a person do not say how many people there are.
        case when person_count > 0 or contact_count = 0 then person_count <= 1 end as is_single_person,
        case
            when rep_contact_count > 0 or contact_count = 0
                then
                    rep_contact_count >= single_rep_minimum_count
                    and top_rep_contact_count >= single_rep_share * rep_contact_count
        end as is_single_rep,
        case when person_count > 0 or contact_count = 0 then role_count >= reached_role_minimum end
            as has_several_levels,
        {% for count in contacts -%}
        {{ count }}_count,
        {% endfor -%}
        is_archive_complete,
        is_archive_updated,
        last_intelligence_date,
        intelligence_age_days,
        is_intelligence_fresh,
        is_closed_month
    from joined
)

select * from final
