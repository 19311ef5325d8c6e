{#
    Figures of the claims that a report has already: measure, report, rows of it, value, bounds (none for a census of
    all customers), observations. A claim is no second place to compute them.
#}
{% macro list_reported_claims() -%}
    {%- set whole_company = "scheme = 'all' and basis = 'restated' and saved_point_share > 0" %}
    {%- set kmgm = "scheme = 'kmgm' and basis = 'restated'" %}
    {%- set key_and_major = "case when customer_class in ('key', 'major') then " %}
    {%- set repeated = 'sum(repeat_order_count)' %}
    {%- set ordered = 'sum(order_count)' %}
    {%- set reported = [
        ['top_fifth_revenue_share', 'rpt_pareto_month', "reports.measure = 'revenue'", 'max(top_share)', none,
            'max(customer_count)'],
        ['top_fifth_margin_share', 'rpt_pareto_month', "reports.measure = 'profit'", 'max(top_share)', none,
            'max(customer_count)'],
        ['key_and_major_margin_share', 'rpt_class_share_month', kmgm,
            safe_ratio('sum(' ~ key_and_major ~ 'margin_t12 end)', 'max(total_margin_t12)'), none,
            'sum(costed_customer_count)'],
        ['key_and_major_customer_share', 'rpt_class_share_month', kmgm,
            safe_ratio('sum(' ~ key_and_major ~ 'customer_count end)', 'max(total_customer_count)'), none,
            'max(total_customer_count)'],
        ['returning_margin_share', 'rpt_new_vs_existing_economics', 'true', 'max(existing_margin_ratio)', none,
            'max(new_customer_count + existing_customer_count)'],
        ['acquisition_to_retention_cost', 'rpt_new_vs_existing_economics', 'true', 'max(acquisition_to_upkeep_ratio)',
            none, 'max(new_customer_count)'],
        ['retention_to_acquisition_cost', 'rpt_new_vs_existing_economics', 'true',
            '1 / nullif(max(acquisition_to_upkeep_ratio), 0)', none, 'max(new_customer_count)'],
        ['repeat_order_share', 'rpt_repeat_share', 'true', safe_ratio(repeated, ordered),
            [wilson_bound(repeated, ordered, 'low'), wilson_bound(repeated, ordered, 'high')], ordered],
        ['profit_factor_of_one_point', 'rpt_retention_sensitivity', whole_company, '1 + max(lifetime_gain_ratio)', none,
            'max(start_customer_count)'],
        ['income_growth_of_one_point', 'rpt_retention_sensitivity', whole_company, 'max(lifetime_gain_ratio)', none,
            'max(start_customer_count)'],
        ['four_guarantees_share', 'rpt_key_account_standards', "standard = 'all_four_guarantees'", 'max(kept_rate)',
            ['max(kept_low_rate)', 'max(kept_high_rate)'], 'max(known_count)'],
        ['referral_close_rate', 'rpt_word_of_mouth', 'true', 'max(won_deal_rate)',
            ['max(won_deal_low_rate)', 'max(won_deal_high_rate)'], 'max(decided_deal_count)'],
    ] %}
    {{ return(reported) }}
{%- endmacro %}
