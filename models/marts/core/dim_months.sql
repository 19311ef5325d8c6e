with

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

months as (
    select
        {{ unnest_months('first_month', 'as_of_month') }} as reporting_month,
        data_complete_through
    from int_reporting_calendar
),

bounded as (
    select
        reporting_month,
        reporting_month as period_start_date,
        cast({{ dbt.dateadd('month', 1, 'reporting_month') }} as date) as period_end_date,
        data_complete_through,
        year(reporting_month) as calendar_year,
        month(reporting_month) as month_of_year,
        case
            when month(reporting_month) >= {{ var('fiscal_year_start_month') }} then year(reporting_month)
            else year(reporting_month) - 1
        end as year_of_fiscal_start
    from months
),

final as (
    select
        reporting_month,
        period_start_date,
        period_end_date,
        cast(day({{ dbt.dateadd('day', -1, 'period_end_date') }}) as bigint) as days_in_month,
        cast(calendar_year as bigint) as calendar_year,
        cast(ceil(month_of_year / 3.0) as bigint) as calendar_quarter,
        -- Named for the calendar year it ends in.
        cast(
            {% if var('fiscal_year_start_month') == 1 -%}
            year_of_fiscal_start
            {%- else -%}
            year_of_fiscal_start + 1
            {%- endif %} as bigint
        ) as fiscal_year,
        make_date(year_of_fiscal_start, {{ var('fiscal_year_start_month') }}, 1) as fiscal_year_start_date,
        -- Quarters are counted from the first month of the fiscal year, so that four of them are the year.
        cast(
            {{ dbt.dateadd(
                'month', '-mod(month_of_year - ' ~ var('fiscal_year_start_month') ~ ' + 12, 3)', 'reporting_month'
            ) }} as date
        ) as fiscal_quarter_start_date,
        coalesce(period_end_date <= data_complete_through, false) as is_closed_month,
        {{ format_month_en('reporting_month') }} as month_label_en,
        concat(
            cast(calendar_year as {{ dbt.type_string() }}), '年',
            cast(month_of_year as {{ dbt.type_string() }}), '月'
        ) as month_label_zh
    from bounded
)

select * from final
