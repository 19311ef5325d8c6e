-- A view on purpose, like int_restated_months. A product that changed its category was moved within the
-- lines without a new build: the months it was bought in are grouped anew.
with

invoice_line_builds as (
    select * from {{ source('build_state', 'invoice_line_builds') }}
),

taken_builds as (
    select * from {{ source('build_state', 'category_month_builds') }}
),

stg_ledger__products as (
    select * from {{ ref('stg_ledger__products') }}
),

taken_products as (
    select * from {{ source('build_state', 'category_month_products') }}
),

lines as (
    select
        product_key,
        reporting_month
    from {{ ref('fct_invoice_lines') }}
),

latest_builds as (
    select
        reporting_month,
        max(build_number) as build_number
    from invoice_line_builds
    group by reporting_month
),

moved_products as (
    select coalesce(products.product_code, taken_products.product_code) as product_code
    from stg_ledger__products as products
    full outer join taken_products
        on products.product_code = taken_products.product_code
    where coalesce(products.product_category, '') <> coalesce(taken_products.product_category, '')
),

restated as (
    select latest_builds.reporting_month
    from latest_builds
    left join taken_builds
        on
            latest_builds.reporting_month = taken_builds.reporting_month
            and latest_builds.build_number = taken_builds.build_number
    where taken_builds.reporting_month is null
    union
    select lines.reporting_month
    from lines
    where lines.product_key in (select moved_products.product_code from moved_products)
)

select reporting_month from restated
