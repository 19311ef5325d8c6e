-- One row per month, horizon, cut, type of defection and family of causes, by weight: episodes with several
-- causes are shared out and never counted twice. Unknown is a row of its own.
{%- set series = 'reporting_month, horizon, cut, cut_value, defection_type' %}
{%- set whole_series = 'over (partition by ' ~ series ~ ')' %}
with

int_cause_windows as (
    select * from {{ ref('int_cause_windows') }}
),

totalled as (
    select
        *,
        {{ exact_sum('episode_weight', whole_series) }} as total_weight,
        {{ exact_sum('lost_margin', whole_series) }} as total_margin,
        row_number() over (
            partition by {{ series }} order by episode_weight desc nulls last, cause_family_code asc nulls last
        ) as cause_rank,
        row_number() over (
            partition by {{ series }} order by lost_margin desc nulls last, cause_family_code asc nulls last
        ) as margin_rank
    from int_cause_windows
),

cumulated as (
    select
        *,
        sum(episode_weight) over (
            partition by {{ series }} order by cause_rank asc nulls last
            rows between unbounded preceding and current row
        ) as cumulative_weight,
        sum(lost_margin) over (
            partition by {{ series }} order by margin_rank asc nulls last
            rows between unbounded preceding and current row
        ) as cumulative_margin
    from totalled
),

final as (
    select
        reporting_month,
        horizon,
        cut,
        cut_value,
        defection_type,
        cause_family_code,
        controllability,
        cast(cause_rank as bigint) as cause_rank,
        episode_weight,
        -- Weights are rounded when they are added up: a part may exceed the whole in its last digit.
        case when is_closed_month and total_weight > 0 then least(1, episode_weight / total_weight) end
            as episode_share,
        case when is_closed_month and total_weight > 0 then least(1, cumulative_weight / total_weight) end
            as cumulative_episode_share,
        cast(lost_revenue as decimal(18, 4)) as lost_revenue_t12,
        cast(lost_margin as decimal(18, 4)) as lost_margin_t12,
        cast(margin_rank as bigint) as margin_rank,
        -- Losses that are gains, of customers who cost more than they brought, have no share.
        case when is_closed_month and total_margin > 0 then lost_margin / total_margin end as lost_margin_ratio,
        case when is_closed_month and total_margin > 0 then cumulative_margin / total_margin end
            as cumulative_margin_ratio,
        is_closed_month
    from cumulated
)

select * from final
