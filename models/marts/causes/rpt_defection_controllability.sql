-- One row per month, horizon, cut and type of defection: all = controllable + uncontrollable + unknown, by
-- weight. How much we could have kept lies between the bounds, whatever the unknown ones turn out to be.
with

int_cause_windows as (
    select * from {{ ref('int_cause_windows') }}
),

summed as (
    select
        reporting_month,
        horizon,
        cut,
        cut_value,
        defection_type,
        is_closed_month,
        {{ exact_sum('episode_weight') }} as episode_weight,
        {% for controllability in ['controllable', 'uncontrollable', 'unknown'] -%}
        {{ exact_sum("case when controllability = '" ~ controllability ~ "' then episode_weight else 0 end") }}
            as {{ controllability }}_weight,
        {{ exact_sum("case when controllability = '" ~ controllability ~ "' then lost_margin else 0 end") }}
            as {{ controllability }}_margin,
        {% endfor -%}
        {{ exact_sum('lost_margin') }} as lost_margin
    from int_cause_windows
    group by
        reporting_month,
        horizon,
        cut,
        cut_value,
        defection_type,
        is_closed_month
),

final as (
    select
        reporting_month,
        horizon,
        cut,
        cut_value,
        defection_type,
        cast(round(episode_weight, 0) as bigint) as episode_count,
        controllable_weight,
        uncontrollable_weight,
        unknown_weight,
        case when is_closed_month then {{ safe_ratio('episode_weight - unknown_weight', 'episode_weight') }} end
            as known_cause_share,
        case
            when is_closed_month
                then {{ safe_ratio('controllable_weight', 'controllable_weight + uncontrollable_weight') }}
        end as controllable_share,
        -- Weights are rounded when they are added up: a part may exceed the whole in its last digit.
        case when is_closed_month and episode_weight > 0 then least(1, controllable_weight / episode_weight) end
            as controllable_low_share,
        case
            when is_closed_month and episode_weight > 0
                then least(1, (controllable_weight + unknown_weight) / episode_weight)
        end as controllable_high_share,
        cast(lost_margin as decimal(18, 4)) as lost_margin_t12,
        cast(controllable_margin as decimal(18, 4)) as controllable_margin_t12,
        cast(uncontrollable_margin as decimal(18, 4)) as uncontrollable_margin_t12,
        cast(unknown_margin as decimal(18, 4)) as unknown_margin_t12,
        is_closed_month
    from summed
)

select * from final
