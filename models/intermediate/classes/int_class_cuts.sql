-- Where the ranked lists of a month are cut. A cut falls at the rounded share of the list and equals share the
-- better class: ntile would part them, and gives the first class four of thirteen where a fifth is three.
with

int_class_measures as (
    select * from {{ ref('int_class_measures') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

counted as (
    select
        edition,
        class_month,
        count(*) as customer_count,
        count(margin_t12) as costed_customer_count,
        count(wallet_t12) as wallet_count
    from int_class_measures
    group by
        edition,
        class_month
),

based as (
    select
        counted.*,
        counted.costed_customer_count >= class_months.kmgm_minimum_margin_share * counted.customer_count
            as is_margin_basis
    from counted
    inner join class_months
        on counted.class_month = class_months.class_month
),

{% set lists = {
    'based.customer_count': ['abcd_a_share', 'abcd_ab_share', 'abcd_abc_share'],
    'case when based.is_margin_basis then based.costed_customer_count else based.customer_count end':
        ['kmgm_key_share', 'kmgm_key_major_share', 'kmgm_not_maintain_share'],
    'based.wallet_count': ['large_wallet_share'],
} -%}
final as (
    select
        based.edition,
        based.class_month,
        based.is_margin_basis,
        {% for count, shares in lists.items() -%}
        {% for share in shares -%}
        cast(floor({{ count }} * class_months.{{ share }} + 0.5) as bigint) as {{ share | replace('share', 'cut') }}
        {%- if share != 'large_wallet_share' %},{% endif %}
        {% endfor -%}
        {% endfor -%}
    from based
    inner join class_months
        on based.class_month = class_months.class_month
)

select * from final
