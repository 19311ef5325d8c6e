-- Amounts keep four decimals; half of the last one goes away from zero, for credits too. The largest
-- amounts the ledger can hold do not overflow.
with

examples as (
    select literals.* from (
        values
        (cast(100 as decimal(18, 4)), cast(7.8 as decimal(18, 8)), cast(780 as decimal(18, 4))),
        (cast(0.0001 as decimal(18, 4)), cast(0.5 as decimal(18, 8)), cast(0.0001 as decimal(18, 4))),
        (cast(-0.0001 as decimal(18, 4)), cast(0.5 as decimal(18, 8)), cast(-0.0001 as decimal(18, 4))),
        (cast(33.33 as decimal(18, 4)), cast(0.33333333 as decimal(18, 8)), cast(11.1100 as decimal(18, 4))),
        (
            cast(99999999999999.9999 as decimal(18, 4)),
            cast(1 as decimal(18, 8)),
            cast(99999999999999.9999 as decimal(18, 4))
        ),
        (cast(-1346582.79 as decimal(18, 4)), cast(7.8 as decimal(18, 8)), cast(-10503345.762 as decimal(18, 4)))
    ) as literals (amount, rate, expected)
),

converted as (
    select
        examples.*,
        {{ convert_amount('amount', 'rate') }} as found
    from examples
)

select * from converted
where found <> expected
