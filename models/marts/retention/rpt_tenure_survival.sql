-- Kaplan-Meier with delayed entry. A month of tenure is survived by the share of those at risk in it that
-- was not lost in it; the shares multiply. Kaplan and Meier 1958; Greenwood 1926 for the variance; the
-- interval on the log-minus-log scale of Kalbfleisch and Prentice 1980, which stays within 0 and 1.
with

int_tenure_exposures as (
    select * from {{ ref('int_tenure_exposures') }}
),

changes as (
    select
        scheme,
        class_code,
        entry_months + 1 as tenure_months,
        customer_count as entered_count,
        0 as left_count,
        0 as lost_count,
        0 as censored_count,
        undeclared_start_count as undeclared_change_count
    from int_tenure_exposures

    union all

    select
        scheme,
        class_code,
        exit_months as tenure_months,
        0 as entered_count,
        0 as left_count,
        case when is_lost then customer_count else 0 end as lost_count,
        case when is_censored then customer_count else 0 end as censored_count,
        0 as undeclared_change_count
    from int_tenure_exposures

    union all

    select
        scheme,
        class_code,
        exit_months + 1 as tenure_months,
        0 as entered_count,
        customer_count as left_count,
        0 as lost_count,
        0 as censored_count,
        -undeclared_start_count as undeclared_change_count
    from int_tenure_exposures
),

months as (
    select
        scheme,
        class_code,
        tenure_months,
        sum(entered_count) as entered_count,
        sum(left_count) as left_count,
        sum(lost_count) as lost_count,
        sum(censored_count) as censored_count,
        sum(undeclared_change_count) as undeclared_change_count
    from changes
    group by scheme, class_code, tenure_months
),

{% set so_far = "over (partition by scheme, class_code order by tenure_months nulls last"
    ~ " rows between unbounded preceding and current row)" -%}
at_risk as (
    select
        *,
        sum(entered_count - left_count) {{ so_far }} as at_risk_count,
        sum(undeclared_change_count) {{ so_far }} as undeclared_start_count
    from months
),

multiplied as (
    select
        *,
        max(case when lost_count = at_risk_count then 1 else 0 end) {{ so_far }} = 1 as is_extinct,
        exp(sum(
            case when lost_count < at_risk_count then ln(1 - lost_count / cast(at_risk_count as double)) else 0 end
        ) {{ so_far }}) as product,
        sum(case
            when lost_count < at_risk_count
                then lost_count / (cast(at_risk_count as double) * (at_risk_count - lost_count))
            else 0
        end) {{ so_far }} as greenwood_sum
    from at_risk
    where at_risk_count > 0
),

survived as (
    select
        *,
        -- Twelve digits: the last ones differ between engines, which multiply by way of logarithms.
        case when is_extinct then cast(0 as double) else round(product, 12) end as survival_rate
    from multiplied
    where entered_count > 0 or lost_count > 0 or censored_count > 0
),

{%- set spread = var('confidence_z') ~ " * sqrt(greenwood_sum) / ln(product)" %}

final as (
    select
        scheme,
        class_code,
        cast(tenure_months as bigint) as tenure_months,
        cast(at_risk_count as bigint) as at_risk_count,
        cast(lost_count as bigint) as lost_count,
        cast(censored_count as bigint) as censored_count,
        cast(undeclared_start_count as bigint) as undeclared_start_count,
        survival_rate,
        case when survival_rate > 0 and survival_rate < 1 then round(power(product, exp(-{{ spread }})), 12) end
            as survival_low_rate,
        case when survival_rate > 0 and survival_rate < 1 then round(power(product, exp({{ spread }})), 12) end
            as survival_high_rate,
        cast(min(case when survival_rate <= 0.5 then tenure_months end) over (
            partition by scheme, class_code
        ) as bigint) as median_tenure_months
    from survived
)

select * from final
