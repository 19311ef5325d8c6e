-- The rate is the share of those who could be lost at the start of the month and are lost at its end.
-- Beside it: how often the call was wrong, over the episodes that became a year old within the last year.
with

rpt_customer_bridge_month as (
    select * from {{ ref('rpt_customer_bridge_month') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

episode_outcomes as (
    select
        int_defection_episodes.returned_on,
        cast(
            {{ dbt.dateadd(
                'month', 'int_defection_policies.false_defection_months', 'int_defection_episodes.defected_on'
            ) }} as date
        ) as mature_on
    from int_defection_episodes
    inner join int_defection_policies
        on
            int_defection_episodes.defected_on >= int_defection_policies.fiscal_year_start_date
            and int_defection_episodes.defected_on < int_defection_policies.next_fiscal_year_start_date
),

matured as (
    select
        {{ month_of('mature_on') }} as reporting_month,
        count(*) as mature_episode_count,
        count(case when returned_on < mature_on then 1 end) as false_defection_count
    from episode_outcomes
    group by {{ month_of('mature_on') }}
),

measured as (
    select
        bridge.reporting_month,
        bridge.start_customer_count,
        -- Whoever was new in the month was not there at its start.
        bridge.lost_customer_count - bridge.infant_loss_count as lost_customer_count,
        dim_months.days_in_month,
        bridge.is_provisional,
        bridge.is_closed_month,
        sum(coalesce(matured.mature_episode_count, 0)) over (
            order by bridge.reporting_month nulls last
            rows between 11 preceding and current row
        ) as mature_episode_count,
        sum(coalesce(matured.false_defection_count, 0)) over (
            order by bridge.reporting_month nulls last
            rows between 11 preceding and current row
        ) as false_defection_count
    from rpt_customer_bridge_month as bridge
    inner join dim_months
        on bridge.reporting_month = dim_months.reporting_month
    left join matured
        on bridge.reporting_month = matured.reporting_month
),

rated as (
    select
        *,
        case when is_closed_month then {{ safe_ratio('lost_customer_count', 'start_customer_count') }} end
            as churn_rate
    from measured
),

final as (
    select
        reporting_month,
        start_customer_count,
        lost_customer_count,
        churn_rate,
        case when is_closed_month then {{ wilson_bound('lost_customer_count', 'start_customer_count', 'low') }} end
            as churn_low_rate,
        case when is_closed_month then {{ wilson_bound('lost_customer_count', 'start_customer_count', 'high') }} end
            as churn_high_rate,
        {{ rescale_rate('churn_rate', 'days_in_month', '365') }} as annualised_churn_rate,
        cast(mature_episode_count as bigint) as mature_episode_count,
        cast(false_defection_count as bigint) as false_defection_count,
        case when is_closed_month then {{ safe_ratio('false_defection_count', 'mature_episode_count') }} end
            as false_defection_rate,
        is_provisional,
        is_closed_month
    from rated
)

select * from final
