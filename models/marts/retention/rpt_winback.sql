-- By the month of the loss, because only a whole cohort tells a rate: counting returns by their own month
-- would set last year's losses against this month's returns.
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_win_backs as (
    select * from {{ ref('int_win_backs') }}
),

cohorts as (
    select
        {{ month_of('effective_date') }} as defection_month,
        count(*) as episode_count,
        count(case when is_closed then 1 end) as closed_count,
        count(case when not is_closed then 1 end) as eligible_count,
        count(case when not is_closed and is_won_back then 1 end) as won_back_count,
        count(case when not is_closed and is_won_back and is_attributed then 1 end) as attributed_count,
        count(case when not is_closed and is_won_back and not is_attributed then 1 end) as organic_count,
        count(case when not is_closed and not is_won_back and returned_on is not null then 1 end)
            as returned_later_count,
        count(case when not is_mature then 1 end) as immature_count
    from int_win_backs
    group by {{ month_of('effective_date') }}
),

judged as (
    select
        dim_months.reporting_month as defection_month,
        {% for counted in [
            'episode', 'closed', 'eligible', 'won_back', 'attributed', 'organic', 'returned_later'
        ] -%}
        cast(coalesce(cohorts.{{ counted }}_count, 0) as bigint) as {{ counted }}_count,
        {% endfor -%}
        dim_months.is_closed_month and coalesce(cohorts.immature_count, 0) = 0 as is_mature
    from dim_months
    left join cohorts
        on dim_months.reporting_month = cohorts.defection_month
),

final as (
    select
        defection_month,
        episode_count,
        closed_count,
        eligible_count,
        won_back_count,
        attributed_count,
        organic_count,
        cast(won_back_count - attributed_count - organic_count as bigint) as unknown_origin_count,
        returned_later_count,
        case when is_mature then {{ safe_ratio('won_back_count', 'eligible_count') }} end as win_back_rate,
        case when is_mature then {{ wilson_bound('won_back_count', 'eligible_count', 'low') }} end
            as win_back_low_rate,
        case when is_mature then {{ wilson_bound('won_back_count', 'eligible_count', 'high') }} end
            as win_back_high_rate,
        case
            when is_mature and won_back_count = attributed_count + organic_count
                then {{ safe_ratio('attributed_count', 'eligible_count') }}
        end as attributed_rate,
        case
            when is_mature and won_back_count = attributed_count + organic_count
                then {{ safe_ratio('organic_count', 'eligible_count') }}
        end as organic_rate,
        is_mature
    from judged
)

select * from final
