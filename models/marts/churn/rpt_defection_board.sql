-- The page a director reads first: one row per figure of the last closed month, with what it is made of and
-- what it was a month and a year before. It gathers, and computes nothing of its own.
with

int_board_figures as (
    select * from {{ ref('int_board_figures') }}
),

rpt_churn_by_class as (
    select * from {{ ref('rpt_churn_by_class') }}
    where basis = 'as_known' and horizon in ('month', 'trailing_year')
),

rpt_customer_bridge_month as (
    select * from {{ ref('rpt_customer_bridge_month') }}
),

rpt_defection_reconciliation as (
    select * from {{ ref('rpt_defection_reconciliation') }}
    where owner_key = 'all'
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

figures as (
    {{ board_figure(
        'churn', "concat(horizon, '_', defection_type, '_churn_rate')", 'churn_rate', 'defected_customer_count',
        'start_customer_count', 'churn_low_rate', 'churn_high_rate', 'class_coverage_share', 'scheme', 'customer_class',
    ) }}
    from rpt_churn_by_class

    union all

    {{ board_figure(
        'churn', "concat(horizon, '_', defection_type, '_margin_churn_rate')", 'margin_churn_rate', 'defected_margin',
        'start_margin', coverage='margin_coverage_share', scheme='scheme', customer_class='customer_class',
    ) }}
    from rpt_churn_by_class

    union all

    {{ board_figure(
        'churn', "'false_defection_rate'", 'false_defection_rate', 'false_defection_count', 'mature_episode_count',
        scheme='scheme', customer_class='customer_class',
    ) }}
    from rpt_churn_by_class
    where horizon = 'month' and defection_type = 'full'
    {% for part in ['start', 'new', 'split', 'returned', 'lost', 'closed', 'end'] %}
    union all

    {{ board_figure('bridge', "'" ~ part ~ "_customer_count'", part ~ '_customer_count', part ~ '_customer_count') }}
    from rpt_customer_bridge_month
    {% endfor %}
    union all

    {{ board_figure(
        'reconciliation', "'hidden_rate'", 'hidden_rate', 'data_only_count', 'data_only_count + both_count',
        'hidden_low_rate', 'hidden_high_rate',
    ) }}
    from rpt_defection_reconciliation

    union all

    select * from int_board_figures
),

last_closed as (
    select max(reporting_month) as reporting_month
    from int_month_ends
    where is_closed_month
),

final as (
    select
        figures.section,
        figures.measure,
        figures.scheme,
        figures.customer_class,
        figures.reporting_month,
        figures.figure_value,
        figures.numerator,
        figures.denominator,
        figures.low_value,
        figures.high_value,
        figures.coverage_share,
        months_before.figure_value as previous_month_value,
        years_before.figure_value as previous_year_value,
        figures.figure_value - months_before.figure_value as change_on_month,
        figures.figure_value - years_before.figure_value as change_on_year
    from last_closed
    inner join figures
        on last_closed.reporting_month = figures.reporting_month
    {% for earlier, months in {'months_before': 1, 'years_before': 12}.items() -%}
    left join figures as {{ earlier }}
        on
            figures.section = {{ earlier }}.section
            and figures.measure = {{ earlier }}.measure
            and figures.scheme = {{ earlier }}.scheme
            and figures.customer_class = {{ earlier }}.customer_class
            and {{ earlier }}.reporting_month
            = cast({{ dbt.dateadd('month', -months, 'last_closed.reporting_month') }} as date)
    {% endfor %}
)

select * from final
