{#
    What churn rates are made of. A measure is a numerator or denominator of one kind of defection; the rows
    it is counted from stand in int_churn_bases.
#}

{# The schemes int_customer_classes holds a column of. #}
{% macro list_class_schemes() -%}
    {{ return(['core', 'abcd', 'kmgm', 'ibm', 'key_account', 'potential']) }}
{%- endmacro %}


{# Names and conditions of the groups that are counted: who was there, and who was lost after each horizon. #}
{% macro list_churn_groups() -%}
    {%- set groups = {
        'start_full': 'true', 'start_partial': 'is_whole_at_start', 'start_any': 'is_whole_at_start',
    } -%}
    {%- for horizon in ['month', 'quarter', 'trailing_year'] -%}
        {%- for type in ['full', 'partial', 'any'] -%}
            {%- do groups.update({type ~ '_' ~ horizon: 'is_' ~ type ~ '_after_' ~ horizon}) -%}
        {%- endfor -%}
        {%- do groups.update({'closed_' ~ horizon: 'is_closed_after_' ~ horizon}) -%}
    {%- endfor -%}
    {{ return(groups) }}
{%- endmacro %}


{# Select list: every group by head, revenue and margin, and how many of it have a known margin. #}
{% macro count_churn_groups() -%}
    {%- for name, condition in list_churn_groups().items() %}
        count(case when {{ condition }} then 1 end) as {{ name }}_count,
        coalesce(sum(case when {{ condition }} then revenue_at_start end), 0) as {{ name }}_revenue,
        coalesce(sum(case when {{ condition }} then margin_at_start end), 0) as {{ name }}_margin,
        count(case when {{ condition }} then margin_at_start end) as {{ name }}_costed_count
        {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Select list: the same, added up again. #}
{% macro add_churn_groups() -%}
    {%- for name in list_churn_groups() %}
        cast(sum({{ name }}_count) as bigint) as {{ name }}_count,
        cast(sum({{ name }}_revenue) as decimal(18, 4)) as {{ name }}_revenue,
        cast(sum({{ name }}_margin) as decimal(18, 4)) as {{ name }}_margin,
        cast(sum({{ name }}_costed_count) as bigint) as {{ name }}_costed_count
        {{- "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#
    Body of a CTE that turns the counts of a row into one row per kind of defection and horizon, counted in the
    month the period ends with.
#}
{% macro unpivot_churn_groups(counts, keys) -%}
    {%- for horizon, months in {'month': 1, 'quarter': 3, 'trailing_year': 12}.items() %}
    {%- set outer = loop %}
    {%- for type in ['full', 'partial', 'any'] %}
    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        '{{ type }}' as defection_type,
        '{{ horizon }}' as horizon,
        reporting_month as period_start_month,
        cast({{ dbt.dateadd('month', months - 1, 'reporting_month') }} as date) as reporting_month,
        start_{{ type }}_count as start_customer_count,
        {{ type }}_{{ horizon }}_count as defected_customer_count,
        closed_{{ horizon }}_count as closed_customer_count,
        start_{{ type }}_revenue as start_revenue,
        {{ type }}_{{ horizon }}_revenue as defected_revenue,
        start_{{ type }}_margin as start_margin,
        {{ type }}_{{ horizon }}_margin as defected_margin,
        start_{{ type }}_costed_count as costed_customer_count
    from {{ counts }}
    {% if not (loop.last and outer.last) %}
    union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}
