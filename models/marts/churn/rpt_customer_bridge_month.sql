-- start + new + split off + returned - lost - closed = end, for every month. A customer that comes and goes within
-- the month is in new and in lost; one that goes and comes back is in neither, but in the flash count.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
),

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

int_provisional_months as (
    select * from {{ ref('int_provisional_months') }}
),

movements as (
    select
        fct_customer_months.reporting_month,
        fct_customer_months.customer_state,
        states_at_start.is_live as is_live_at_start,
        states_at_end.is_live as is_live_at_end,
        coalesce(
            fct_customer_months.first_purchase_month = fct_customer_months.reporting_month, false
        ) as is_first_month,
        coalesce(fct_customer_months.is_split_off, false) as is_split_off
    from fct_customer_months
    inner join customer_states as states_at_start
        on fct_customer_months.customer_state_at_start = states_at_start.customer_state
    inner join customer_states as states_at_end
        on fct_customer_months.customer_state = states_at_end.customer_state
),

counted as (
    select
        reporting_month,
        count(case when is_live_at_start then 1 end) as start_customer_count,
        count(case when is_first_month and not is_split_off then 1 end) as new_customer_count,
        count(case when is_first_month and is_split_off then 1 end) as split_customer_count,
        count(case when not is_live_at_start and not is_first_month and is_live_at_end then 1 end)
            as returned_customer_count,
        count(case when (is_live_at_start or is_first_month) and customer_state = 'defected_full' then 1 end)
            as lost_customer_count,
        count(case when (is_live_at_start or is_first_month) and customer_state = 'closed_permanent' then 1 end)
            as closed_customer_count,
        count(case when is_live_at_end then 1 end) as end_customer_count,
        count(case when customer_state = 'lapsed_pending' then 1 end) as lapsed_customer_count,
        count(case when is_first_month and not is_live_at_start and customer_state = 'defected_full' then 1 end)
            as infant_loss_count
    from movements
    group by reporting_month
),

flashes as (
    select
        {{ month_of('defected_on') }} as reporting_month,
        count(*) as flash_defection_count
    from int_defection_episodes
    where {{ month_of('defected_on') }} = {{ month_of('returned_on') }}
    group by {{ month_of('defected_on') }}
),

final as (
    select
        dim_months.reporting_month,
        cast(coalesce(counted.start_customer_count, 0) as bigint) as start_customer_count,
        cast(coalesce(counted.new_customer_count, 0) as bigint) as new_customer_count,
        cast(coalesce(counted.split_customer_count, 0) as bigint) as split_customer_count,
        cast(coalesce(counted.returned_customer_count, 0) as bigint) as returned_customer_count,
        cast(coalesce(counted.lost_customer_count, 0) as bigint) as lost_customer_count,
        cast(coalesce(counted.closed_customer_count, 0) as bigint) as closed_customer_count,
        cast(coalesce(counted.end_customer_count, 0) as bigint) as end_customer_count,
        cast(coalesce(flashes.flash_defection_count, 0) as bigint) as flash_defection_count,
        cast(coalesce(counted.infant_loss_count, 0) as bigint) as infant_loss_count,
        cast(coalesce(counted.lapsed_customer_count, 0) as bigint) as lapsed_customer_count,
        provisional.reporting_month is not null as is_provisional,
        dim_months.is_closed_month
    from dim_months
    left join counted
        on dim_months.reporting_month = counted.reporting_month
    left join flashes
        on dim_months.reporting_month = flashes.reporting_month
    left join int_provisional_months as provisional
        on dim_months.reporting_month = provisional.reporting_month
)

select * from final
