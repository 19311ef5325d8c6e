with

dim_months as (
    select * from {{ ref('dim_months') }}
),

final as (
    select
        {{ unnest_days(
            'period_start_date', 'cast(' ~ dbt.dateadd('day', -1, 'period_end_date') ~ ' as date)'
        ) }} as calendar_date,
        reporting_month,
        is_closed_month
    from dim_months
)

select * from final
