-- Which months are so long past that who comes in them or later is mostly known. Whoever comes only in a
-- month that is not over has not come yet, so open months do not count.
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_retention_policies as (
    select * from {{ ref('int_retention_policies') }}
),

followed as (
    select
        dim_months.reporting_month,
        dim_months.is_closed_month,
        policies.rolling_follow_up_months,
        count(case when dim_months.is_closed_month then 1 end) over (
            order by dim_months.reporting_month desc nulls last
            rows between unbounded preceding and current row
        ) - 1 as closed_month_count_after
    from dim_months
    inner join int_retention_policies as policies
        on dim_months.reporting_month = policies.reporting_month
),

final as (
    select
        reporting_month,
        is_closed_month,
        is_closed_month and closed_month_count_after >= rolling_follow_up_months as is_followed_up
    from followed
)

select * from final
