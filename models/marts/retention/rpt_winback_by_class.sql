-- Who comes back, by the class it was lost in, as that was known then. Whoever was lost in the month of its
-- first order had no class yet and stands under none. Schemes hold the same losses: never add over them.
with

int_win_backs as (
    select * from {{ ref('int_win_backs') }}
),

fct_customer_classes as (
    select * from {{ ref('fct_customer_classes') }}
),

classification_schemes as (
    select * from {{ ref('classification_schemes') }}
),

losses as (
    select
        *,
        {{ month_of('effective_date') }} as defection_month
    from int_win_backs
),

-- The same rule as for all classes together: one loss that still has time makes its whole month wait.
defection_months as (
    select
        defection_month,
        min(case when is_mature then 1 else 0 end) = 1 as is_mature
    from losses
    group by defection_month
),

counted as (
    select
        classification_schemes.scheme,
        coalesce(classes.class_as_known, 'none') as customer_class,
        losses.defection_month,
        count(*) as episode_count,
        count(case when losses.is_closed then 1 end) as closed_count,
        count(case when not losses.is_closed then 1 end) as eligible_count,
        count(case when not losses.is_closed and losses.is_won_back then 1 end) as won_back_count,
        count(case when not losses.is_closed and losses.is_won_back and losses.is_attributed then 1 end)
            as attributed_count,
        count(case when not losses.is_closed and losses.is_won_back and not losses.is_attributed then 1 end)
            as organic_count
    from losses
    cross join classification_schemes
    left join fct_customer_classes as classes
        on
            losses.customer_key = classes.customer_key
            and losses.defection_month = classes.reporting_month
            and classification_schemes.scheme = classes.scheme
    group by
        classification_schemes.scheme,
        coalesce(classes.class_as_known, 'none'),
        losses.defection_month
),

final as (
    select
        counted.scheme,
        counted.customer_class,
        counted.defection_month,
        counted.episode_count,
        counted.closed_count,
        counted.eligible_count,
        counted.won_back_count,
        counted.attributed_count,
        counted.organic_count,
        counted.won_back_count - counted.attributed_count - counted.organic_count as unknown_origin_count,
        case
            when defection_months.is_mature
                then {{ safe_ratio('counted.won_back_count', 'counted.eligible_count') }}
        end as win_back_rate,
        {% for bound in ['low', 'high'] -%}
        case
            when defection_months.is_mature
                then {{ wilson_bound('counted.won_back_count', 'counted.eligible_count', bound) }}
        end as win_back_{{ bound }}_rate,
        {% endfor -%}
        defection_months.is_mature
    from counted
    inner join defection_months
        on counted.defection_month = defection_months.defection_month
)

select * from final
