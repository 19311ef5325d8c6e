-- What prices alone did to revenue between the trailing year and the year before: each product that a code
-- bought in both years, at the later quantity, for the difference of its average prices. Everything else
-- that moved is volume, and so are goods that only one of the years knows. Discounts are part of the price.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ delete_restated_months(ref('int_restated_price_months')) }}",
        post_hook=[
            "{{ forget_build_state('price_effect_builds') }}",
            "{{ record_taken_builds('price_effect_builds') }}",
        ],
    )
}}

with

restated as (
    select reporting_month
    from {{ ref('int_restated_price_months') if is_incremental() else ref('int_restated_price_candidates') }}
),

product_months as (
    select * from {{ ref('int_customer_code_product_months') }}
),

-- A product can be compared from a year after its first purchase to a year after its last; most are bought
-- now and then, so most sums would have nothing to be compared with.
comparable as (
    select
        customer_code,
        product_key,
        cast({{ dbt.dateadd('month', 12, 'min(reporting_month)') }} as date) as comparable_from,
        cast({{ dbt.dateadd('month', 12, 'max(reporting_month)') }} as date) as comparable_before
    from product_months
    group by
        customer_code,
        product_key
    having max(reporting_month) > min(reporting_month)
),

compared as (
    select
        product_months.customer_code,
        product_months.product_key,
        restated.reporting_month,
        {% set is_later = "product_months.reporting_month > cast("
            ~ dbt.dateadd('month', -12, 'restated.reporting_month') ~ " as date)" -%}
        sum(case when {{ is_later }} then product_months.quantity end) as end_quantity,
        sum(case when {{ is_later }} then product_months.net_revenue_constant end) as end_amount,
        sum(case when not {{ is_later }} then product_months.quantity end) as start_quantity,
        sum(case when not {{ is_later }} then product_months.net_revenue_constant end) as start_amount
    from product_months
    inner join comparable
        on
            product_months.customer_code = comparable.customer_code
            and product_months.product_key = comparable.product_key
    inner join restated
        on
            comparable.comparable_from <= restated.reporting_month
            and comparable.comparable_before > restated.reporting_month
            and product_months.reporting_month <= restated.reporting_month
            and product_months.reporting_month
            > cast({{ dbt.dateadd('month', -24, 'restated.reporting_month') }} as date)
    group by
        product_months.customer_code,
        product_months.product_key,
        restated.reporting_month
),

priced as (
    select
        customer_code,
        reporting_month,
        end_amount,
        cast(
            cast(end_amount as double)
            - cast(start_amount as double) / cast(start_quantity as double) * cast(end_quantity as double)
            as decimal(18, 4)
        ) as price_effect
    from compared
    where
        end_quantity > 0
        and start_quantity > 0
        and end_amount > 0
        and start_amount > 0
),

code_price_effects as (
    select
        customer_code,
        reporting_month,
        cast(sum(price_effect) as decimal(18, 4)) as price_effect,
        cast(sum(end_amount) as decimal(18, 4)) as priced_amount
    from priced
    group by
        customer_code,
        reporting_month
)

select * from code_price_effects
