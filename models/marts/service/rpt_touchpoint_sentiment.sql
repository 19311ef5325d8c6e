-- What customers think of each kind of contact, and whether those who disliked one are lost more often than those who
-- liked it: buyers of the month, followed for as long as effects are looked for. The worst of a customer's words on a
-- kind of contact in a month counts for what became of it; a customer that speaks every month is followed every month.
{%- set moods = {'dissatisfied': '<= 2', 'satisfied': '>= 4'} %}
with

touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
    where is_human and not is_repeat
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

opinions as (
    select
        reporting_month,
        activity_type,
        cast(count(*) as bigint) as touchpoint_count,
        cast(count(sentiment_level) as bigint) as rated_count,
        {% for mood, levels in moods.items() -%}
        cast(count(case when sentiment_level {{ levels }} then 1 end) as bigint) as {{ mood }}_count,
        {% endfor -%}
        sum(sentiment_level) as level_total
    from touchpoints
    group by
        reporting_month,
        activity_type
),

last_words as (
    select
        customer_key,
        reporting_month,
        activity_type,
        min(sentiment_level) as worst_level
    from touchpoints
    where sentiment_level is not null
    group by
        customer_key,
        reporting_month,
        activity_type
),

outcomes as (
    select
        {% for mood, levels in moods.items() -%}
        count(case when last_words.worst_level {{ levels }} then 1 end) as {{ mood }}_followed_count,
        count(case when last_words.worst_level {{ levels }} and followups.is_lost then 1 end)
            as {{ mood }}_lost_count,
        {% endfor -%}
        last_words.reporting_month,
        last_words.activity_type
    from last_words
    inner join {{ ref('int_loss_followups') }} as followups
        on
            last_words.customer_key = followups.customer_key
            and last_words.reporting_month = followups.reporting_month
    group by
        last_words.reporting_month,
        last_words.activity_type
),

final as (
    select
        opinions.reporting_month,
        opinions.activity_type,
        opinions.touchpoint_count,
        opinions.rated_count,
        {{ safe_ratio('opinions.rated_count', 'opinions.touchpoint_count') }} as rated_share,
        case when dim_months.is_closed_month then {{ safe_ratio('opinions.level_total', 'opinions.rated_count') }} end
            as mean_level,
        {% for mood in moods -%}
        {%- set count = 'opinions.' ~ mood ~ '_count' -%}
        {{ count }},
        case when dim_months.is_closed_month then {{ safe_ratio(count, 'opinions.rated_count') }} end
            as {{ mood }}_rate,
        case when dim_months.is_closed_month then {{ wilson_bound(count, 'opinions.rated_count', 'low') }} end
            as {{ mood }}_low_rate,
        case when dim_months.is_closed_month then {{ wilson_bound(count, 'opinions.rated_count', 'high') }} end
            as {{ mood }}_high_rate,
        cast(outcomes.{{ mood }}_followed_count as bigint) as {{ mood }}_followed_count,
        cast(outcomes.{{ mood }}_lost_count as bigint) as {{ mood }}_lost_count,
        {{ safe_ratio('outcomes.' ~ mood ~ '_lost_count', 'outcomes.' ~ mood ~ '_followed_count') }}
            as {{ mood }}_lost_rate,
        {% endfor -%}
        dim_months.is_closed_month
    from opinions
    inner join dim_months
        on opinions.reporting_month = dim_months.reporting_month
    left join outcomes
        on
            opinions.reporting_month = outcomes.reporting_month
            and opinions.activity_type = outcomes.activity_type
)

select * from final
