-- A customer is a full defector at the end of a month exactly where an episode holds on the day the
-- month is judged, unless it is closed for good. Found by dates here and by the last purchase in the
-- state machine.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

episode_months as (
    select
        int_defection_episodes.customer_key,
        int_month_ends.reporting_month
    from int_defection_episodes
    inner join int_month_ends
        on
            int_defection_episodes.defected_on <= int_month_ends.evaluation_date
            and coalesce(int_defection_episodes.returned_on > int_month_ends.evaluation_date, true)
)

select
    fct_customer_months.customer_key,
    fct_customer_months.reporting_month,
    fct_customer_months.customer_state
from fct_customer_months
left join episode_months
    on
        fct_customer_months.customer_key = episode_months.customer_key
        and fct_customer_months.reporting_month = episode_months.reporting_month
where
    fct_customer_months.customer_state <> 'closed_permanent'
    and (fct_customer_months.customer_state = 'defected_full') <> (episode_months.customer_key is not null)
