-- What becomes of customers who complain, by how they were helped, against buyers of the same months and classes who
-- had not complained for half a year. Every complaint gets the same time to be helped before it is judged. Helped well,
-- a customer may think better of us than one who never had to complain: opinions and orders stand beside the losses.
{%- set outcomes = {'lost': 'is_lost', 'bought_again': 'is_buying_again', 'satisfied': 'is_satisfied'} %}
with

int_complaint_outcomes as (
    select * from {{ ref('int_complaint_outcomes') }}
),

controls as (
    select
        {% for outcome, flag in outcomes.items() -%}
        {{ safe_ratio('count(case when ' ~ flag ~ ' then 1 end)', 'count(' ~ flag ~ ')') }} as {{ outcome }}_share,
        {% endfor -%}
        reporting_month,
        customer_class
    from int_complaint_outcomes
    where handling = 'no_complaint'
    group by
        reporting_month,
        customer_class
),

-- Without anybody to compare with a customer says nothing.
compared as (
    select
        {% for outcome, flag in outcomes.items() -%}
        case when controls.{{ outcome }}_share is not null then complained.{{ flag }} end as {{ flag }},
        case when complained.{{ flag }} is not null then controls.{{ outcome }}_share end as {{ outcome }}_share,
        {% endfor -%}
        complained.handling,
        complained.reporting_month
    from int_complaint_outcomes as complained
    inner join controls
        on
            complained.reporting_month = controls.reporting_month
            and complained.customer_class = controls.customer_class
    where complained.handling <> 'no_complaint'
),

grouped as (
    select compared.* from compared

    union all

    select
        {% for outcome, flag in outcomes.items() -%}
        {{ flag }},
        {{ outcome }}_share,
        {% endfor -%}
        'all' as handling,
        reporting_month
    from compared
),

counted as (
    select
        handling,
        {% for outcome, flag in outcomes.items() -%}
        cast(count(case when {{ flag }} then 1 end) as bigint) as {{ outcome }}_count,
        {{ exact_sum(outcome ~ '_share') }} as expected_{{ outcome }}_count,
        {% endfor -%}
        cast(count(is_satisfied) as bigint) as asked_count,
        cast(count(*) as bigint) as complained_count,
        min(reporting_month) as from_month,
        max(reporting_month) as to_month
    from grouped
    group by handling
),

final as (
    select
        handling,
        from_month,
        to_month,
        complained_count,
        lost_count,
        {{ safe_ratio('lost_count', 'complained_count') }} as lost_rate,
        {{ wilson_bound('lost_count', 'complained_count', 'low') }} as lost_low_rate,
        {{ wilson_bound('lost_count', 'complained_count', 'high') }} as lost_high_rate,
        expected_lost_count,
        {{ safe_ratio('expected_lost_count', 'complained_count') }} as matched_lost_rate,
        {{ safe_ratio('lost_count', 'expected_lost_count') }} as rate_ratio,
        {{ garwood_bound('lost_count', 'low') }} / nullif(expected_lost_count, 0) as rate_ratio_low,
        {{ garwood_bound('lost_count', 'high') }} / nullif(expected_lost_count, 0) as rate_ratio_high,
        bought_again_count,
        {{ safe_ratio('bought_again_count', 'complained_count') }} as bought_again_rate,
        {{ wilson_bound('bought_again_count', 'complained_count', 'low') }} as bought_again_low_rate,
        {{ wilson_bound('bought_again_count', 'complained_count', 'high') }} as bought_again_high_rate,
        {{ safe_ratio('expected_bought_again_count', 'complained_count') }} as matched_bought_again_rate,
        asked_count,
        satisfied_count,
        {{ safe_ratio('satisfied_count', 'asked_count') }} as satisfied_rate,
        {{ wilson_bound('satisfied_count', 'asked_count', 'low') }} as satisfied_low_rate,
        {{ wilson_bound('satisfied_count', 'asked_count', 'high') }} as satisfied_high_rate,
        {{ safe_ratio('expected_satisfied_count', 'asked_count') }} as matched_satisfied_rate
    from counted
)

select * from final
