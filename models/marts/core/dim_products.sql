with

stg_ledger__products as (
    select * from {{ ref('stg_ledger__products') }}
),

fct_invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }}
),

fct_deliveries as (
    select * from {{ ref('fct_deliveries') }}
),

fct_cases as (
    select * from {{ ref('fct_cases') }}
),

-- A ledger may bill products that its product list lacks, or come without a list at all. Read from
-- the facts, whose columns are quicker to scan than every delivery in raw.
used_codes as (
    select product_key as product_code from fct_invoice_lines
    where product_key is not null
    union
    select product_key as product_code from fct_deliveries
    where product_key is not null
    union
    select product_key as product_code from fct_cases
    where product_key is not null
),

all_codes as (
    select product_code from stg_ledger__products
    union
    select product_code from used_codes
),

final as (
    select
        all_codes.product_code as product_key,
        all_codes.product_code,
        products.product_name,
        products.product_category,
        products.product_line,
        products.standard_cost as standard_cost_amount,
        coalesce(products.is_service, false) as is_service,
        products.product_code is not null as is_listed
    from all_codes
    left join stg_ledger__products as products
        on all_codes.product_code = products.product_code
)

select * from final
