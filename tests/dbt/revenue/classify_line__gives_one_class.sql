-- The rule over literal lines: what is internal comes before what the document says, and what the
-- document says before signs and prices.
with

examples as (
    select literals.* from (
        values
        (true, 'credit_note', 'C1', -1, -5, 'internal'),
        (true, 'adjustment', 'C1', 1, -5, 'internal'),
        (false, 'adjustment', cast(null as {{ dbt.type_string() }}), 1, -5, 'adjustment'),
        (false, 'credit_note', 'C1', -1, -5, 'credit_note'),
        (false, 'credit_note', cast(null as {{ dbt.type_string() }}), -1, 0, 'credit_note'),
        (false, 'debit_note', 'C1', 1, 5, 'debit_note'),
        (false, 'invoice', cast(null as {{ dbt.type_string() }}), -3, 0, 'write_off'),
        (false, 'invoice', 'C1', 1, -5, 'write_off'),
        (false, 'invoice', 'C1', 1, 0, 'zero_price'),
        (false, 'invoice', cast(null as {{ dbt.type_string() }}), 1, 0, 'zero_price'),
        (false, 'invoice', cast(null as {{ dbt.type_string() }}), 1, 5, 'cash_sale'),
        (false, 'invoice', 'C1', 1, 5, 'qualifying'),
        (false, 'invoice', 'C1', 0, 5, 'zero_quantity')
    ) as literals (is_internal, document_type, customer_code, quantity, net_amount, expected)
),

classified as (
    select
        examples.*,
        {{ classify_line('is_internal', 'document_type', 'customer_code', 'quantity', 'net_amount') }} as found
    from examples
)

select * from classified
where found <> expected
