-- A movement takes a year, so customers are grouped by their class at the start of that year, and whoever
-- the company had then is the base: who left since is part of what happened.
with

fct_customer_classes as (
    select * from {{ ref('fct_customer_classes') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_share_of_wallet_months as (
    select * from {{ ref('int_share_of_wallet_months') }}
),

-- Every scheme classes everybody, so one of them is enough for the total.
first_scheme as (
    select min(scheme) as scheme
    from {{ ref('classification_schemes') }}
),

classed as (
    select
        customer_key,
        reporting_month as start_month,
        scheme,
        class_as_known,
        class_restated
    from fct_customer_classes
    union all
    select
        classes.customer_key,
        classes.reporting_month as start_month,
        'all' as scheme,
        'all' as class_as_known,
        'all' as class_restated
    from fct_customer_classes as classes
    where classes.scheme in (select first_scheme.scheme from first_scheme)
),

judged as (
    select
        classed.scheme,
        classed.class_as_known,
        classed.class_restated,
        dim_months.reporting_month,
        dim_months.is_closed_month,
        movements.d_sow,
        movements.sow_direction as direction,
        movements.d_sow is not null and movements.is_hidden_partial as is_hidden_partial,
        movements.is_method_break,
        movements.compared_wallet,
        movements.compared_wallet_ly,
        movements.compared_net_revenue,
        movements.compared_net_revenue_ly
    from classed
    inner join dim_months
        on cast({{ dbt.dateadd('month', 11, 'classed.start_month') }} as date) = dim_months.reporting_month
    left join int_share_of_wallet_months as movements
        on
            classed.customer_key = movements.customer_key
            and dim_months.reporting_month = movements.reporting_month
),

counted as (
    {% for basis in ['as_known', 'restated'] -%}
    select
        '{{ basis }}' as basis,
        scheme,
        class_{{ basis }} as class_at_start,
        reporting_month,
        is_closed_month,
        count(*) as start_customer_count,
        count(d_sow) as valid_customer_count,
        {% for direction in ['up', 'flat', 'down'] -%}
        count(case when direction = '{{ direction }}' then 1 end) as {{ direction }}_customer_count,
        sum(case when direction = '{{ direction }}' then compared_wallet_ly end) as {{ direction }}_wallet_amount,
        {% endfor -%}
        count(case when is_hidden_partial then 1 end) as hidden_partial_count,
        count(case when is_method_break then 1 end) as method_break_count,
        sum(case when d_sow is not null then compared_wallet end) as wallet_amount,
        sum(case when d_sow is not null then compared_wallet_ly end) as wallet_amount_ly,
        sum(case when d_sow is not null then compared_net_revenue end) as net_revenue,
        sum(case when d_sow is not null then compared_net_revenue_ly end) as net_revenue_ly
    from judged
    group by scheme, class_{{ basis }}, reporting_month, is_closed_month
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

final as (
    select
        basis,
        scheme,
        class_at_start,
        reporting_month,
        cast(start_customer_count as bigint) as start_customer_count,
        cast(valid_customer_count as bigint) as valid_customer_count,
        {{ safe_ratio('valid_customer_count', 'start_customer_count') }} as coverage_share,
        {% for direction in ['up', 'flat', 'down'] -%}
        cast({{ direction }}_customer_count as bigint) as {{ direction }}_customer_count,
        {{ safe_ratio(direction ~ '_customer_count', 'valid_customer_count') }} as {{ direction }}_rate,
        {{ wilson_bound(direction ~ '_customer_count', 'valid_customer_count', 'low') }} as {{ direction }}_low_rate,
        {{ wilson_bound(direction ~ '_customer_count', 'valid_customer_count', 'high') }} as {{ direction }}_high_rate,
        {{ safe_ratio('coalesce(' ~ direction ~ '_wallet_amount, 0)', 'wallet_amount_ly') }}
            as {{ direction }}_wallet_share,
        {% endfor -%}
        cast(hidden_partial_count as bigint) as hidden_partial_count,
        cast(method_break_count as bigint) as method_break_count,
        cast(wallet_amount as decimal(18, 4)) as wallet_amount,
        cast(wallet_amount_ly as decimal(18, 4)) as wallet_amount_ly,
        {{ safe_ratio('net_revenue', 'wallet_amount') }} as sow,
        {{ safe_ratio('net_revenue_ly', 'wallet_amount_ly') }} as sow_ly,
        sow - sow_ly as weighted_d_sow,
        is_closed_month
    from counted
)

select * from final
