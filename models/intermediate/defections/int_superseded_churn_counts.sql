-- The months of a year in which the policy changed, as the version before would have told them: who was lost
-- before the year stays lost, contracts end as they do, and silence is measured by the old thresholds.
with

changes as (
    select * from {{ ref('int_threshold_policies') }}
    where not is_in_force
),

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

int_contract_defections as (
    select * from {{ ref('int_contract_defections') }}
),

int_silence_defections as (
    select * from {{ ref('int_silence_defections') }}
    where not is_in_force
),

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_customer_states as (
    select * from {{ ref('int_customer_states') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
),

losses as (
    {% set of_the_year = 'losses.defected_on >= changes.fiscal_year_start_date'
        ~ ' and losses.defected_on < changes.next_fiscal_year_start_date' -%}
    {% for model, condition in {
        'int_defection_episodes': 'losses.defected_on < changes.fiscal_year_start_date',
        'int_contract_defections': of_the_year,
        'int_silence_defections': of_the_year,
    }.items() -%}
    select
        changes.fiscal_year,
        losses.customer_key,
        losses.last_purchase_date,
        losses.defected_on
    from {{ model }} as losses
    inner join changes
        on {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

first_losses as (
    select
        fiscal_year,
        customer_key,
        last_purchase_date,
        min(defected_on) as defected_on
    from losses
    group by
        fiscal_year,
        customer_key,
        last_purchase_date
),

-- Who is closed, or never bought, is so under every version.
judged as (
    select
        months.customer_key,
        months.reporting_month,
        changes.fiscal_year,
        changes.policy_version,
        states_at_start.is_live as was_live_in_force,
        coalesce(first_losses.defected_on <= months.evaluation_date, false)
        and states.customer_state not in ('prospect', 'closed_permanent') as is_lost,
        not coalesce(first_losses.defected_on <= months.evaluation_date, false)
        and states.customer_state not in ('prospect', 'closed_permanent') as is_live
    from int_customer_months as months
    inner join changes
        on months.fiscal_year = changes.fiscal_year
    inner join int_customer_states as states
        on
            months.customer_key = states.customer_key
            and months.reporting_month = states.reporting_month
    inner join customer_states as states_at_start
        on states.customer_state_at_start = states_at_start.customer_state
    left join first_losses
        on
            months.fiscal_year = first_losses.fiscal_year
            and months.customer_key = first_losses.customer_key
            and months.last_purchase_date = first_losses.last_purchase_date
),

-- The year begins with those whom the version before had left.
neighboured as (
    select
        reporting_month,
        policy_version,
        is_lost,
        coalesce(
            lag(is_live) over (partition by customer_key, fiscal_year order by reporting_month nulls last),
            was_live_in_force
        ) as was_live
    from judged
),

final as (
    select
        reporting_month,
        max(policy_version) as policy_version,
        count(case when was_live then 1 end) as start_customer_count,
        count(case when was_live and is_lost then 1 end) as lost_customer_count
    from neighboured
    group by reporting_month
)

select * from final
