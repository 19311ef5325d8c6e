-- Wallet Allocation Rule, as published: first of two .6667; first, second, third of three .5, .3333, .1667;
-- two that tie for first of three share the mean rank. A rank beyond the suppliers has no share.
with

examples as (
    select literals.* from (
        values
        (1.0, 2, 0.6667),
        (2.0, 2, 0.3333),
        (1.0, 3, 0.5000),
        (2.0, 3, 0.3333),
        (3.0, 3, 0.1667),
        (1.5, 3, 0.4167),
        (1.0, 1, 1.0000),
        (4.0, 3, null)
    ) as literals (supplier_rank, supplier_count, expected)
),

computed as (
    select
        *,
        {{ wallet_rule_share('supplier_rank', 'supplier_count') }} as found
    from examples
)

select * from computed
where abs(coalesce(found, -1) - coalesce(expected, -1)) > 0.00005
