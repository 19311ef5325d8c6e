-- Churn of every class of every scheme, by the class at the start of the period: who is moved down before
-- leaving still leaves the class it was in. Each horizon compares two ends and is no product of months.
-- Schemes overlap: never add over schemes, nor over kinds of defection.
with

int_class_churn_counts as (
    select * from {{ ref('int_class_churn_counts') }}
),

int_class_false_defections as (
    select * from {{ ref('int_class_false_defections') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_provisional_months as (
    select * from {{ ref('int_provisional_months') }}
),

unpivoted as (
    {{ unpivot_churn_groups('int_class_churn_counts', ['basis', 'scheme', 'customer_class']) }}
),

trailing_false_defections as (
    select
        false_defections.basis,
        false_defections.scheme,
        false_defections.customer_class,
        dim_months.reporting_month,
        sum(false_defections.mature_episode_count) as mature_episode_count,
        sum(false_defections.false_defection_count) as false_defection_count
    from dim_months
    inner join int_class_false_defections as false_defections
        on {{ months_apart('false_defections.reporting_month', 'dim_months.reporting_month') }} between 0 and 11
    group by
        false_defections.basis,
        false_defections.scheme,
        false_defections.customer_class,
        dim_months.reporting_month
),

-- A period that ends after the last month reported is not over and has no row.
measured as (
    select
        unpivoted.*,
        provisional.reporting_month is not null as is_provisional,
        dim_months.is_closed_month,
        sum(
            case
                when unpivoted.customer_class in ('unclassified', 'unknown_history', 'none') then 0
                else unpivoted.start_customer_count
            end
        ) over scheme_periods as classed_customer_count,
        -- Episodes are classed at their start alone, so a year earlier has none to count.
        {% for count in ['mature_episode', 'false_defection'] -%}
        case
            when unpivoted.defection_type = 'full' and unpivoted.basis <> 'year_earlier'
                then cast(coalesce(matured.{{ count }}_count, 0) as bigint)
        end as {{ count }}_count,
        {% endfor -%}
        sum(unpivoted.start_customer_count) over scheme_periods as scheme_customer_count
    from unpivoted
    inner join dim_months
        on unpivoted.reporting_month = dim_months.reporting_month
    left join int_provisional_months as provisional
        on unpivoted.reporting_month = provisional.reporting_month
    left join trailing_false_defections as matured
        on
            unpivoted.basis = matured.basis
            and unpivoted.scheme = matured.scheme
            and unpivoted.customer_class = matured.customer_class
            and unpivoted.reporting_month = matured.reporting_month
    window scheme_periods as (
        partition by
            unpivoted.basis, unpivoted.scheme, unpivoted.defection_type, unpivoted.horizon, unpivoted.reporting_month
    )
),

final as (
    select
        scheme,
        customer_class,
        defection_type,
        horizon,
        basis,
        reporting_month,
        period_start_month,
        start_customer_count,
        defected_customer_count,
        closed_customer_count,
        {% set closed_ratio = "case when is_closed_month then " -%}
        {{ closed_ratio ~ safe_ratio('defected_customer_count', 'start_customer_count') }} end as churn_rate,
        {{ closed_ratio ~ wilson_bound('defected_customer_count', 'start_customer_count', 'low') }} end
            as churn_low_rate,
        {{ closed_ratio ~ wilson_bound('defected_customer_count', 'start_customer_count', 'high') }} end
            as churn_high_rate,
        start_revenue,
        defected_revenue,
        {{ closed_ratio ~ safe_ratio('defected_revenue', 'start_revenue') }} end as revenue_churn_rate,
        case when costed_customer_count > 0 then start_margin end as start_margin,
        case when costed_customer_count > 0 then defected_margin end as defected_margin,
        {{ closed_ratio ~ safe_ratio('defected_margin', 'start_margin') }} end as margin_churn_rate,
        {{ safe_ratio('costed_customer_count', 'start_customer_count') }} as margin_coverage_share,
        {{ safe_ratio('classed_customer_count', 'scheme_customer_count') }} as class_coverage_share,
        mature_episode_count,
        false_defection_count,
        {{ closed_ratio ~ safe_ratio('false_defection_count', 'mature_episode_count') }} end as false_defection_rate,
        is_provisional,
        is_closed_month
    from measured
)

select * from final
