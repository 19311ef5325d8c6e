-- Full defections of key accounts, named by hand or in the first class by contribution when the month
-- began, with the days before and after in which peers are watched.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

restated_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'restated'
),

int_customers_described as (
    select * from {{ ref('int_customers_described') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

losses as (
    select
        episodes.customer_key,
        episodes.episode_no,
        episodes.defected_on,
        {{ month_of('episodes.defected_on') }} as defected_month,
        described.industry,
        described.region
    from int_defections as episodes
    left join int_customers_described as described
        on episodes.customer_key = described.customer_key
    left join restated_classes
        on
            episodes.customer_key = restated_classes.customer_key
            and restated_classes.class_month = {{ month_of('episodes.defected_on') }}
    where
        episodes.defection_type = 'full'
        and (coalesce(described.is_strategic, false) or coalesce(restated_classes.kmgm_class = 'key', false))
),

windowed as (
    select
        losses.*,
        policies.contagion_window_days,
        cast({{ dbt.dateadd('day', '-policies.contagion_window_days', 'losses.defected_on') }} as date)
            as window_from_date,
        cast({{ dbt.dateadd('day', 'policies.contagion_window_days', 'losses.defected_on') }} as date)
            as window_to_date
    from losses
    inner join int_defection_policies as policies
        on
            losses.defected_on >= policies.fiscal_year_start_date
            and losses.defected_on < policies.next_fiscal_year_start_date
),

final as (
    select
        windowed.customer_key,
        windowed.episode_no,
        windowed.defected_on,
        windowed.industry,
        windowed.region,
        windowed.contagion_window_days,
        windowed.window_from_date,
        windowed.window_to_date,
        {{ month_of('windowed.window_from_date') }} as month_before,
        -- Who is live after the loss is known at the start of the next month.
        cast({{ dbt.dateadd('month', 1, 'windowed.defected_month') }} as date) as month_after,
        windowed.window_from_date >= calendar.first_month and windowed.window_to_date <= calendar.as_of_date
            as is_window_complete
    from windowed
    cross join int_reporting_calendar as calendar
)

select * from final
