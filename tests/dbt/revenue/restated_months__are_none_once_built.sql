-- What was built is what is current. Asked once, after the facts: before them, on a first build, the
-- answer is every month there is, and looking for it takes longer than a fact.
-- depends_on: {{ ref('fct_invoice_lines') }}
-- depends_on: {{ ref('int_customer_code_days') }}
-- depends_on: {{ ref('int_ledger_totals') }}
-- depends_on: {{ ref('int_customer_code_category_months') }}
-- depends_on: {{ ref('fct_receipts') }}
-- depends_on: {{ ref('fct_deliveries') }}
-- depends_on: {{ ref('int_customer_code_product_months') }}
-- depends_on: {{ ref('int_customer_code_price_effects') }}
-- depends_on: {{ ref('int_customer_code_due_months') }}
select
    'fct_invoice_lines' as model_name,
    reporting_month
from {{ ref('int_restated_months') }}

union all

select
    'int_customer_code_days' as model_name,
    reporting_month
from {{ ref('int_restated_code_day_months') }}

union all

select
    'int_ledger_totals' as model_name,
    reporting_month
from {{ ref('int_restated_total_months') }}

union all

select
    'int_customer_code_category_months' as model_name,
    reporting_month
from {{ ref('int_restated_category_months') }}

union all

select
    'fct_receipts' as model_name,
    reporting_month
from {{ ref('int_restated_receipt_months') }}

union all

select
    'fct_deliveries' as model_name,
    reporting_month
from {{ ref('int_restated_delivery_months') }}

union all

select
    'int_customer_code_product_months' as model_name,
    reporting_month
from {{ ref('int_restated_product_months') }}

union all

select
    'int_customer_code_price_effects' as model_name,
    reporting_month
from {{ ref('int_restated_price_months') }}

union all

select
    'int_customer_code_due_months' as model_name,
    reporting_month
from {{ ref('int_restated_due_months') }}
