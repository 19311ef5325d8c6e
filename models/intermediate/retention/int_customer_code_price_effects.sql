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

{% set month_number = "year(reporting_month) * 12 + month(reporting_month)" -%}
restated as (
    select
        reporting_month,
        {{ month_number }} as month_number
    from {{ ref('int_restated_price_months') if is_incremental() else ref('int_restated_price_candidates') }}
),

product_months as (
    select
        *,
        {{ month_number }} as month_number
    from {{ ref('int_customer_code_product_months') }}
),

-- A product can be compared from a year after its first purchase to a year after its last; most are bought
-- now and then, so most sums would have nothing to be compared with. Those that remain are tens of millions,
-- and are found by a number in half the time and the memory that two texts take.
comparable as (
    select
        customer_code,
        product_key,
        cast(
            row_number() over (order by customer_code asc nulls last, product_key asc nulls last) as integer
        ) as pair_number,
        min(month_number) + 12 as comparable_from,
        max(month_number) + 12 as comparable_before
    from product_months
    group by customer_code, product_key
    having
        max(month_number) > min(month_number)
        and min(month_number) + 12 <= (select max(restated.month_number) from restated)
        and max(month_number) + 12 > (select min(restated.month_number) from restated)
),

compared as (
    select
        comparable.pair_number,
        restated.month_number,
        {% set is_later = "product_months.month_number > restated.month_number - 12" -%}
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
            comparable.comparable_from <= restated.month_number
            and comparable.comparable_before > restated.month_number
            and product_months.month_number <= restated.month_number
            and product_months.month_number > restated.month_number - 24
    group by comparable.pair_number, restated.month_number
),

priced as (
    select
        pair_number,
        month_number,
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
        comparable.customer_code,
        restated.reporting_month,
        cast(sum(priced.price_effect) as decimal(18, 4)) as price_effect,
        cast(sum(priced.end_amount) as decimal(18, 4)) as priced_amount
    from priced
    inner join comparable
        on priced.pair_number = comparable.pair_number
    inner join restated
        on priced.month_number = restated.month_number
    group by comparable.customer_code, restated.reporting_month
)

select * from code_price_effects
