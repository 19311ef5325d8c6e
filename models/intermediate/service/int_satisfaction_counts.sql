-- Accounts that were asked and what they answered, counted for the whole company, by how and from which stratum they
-- were asked, and by the class they had at the start of the month.
{%- set cuts = {
    'total': "'all'", 'mode': 'answers.mode', 'stratum': 'answers.stratum',
    'core': "coalesce(classes.core_class, 'unclassified')", 'abcd': "coalesce(classes.abcd_class, 'unclassified')",
    'key_account': "coalesce(classes.key_account_class, 'unclassified')",
} %}
with

int_account_answers as (
    select * from {{ ref('int_account_answers') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

expected as (
    select
        customer_key,
        reporting_month,
        mean_level as expected_level
    from int_account_answers
    where question = 'expectation' and mean_level is not null
),

cut_answers as (
    {%- for cut, cut_value in cuts.items() %}
    select
        answers.*,
        -- What was perceived less what was expected, by the same account in the same month.
        case when answers.question <> 'expectation' then answers.mean_level - expected.expected_level end
            as expectation_gap,
        '{{ cut }}' as cut,
        {{ cut_value }} as cut_value
    from int_account_answers as answers
    left join int_customer_classes as classes
        on
            answers.customer_key = classes.customer_key
            and answers.reporting_month = classes.class_month
    left join expected
        on
            answers.customer_key = expected.customer_key
            and answers.reporting_month = expected.reporting_month
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (
    select
        reporting_month,
        question,
        cut,
        cut_value,
        cast(count(*) as bigint) as invited_count,
        cast(count(account_level) as bigint) as answered_count,
        {% for level in [5, 4, 3, 2, 1] -%}
        cast(count(case when account_level = {{ level }} then 1 end) as bigint) as level_{{ level }}_count,
        {% endfor -%}
        cast(count(case when account_level >= 4 then 1 end) as bigint) as satisfied_count,
        cast(count(case when account_level < 3 then 1 end) as bigint) as dissatisfied_count,
        cast(count(case when account_level < 3 then is_silent end) as bigint) as judged_dissatisfied_count,
        cast(count(case when account_level < 3 and is_silent then 1 end) as bigint) as silent_count,
        {{ exact_sum('mean_level') }} as level_total,
        cast(count(expectation_gap) as bigint) as compared_count,
        cast(count(case when expectation_gap < 0 then 1 end) as bigint) as below_expectation_count,
        {{ exact_sum('expectation_gap') }} as expectation_gap_total,
        count(case when account_level is not null then design_weight end) as weighed_count,
        cast(sum(case when account_level is not null then design_weight end) as double) as weight_total,
        cast(sum(case when account_level >= 4 then design_weight end) as double) as satisfied_weight,
        cast(sum(
            case when account_level is not null then cast(design_weight * design_weight as decimal(38, 12)) end
        ) as double) as squared_weight_total
    from cut_answers
    group by
        reporting_month,
        question,
        cut,
        cut_value
)

select * from final
