-- All schemes side by side. What nothing could have told at the time is unknown history: a first delivery
-- says what is so, not what was known to be so.
with

int_ranked_classes as (
    select * from {{ ref('int_ranked_classes') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

final as (
    select
        ranked.customer_key,
        ranked.class_month,
        {% for scheme in ['abcd', 'kmgm'] -%}
        case
            when ranked.edition = 'as_known' and not class_months.is_ledger_known then 'unknown_history'
            else ranked.{{ scheme }}_class
        end as {{ scheme }}_class,
        {% endfor -%}
        ranked.edition
    from int_ranked_classes as ranked
    inner join class_months
        on ranked.class_month = class_months.class_month
)

select * from final
