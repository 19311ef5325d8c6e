-- What customers think, one voice an account, by the month they were asked in. Whoever has no opinion is in the
-- denominator, whoever did not answer is not, and few answers have no rate. The weighted rate undoes that some were
-- asked more often than others; its interval rests on the effective number of answers (Kish 1965).
{%- set rates = {'satisfied': 'answered', 'dissatisfied': 'answered', 'silent': 'judged_dissatisfied'} %}
with

int_satisfaction_counts as (
    select * from {{ ref('int_satisfaction_counts') }}
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

weighed as (
    select
        counted.*,
        dim_months.is_closed_month,
        dim_months.is_closed_month and counted.answered_count >= policies.satisfaction_minimum_count as is_published,
        dim_months.is_closed_month and counted.compared_count >= policies.satisfaction_minimum_count
            as is_gap_published,
        case
            when counted.weighed_count = counted.answered_count
                then counted.weight_total * counted.weight_total / nullif(counted.squared_weight_total, 0)
        end as effective_answer_count,
        coalesce(counted.satisfied_weight, 0) / nullif(counted.weight_total, 0) as weighted_share
    from int_satisfaction_counts as counted
    inner join dim_months
        on counted.reporting_month = dim_months.reporting_month
    inner join int_service_policies as policies
        on counted.reporting_month = policies.reporting_month
),

{%- set weighted = 'weighted_share * effective_answer_count' %}

final as (
    select
        reporting_month,
        question,
        cut,
        cut_value,
        invited_count,
        answered_count,
        case when is_closed_month then {{ safe_ratio('answered_count', 'invited_count') }} end as response_rate,
        {% for level in [5, 4, 3, 2, 1] -%}
        level_{{ level }}_count,
        {% endfor -%}
        case when is_published then level_total / answered_count end as mean_level,
        compared_count,
        below_expectation_count,
        case when is_gap_published then expectation_gap_total / compared_count end as mean_expectation_gap,
        judged_dissatisfied_count,
        {% for rate, denominator in rates.items() -%}
        {{ rate }}_count,
        case when is_published then {{ safe_ratio(rate ~ '_count', denominator ~ '_count') }} end as {{ rate }}_rate,
        {% for bound in ['low', 'high'] -%}
        case when is_published then {{ wilson_bound(rate ~ '_count', denominator ~ '_count', bound) }} end
            as {{ rate }}_{{ bound }}_rate,
        {% endfor -%}
        {% endfor -%}
        effective_answer_count,
        case when is_published and effective_answer_count is not null then weighted_share end
            as weighted_satisfied_rate,
        {% for bound in ['low', 'high'] -%}
        case when is_published then {{ wilson_bound(weighted, 'effective_answer_count', bound) }} end
            as weighted_satisfied_{{ bound }}_rate,
        {% endfor -%}
        not is_published as is_suppressed,
        is_closed_month
    from weighed
)

select * from final
