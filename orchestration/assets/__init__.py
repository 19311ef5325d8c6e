"""The assets, in the order data passes them: raw tables, the dbt project, the release."""

# Every step that opens the warehouse file is in this pool: one writer at a time.
WAREHOUSE_POOL = "warehouse"
