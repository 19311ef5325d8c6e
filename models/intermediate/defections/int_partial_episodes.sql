-- Months of partial defection that belong together. A month or two without the rule end nothing; a full
-- defection between them does.
with

int_customer_states as (
    select * from {{ ref('int_customer_states') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

-- Few of all customer-months: everything below is done on these alone.
partial_months as (
    select
        customer_key,
        reporting_month,
        partial_reason,
        threshold_days,
        threshold_version
    from int_customer_states
    where customer_state = 'partial_defector'
),

full_counted as (
    select
        partial_months.customer_key,
        partial_months.reporting_month,
        count(int_defection_episodes.customer_key) as earlier_full_count
    from partial_months
    left join int_defection_episodes
        on
            partial_months.customer_key = int_defection_episodes.customer_key
            and partial_months.reporting_month >= {{ month_of('int_defection_episodes.defected_on') }}
    group by
        partial_months.customer_key,
        partial_months.reporting_month
),

neighboured as (
    select
        partial_months.*,
        full_counted.earlier_full_count,
        int_month_ends.evaluation_date,
        int_month_ends.ledger_month_number,
        int_defection_policies.partial_bridge_months,
        lag(int_month_ends.ledger_month_number) over (
            partition by partial_months.customer_key, full_counted.earlier_full_count
            order by partial_months.reporting_month nulls last
        ) as previous_month_number
    from partial_months
    inner join full_counted
        on
            partial_months.customer_key = full_counted.customer_key
            and partial_months.reporting_month = full_counted.reporting_month
    inner join int_month_ends
        on partial_months.reporting_month = int_month_ends.reporting_month
    inner join int_defection_policies
        on int_month_ends.fiscal_year = int_defection_policies.fiscal_year
),

numbered as (
    select
        *,
        sum(case when ledger_month_number - previous_month_number <= partial_bridge_months + 1 then 0 else 1 end) over (
            partition by customer_key, earlier_full_count
            order by reporting_month nulls last
            rows between unbounded preceding and current row
        ) as island_no
    from neighboured
),

final as (
    select
        customer_key,
        earlier_full_count,
        min(reporting_month) as partial_from_month,
        max(reporting_month) as partial_to_month,
        min(evaluation_date) as partial_from_date,
        max(ledger_month_number) as last_month_number,
        max(partial_bridge_months) as partial_bridge_months,
        min_by(partial_reason, reporting_month) as partial_reason,
        min_by(threshold_days, reporting_month) as threshold_days,
        min_by(threshold_version, reporting_month) as threshold_version
    from numbered
    group by
        customer_key,
        earlier_full_count,
        island_no
)

select * from final
