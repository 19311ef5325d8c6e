-- Vocabulary, seed, column of the code, column of the order.
{% set vocabularies = [
    ('customer_state', 'customer_states', 'customer_state', 'sort_order'),
    ('exit_class', 'exit_classes', 'exit_class', 'sort_order'),
    ('quadrant', 'loyalty_quadrants', 'quadrant', 'sort_order'),
    ('wallet_method', 'wallet_methods', 'wallet_method', 'evidence_rank'),
    ('competitor_evidence', 'competitor_evidence', 'evidence', 'evidence_rank'),
    ('interview', 'review_outcomes', 'outcome', 'outcome_rank'),
    ('scheme', 'classification_schemes', 'scheme', 'sort_order'),
    ('event_type', 'account_event_types', 'event_type', 'sort_order'),
    ('field_code', 'archive_fields', 'field_code', 'sort_order'),
    ('kpi_code', 'kpis', 'kpi_code', 'sort_order'),
] %}

with

report_terms as (
    select * from {{ ref('report_terms') }}
),

labels as (
    select
        vocabulary,
        code,
        sort_order,
        label_en,
        label_zh
    from report_terms
    {%- for vocabulary, seed, code, sort_order in vocabularies %}
    union all
    select
        '{{ vocabulary }}' as vocabulary,
        {{ code }} as code,
        {{ sort_order }} as sort_order,
        label_en,
        label_zh
    from {{ ref(seed) }}
    {%- endfor %}
),

final as (
    select
        concat(vocabulary, ':', code) as label_key,
        vocabulary,
        code,
        sort_order,
        label_en,
        label_zh
    from labels
)

select * from final
