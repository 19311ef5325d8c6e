-- All schemes side by side. What nothing could have told at the time is unknown history: a first delivery
-- says what is so, not what was known to be so. Who was not there when the quarter began is not classed
-- by its schemes before the next one.
{%- set schemes = {
    'core': 'wallet', 'abcd': 'ledger', 'kmgm': 'ledger', 'ibm': 'wallet', 'key_account': 'ledger', 'potential': 'wallet',
} %}
with

int_monthly_classes as (
    select * from {{ ref('int_monthly_classes') }}
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
        classes.customer_key,
        classes.class_month,
        classes.edition,
        classes.order_rank,
        classes.abcd_class,
        classes.kmgm_class,
        classes.wallet_rank,
        classes.ibm_class,
        classes.potential_class,
        coalesce(core_classes.core_class, 'unclassified') as core_class,
        case
            when criteria.is_false_big then 'false_big'
            when criteria.is_key_account then 'key_account'
            when not criteria.is_key_account then 'other'
            else 'unclassified'
        end as key_account_class,
        classes.edition = 'as_known' and not class_months.is_ledger_known as is_ledger_missing,
        classes.edition = 'as_known' and not (class_months.is_ledger_known and class_months.is_wallet_known)
            as is_wallet_missing
    from int_monthly_classes as classes
    inner join class_months
        on classes.class_month = class_months.class_month
    left join int_core_classes as core_classes
        on
            classes.customer_key = core_classes.customer_key
            and class_months.fiscal_quarter_month = core_classes.class_month
            and classes.edition = core_classes.edition
    left join int_key_account_criteria as criteria
        on
            classes.customer_key = criteria.customer_key
            and class_months.fiscal_quarter_month = criteria.class_month
            and classes.edition = criteria.edition
),

final as (
    select
        customer_key,
        class_month,
        order_rank,
        wallet_rank,
        {% for scheme, source in schemes.items() -%}
        case when is_{{ source }}_missing then 'unknown_history' else {{ scheme }}_class end as {{ scheme }}_class,
        {% endfor -%}
        edition
    from joined
)

select * from final
