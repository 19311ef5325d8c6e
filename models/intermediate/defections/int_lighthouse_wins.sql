-- Customers won that soon became key accounts, with the year before and the year after their first order. Who bought
-- before the ledger begins was won on a day nobody knows, and a part of another customer was not won.
with

dim_customers as (
    select * from {{ ref('dim_customers') }}
    where
        not coalesce(is_history_truncated, false)
        and split_from_customer_key is null
        and industry is not null
        and first_purchase_date is not null
),

qualified as (
    select
        customer_key,
        min(reporting_month) as qualified_month
    from {{ ref('fct_customer_classes') }}
    where scheme = 'key_account' and class_as_known = 'key_account'
    group by customer_key
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

windowed as (
    select
        won.customer_key,
        won.group_customer_key,
        won.industry,
        won.first_purchase_date as won_date,
        qualified.qualified_month,
        policies.lighthouse_window_months,
        cast(
            {{ dbt.dateadd('month', '-policies.lighthouse_window_months', 'won.first_purchase_date') }} as date
        ) as window_from_date,
        cast(
            {{ dbt.dateadd('month', 'policies.lighthouse_window_months', 'won.first_purchase_date') }} as date
        ) as window_to_date
    from dim_customers as won
    inner join qualified
        on won.customer_key = qualified.customer_key
    inner join int_defection_policies as policies
        on
            won.first_purchase_date >= policies.fiscal_year_start_date
            and won.first_purchase_date < policies.next_fiscal_year_start_date
            and {{ months_apart('won.first_purchase_month', 'qualified.qualified_month') }}
            <= policies.lighthouse_qualification_months
),

final as (
    select
        windowed.*,
        coalesce(
            windowed.window_from_date >= calendar.first_month
            and windowed.window_to_date < calendar.data_complete_through,
            false
        ) as is_window_complete
    from windowed
    cross join int_reporting_calendar as calendar
)

select * from final
