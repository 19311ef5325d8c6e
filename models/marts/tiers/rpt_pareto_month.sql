-- How unevenly the trailing year is spread. Customers who brought nothing or took back more than they
-- bought are no part of the base, or the shares of the others would exceed one; they stand apart.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

int_class_months as (
    select * from {{ ref('int_class_months') }}
),

measured as (
    {% for measure, column in {'revenue': 'net_revenue_t12', 'profit': 'margin_t12'}.items() -%}
    select
        customer_key,
        reporting_month,
        is_closed_month,
        trailing_month_count,
        '{{ measure }}' as measure,
        {{ column }} as amount
    from fct_customer_months
    {% if not loop.last %}union all
    {% endif -%}
    {% endfor -%}
),

ranked as (
    select
        *,
        row_number() over (
            partition by measure, reporting_month
            order by amount desc nulls last, customer_key asc nulls last
        ) as place,
        sum(greatest(amount, 0)) over (
            partition by measure, reporting_month
            order by amount desc nulls last, customer_key asc nulls last
            rows between unbounded preceding and current row
        ) as amount_so_far
    from measured
),

totals as (
    select
        measure,
        reporting_month,
        count(case when amount > 0 then 1 end) as customer_count,
        coalesce(sum(case when amount > 0 then amount end), 0) as total_amount
    from measured
    group by measure, reporting_month
),

bases as (
    select
        totals.*,
        floor(totals.customer_count * class_months.pareto_top_share + 0.5) as top_customer_count,
        class_months.pareto_target_share * totals.total_amount as target_amount
    from totals
    inner join int_class_months as class_months
        on totals.reporting_month = class_months.measured_month
),

totalled as (
    select
        ranked.measure,
        ranked.reporting_month,
        ranked.is_closed_month,
        ranked.is_closed_month and max(bases.total_amount) > 0 as is_measurable,
        max(ranked.trailing_month_count) as trailing_month_count,
        max(bases.customer_count) as customer_count,
        max(bases.total_amount) as total_amount,
        max(bases.top_customer_count) as top_customer_count,
        sum(case when ranked.amount > 0 and ranked.place <= bases.top_customer_count then ranked.amount end)
            as top_amount,
        -- Those whose predecessors do not reach the target yet, and so are needed for it.
        count(case when ranked.amount > 0 and ranked.amount_so_far - ranked.amount < bases.target_amount then 1 end)
            as target_customer_count,
        sum(case when ranked.amount > 0 then (bases.customer_count + 1 - ranked.place) * ranked.amount end)
            as ranked_amount,
        count(case when ranked.amount < 0 then 1 end) as negative_customer_count,
        sum(case when ranked.amount < 0 then ranked.amount else 0 end) as negative_amount,
        count(case when ranked.amount is null then 1 end) as unknown_customer_count
    from ranked
    inner join bases
        on
            ranked.measure = bases.measure
            and ranked.reporting_month = bases.reporting_month
    group by ranked.measure, ranked.reporting_month, ranked.is_closed_month
),

final as (
    select
        measure,
        reporting_month,
        cast(customer_count as bigint) as customer_count,
        cast(total_amount as decimal(18, 4)) as total_amount,
        cast(top_customer_count as bigint) as top_customer_count,
        cast(coalesce(top_amount, 0) as decimal(18, 4)) as top_amount,
        case when is_measurable then {{ safe_ratio('coalesce(top_amount, 0)', 'total_amount') }} end as top_share,
        cast(target_customer_count as bigint) as target_customer_count,
        case when is_measurable then {{ safe_ratio('target_customer_count', 'customer_count') }} end
            as target_customer_share,
        -- Sen's form of the Gini coefficient, with ranks from the smallest.
        case
            when is_measurable
                then
                    {{ safe_ratio(
                        '2 * cast(ranked_amount as double)', 'customer_count * cast(total_amount as double)'
                    ) }}
                    - (customer_count + 1) / cast(customer_count as double)
        end as gini_coefficient,
        cast(negative_customer_count as bigint) as negative_customer_count,
        cast(negative_amount as decimal(18, 4)) as negative_amount,
        cast(unknown_customer_count as bigint) as unknown_customer_count,
        cast(trailing_month_count as bigint) as trailing_month_count,
        is_closed_month
    from totalled
)

select * from final
