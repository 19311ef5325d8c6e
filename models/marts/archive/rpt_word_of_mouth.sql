-- What satisfied customers bring and what dissatisfied ones may cost: deals by referral over the last year, beside how
-- many customers were satisfied at its end. Whom a dissatisfied customer talks to nobody records; the people told are a
-- scenario by the brief's own figure. Where no account names a referrer nothing is known.
{%- set deal_counts = ['referrer', 'satisfied_referrer', 'deal', 'decided_deal', 'won_deal'] %}
with

int_referrals as (
    select * from {{ ref('int_referrals') }}
),

months as (
    select
        dim_months.reporting_month,
        dim_months.period_end_date,
        dim_months.is_closed_month,
        policies.referral_window_months,
        policies.satisfied_memory_days,
        policies.people_told_by_dissatisfied
    from {{ ref('dim_months') }} as dim_months
    inner join {{ ref('int_service_policies') }} as policies
        on dim_months.reporting_month = policies.reporting_month
),

opinions as (
    select
        months.reporting_month,
        answers.customer_key,
        max_by(answers.account_level, answers.reporting_month) as account_level
    from months
    inner join {{ ref('int_account_answers') }} as answers
        on
            {{ dbt.datediff('answers.answered_on', 'months.period_end_date', 'day') }}
            between 1 and months.satisfied_memory_days
    where answers.question = 'overall' and answers.account_level is not null
    group by
        months.reporting_month,
        answers.customer_key
),

moods as (
    select
        reporting_month,
        count(case when account_level >= 4 then 1 end) as satisfied_count,
        count(case when account_level < 3 then 1 end) as dissatisfied_count
    from opinions
    group by reporting_month
),

deals as (
    select
        months.reporting_month,
        count(distinct deals.referrer_key) as referrer_count,
        count(distinct case when opinions.account_level >= 4 then deals.referrer_key end) as satisfied_referrer_count,
        count(*) as deal_count,
        count(case when deals.is_won is not null then 1 end) as decided_deal_count,
        count(case when deals.is_won then 1 end) as won_deal_count
    from months
    inner join int_referrals as deals
        on
            {{ months_apart('deals.opened_date', 'months.reporting_month') }}
            between 0 and months.referral_window_months - 1
    left join opinions
        on
            months.reporting_month = opinions.reporting_month
            and deals.referrer_key = opinions.customer_key
    where deals.opportunity_id is not null
    group by months.reporting_month
),

recorded as (
    select count(*) > 0 as has_referrals
    from int_referrals
),

counted as (
    select
        months.*,
        cast(coalesce(moods.satisfied_count, 0) as bigint) as satisfied_count,
        {% for count in deal_counts -%}
        case when recorded.has_referrals then cast(coalesce(deals.{{ count }}_count, 0) as bigint) end
            as {{ count }}_count,
        {% endfor -%}
        cast(coalesce(moods.dissatisfied_count, 0) as bigint) as dissatisfied_count
    from months
    cross join recorded
    {%- for source in ['moods', 'deals'] %}
    left join {{ source }}
        on months.reporting_month = {{ source }}.reporting_month
    {%- endfor %}
),

final as (
    select
        reporting_month,
        satisfied_count,
        dissatisfied_count,
        cast(people_told_by_dissatisfied * dissatisfied_count as bigint) as scenario_people_told_count,
        {% for count in deal_counts -%}
        {{ count }}_count,
        {% endfor -%}
        case when is_closed_month then {{ safe_ratio('deal_count', 'satisfied_count') }} end as deals_per_satisfied,
        case when is_closed_month then {{ safe_ratio('won_deal_count', 'decided_deal_count') }} end as won_deal_rate,
        {% for bound in ['low', 'high'] -%}
        case when is_closed_month then {{ wilson_bound('won_deal_count', 'decided_deal_count', bound) }} end
            as won_deal_{{ bound }}_rate,
        {% endfor -%}
        is_closed_month
    from counted
)

select * from final
