-- One row per customer and month, from the first month it was billed or paid in. Amounts and amount-days of
-- the month add up over customers and months, balances over customers alone, days of sales over nothing: divide
-- their sums again. A balance at a day is the sum of what moved it, so no document need be followed.
{%- set running = 'partition by spine.customer_key order by spine.reporting_month asc nulls last' %}
{%- set before = running ~ ' rows between unbounded preceding and 1 preceding' %}
with

int_collection_moves as (
    select * from {{ ref('int_collection_moves') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

spine as (
    select
        customers.customer_key,
        month_ends.reporting_month,
        month_ends.is_closed_month,
        cast(
            {{ dbt.datediff('month_ends.reporting_month', 'month_ends.period_end_date', 'day') }}
            as bigint
        ) as month_days
    from (
        select
            customer_key,
            min(reporting_month) as first_month
        from int_collection_moves
        group by customer_key
    ) as customers
    inner join int_month_ends as month_ends
        on customers.first_month <= month_ends.reporting_month
),

balanced as (
    select
        spine.customer_key,
        spine.reporting_month,
        spine.is_closed_month,
        {% for flow in ['billed', 'received', 'due', 'on_time'] -%}
        coalesce(moves.{{ flow }}_amount, 0) as {{ flow }}_amount,
        {% endfor -%}
        {% for side, grows, falls in [('outstanding', 'billed', 'received'), ('overdue', 'due', 'settled')] -%}
        coalesce(sum(moves.{{ grows }}_amount - moves.{{ falls }}_amount) over ({{ before }}), 0)
            as {{ side }}_at_start,
        coalesce(moves.{{ grows }}_amount - moves.{{ falls }}_amount, 0) as {{ side }}_change,
        coalesce(moves.{{ grows }}_days - moves.{{ falls }}_days, 0) as {{ side }}_days_before,
        {% endfor -%}
        spine.month_days
    from spine
    left join int_collection_moves as moves
        on
            spine.customer_key = moves.customer_key
            and spine.reporting_month = moves.reporting_month
),

counted as (
    select
        *,
        {% for side in ['outstanding', 'overdue'] -%}
        {{ side }}_at_start + {{ side }}_change as {{ side }}_at_end,
        ({{ side }}_at_start + {{ side }}_change) * month_days - {{ side }}_days_before as {{ side }}_amount_days,
        {% endfor -%}
        row_number() over ({{ running | replace('spine.', '') }}) as month_place
    from balanced
),

{% set year = running | replace('spine.', '') ~ ' rows between 11 preceding and current row' -%}
final as (
    select
        customer_key,
        reporting_month,
        cast(billed_amount as decimal(18, 4)) as billed_amount,
        cast(received_amount as decimal(18, 4)) as received_amount,
        cast(due_amount as decimal(18, 4)) as due_amount,
        cast(on_time_amount as decimal(18, 4)) as on_time_amount,
        cast(outstanding_at_end as decimal(18, 4)) as outstanding_amount,
        cast(overdue_at_end as decimal(18, 4)) as overdue_amount,
        -- A month that is not over has not had all its days.
        {% for side in ['outstanding', 'overdue'] -%}
        cast(case when is_closed_month then {{ side }}_amount_days end as decimal(28, 4)) as {{ side }}_amount_days,
        {% endfor -%}
        case
            when is_closed_month and month_place >= 12
                then {{ safe_ratio(
                    'sum(outstanding_amount_days) over (' ~ year ~ ')',
                    'case when sum(billed_amount) over (' ~ year ~ ') > 0 then sum(billed_amount) over (' ~ year ~ ') end'
                ) }}
        end as sales_outstanding_days_t12,
        is_closed_month
    from counted
)

select * from final
