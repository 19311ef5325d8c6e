-- The numerator of the churn rate is the bridge's lost customers less those who were new in the same
-- month, and its denominator is where the bridge starts. Both are counted here from the fact itself,
-- so that a mistake in the bridge cannot hide in the rate.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
),

rpt_churn_month as (
    select * from {{ ref('rpt_churn_month') }}
),

rpt_customer_bridge_month as (
    select * from {{ ref('rpt_customer_bridge_month') }}
),

counted as (
    select
        fct_customer_months.reporting_month,
        count(*) as start_customer_count,
        count(case when fct_customer_months.customer_state = 'defected_full' then 1 end) as lost_customer_count
    from fct_customer_months
    inner join customer_states
        on
            fct_customer_months.customer_state_at_start = customer_states.customer_state
            and customer_states.is_live
    group by fct_customer_months.reporting_month
)

select
    churn.reporting_month,
    churn.start_customer_count,
    churn.lost_customer_count
from rpt_churn_month as churn
inner join rpt_customer_bridge_month as bridge
    on churn.reporting_month = bridge.reporting_month
left join counted
    on churn.reporting_month = counted.reporting_month
where
    churn.start_customer_count <> coalesce(counted.start_customer_count, 0)
    or churn.lost_customer_count <> coalesce(counted.lost_customer_count, 0)
    or churn.start_customer_count <> bridge.start_customer_count
    or churn.lost_customer_count <> bridge.lost_customer_count - bridge.infant_loss_count
