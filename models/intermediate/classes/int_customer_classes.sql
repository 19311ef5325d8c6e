-- All schemes side by side. What nothing could have told at the time is unknown history: a first delivery
-- says what is so, not what was known to be so. Who was not there when the quarter began is not classed
-- by its schemes before the next one.
{%- set schemes = {
    'core': 'wallet', 'abcd': 'ledger', 'kmgm': 'ledger', 'ibm': 'wallet', 'key_account': 'ledger', 'potential': 'wallet',
} %}
with

int_ranked_classes as (
    select * from {{ ref('int_ranked_classes') }}
),

int_relation_classes as (
    select * from {{ ref('int_relation_classes') }}
),

int_core_classes as (
    select * from {{ ref('int_core_classes') }}
),

int_key_account_criteria as (
    select * from {{ ref('int_key_account_criteria') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

joined as (
    select
        ranked.customer_key,
        ranked.class_month,
        ranked.edition,
        ranked.abcd_class,
        ranked.kmgm_class,
        relations.ibm_class,
        relations.potential_class,
        coalesce(core_classes.core_class, 'unclassified') as core_class,
        case
            when criteria.is_false_big then 'false_big'
            when criteria.is_key_account then 'key_account'
            when not criteria.is_key_account then 'other'
            else 'unclassified'
        end as key_account_class,
        ranked.edition = 'as_known' and not class_months.is_ledger_known as is_ledger_missing,
        ranked.edition = 'as_known' and not (class_months.is_ledger_known and class_months.is_wallet_known)
            as is_wallet_missing
    from int_ranked_classes as ranked
    inner join int_relation_classes as relations
        on
            ranked.customer_key = relations.customer_key
            and ranked.class_month = relations.class_month
            and ranked.edition = relations.edition
    inner join class_months
        on ranked.class_month = class_months.class_month
    left join int_core_classes as core_classes
        on
            ranked.customer_key = core_classes.customer_key
            and class_months.fiscal_quarter_month = core_classes.class_month
            and ranked.edition = core_classes.edition
    left join int_key_account_criteria as criteria
        on
            ranked.customer_key = criteria.customer_key
            and class_months.fiscal_quarter_month = criteria.class_month
            and ranked.edition = criteria.edition
),

final as (
    select
        customer_key,
        class_month,
        {% for scheme, source in schemes.items() -%}
        case when is_{{ source }}_missing then 'unknown_history' else {{ scheme }}_class end as {{ scheme }}_class,
        {% endfor -%}
        edition
    from joined
)

select * from final
