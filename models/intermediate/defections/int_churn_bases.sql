-- Everybody the company has at the start of a month, with what has become of them a month, a quarter and a
-- year later. The only pass over the spine that churn rates need: everything else counts these rows.
-- NULL where the period is not over yet.
{%- set leads = {'month': 0, 'quarter': 2, 'trailing_year': 11} %}
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

{% set by_customer = "partition by months.customer_key order by months.reporting_month nulls last" -%}
neighboured as (
    select
        months.customer_key,
        months.group_customer_key,
        months.reporting_month,
        months.customer_state_at_start,
        int_month_ends.ledger_month_number,
        int_month_ends.fiscal_year,
        {% for horizon, months_ahead in leads.items() -%}
        lead(months.customer_state, {{ months_ahead }}) over ({{ by_customer }}) as state_after_{{ horizon }},
        {% endfor -%}
        lag(months.net_revenue_t12) over ({{ by_customer }}) as net_revenue_t12_at_start,
        lag(months.margin_t12) over ({{ by_customer }}) as margin_t12_at_start,
        max(case when months.customer_state = 'partial_defector' then int_month_ends.ledger_month_number end) over (
            {{ by_customer }} rows between unbounded preceding and 1 preceding
        ) as last_partial_month_number,
        max(case when months.customer_state = 'defected_full' then int_month_ends.ledger_month_number end) over (
            {{ by_customer }} rows between unbounded preceding and 1 preceding
        ) as last_full_month_number
    from fct_customer_months as months
    inner join int_month_ends
        on months.reporting_month = int_month_ends.reporting_month
),

judged as (
    select
        neighboured.*,
        -- Who is in a partial episode cannot fall into it again; a short pause does not end one, and
        -- what ended it is known without looking ahead.
        not coalesce(
            neighboured.last_partial_month_number
            >= neighboured.ledger_month_number - 1 - int_defection_policies.partial_bridge_months
            and neighboured.last_partial_month_number > coalesce(neighboured.last_full_month_number, 0),
            false
        ) as is_whole_at_start
    from neighboured
    inner join customer_states
        on
            neighboured.customer_state_at_start = customer_states.customer_state
            and customer_states.is_live
    inner join int_defection_policies
        on neighboured.fiscal_year = int_defection_policies.fiscal_year
),

final as (
    select
        customer_key,
        group_customer_key,
        reporting_month,
        is_whole_at_start,
        -- A year of more credits than bills is no revenue that could be lost.
        cast(greatest(net_revenue_t12_at_start, 0) as decimal(18, 4)) as revenue_at_start,
        {% for horizon in leads -%}
        state_after_{{ horizon }} = 'defected_full' as is_full_after_{{ horizon }},
        is_whole_at_start and state_after_{{ horizon }} = 'partial_defector' as is_partial_after_{{ horizon }},
        is_whole_at_start and state_after_{{ horizon }} in ('defected_full', 'partial_defector')
            as is_any_after_{{ horizon }},
        state_after_{{ horizon }} = 'closed_permanent' as is_closed_after_{{ horizon }},
        {% endfor -%}
        case when margin_t12_at_start is not null then cast(greatest(margin_t12_at_start, 0) as decimal(18, 4)) end
            as margin_at_start
    from judged
)

select * from final
