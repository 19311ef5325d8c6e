-- Garwood intervals, the u-chart and the test of two Poisson rates give the figures of the literature.
-- Returns the figures that differ.
with

counts as (
    select
        published.events,
        published.low,
        published.high
    from (
        values
        (0, 0, 3.6889),
        (1, 0.0253, 5.5716),
        (3, 0.6187, 8.7673),
        (5, 1.6235, 11.6683),
        (10, 4.7954, 18.3904),
        (20, 12.2165, 30.8884)
    ) as published (events, low, high)
),

-- Counts 14 12 20 11 7 10 21 16 19 23 over 107.5 units; the first month had 10 of them.
chart as (
    select
        {{ safe_ratio('14 + 12 + 20 + 11 + 7 + 10 + 21 + 16 + 19 + 23', '107.5') }} as centre,
        10 as exposure
),

-- Gu et al. 2008; then none against three, and none against five, at equal exposure.
counted as (
    select
        compared.comparison,
        compared.successes,
        compared.trials,
        compared.share
    from (
        values
        ('60 against 30', 60, 90, 51477.5 / (51477.5 + 54308.7)),
        ('0 against 3', 0, 3, 0.5),
        ('0 against 5', 0, 5, 0.5)
    ) as compared (comparison, successes, trials, share)
),

{{ add_binomial_tails('tails', 'counted', ['comparison']) }}

-- RFC 1321: the digests of a, abc and message digest begin with 0cc, 900 and f96.
drawn as (
    select
        published.word,
        published.fraction
    from (
        values
        ('a', 204.0 / 4096),
        ('abc', 2304.0 / 4096),
        ('message digest', 3990.0 / 4096)
    ) as published (word, fraction)
),

figures as (
    select
        'garwood low ' || cast(events as {{ dbt.type_string() }}) as figure,
        low as expected,
        {{ garwood_bound('events', 'low') }} as computed,
        0.00005 as tolerance
    from counts

    union all

    select
        'garwood high ' || cast(events as {{ dbt.type_string() }}) as figure,
        high as expected,
        {{ garwood_bound('events', 'high') }} as computed,
        0.00005 as tolerance
    from counts

    union all

    select
        'u-chart centre' as figure,
        1.423256 as expected,
        centre as computed,
        0.0000005 as tolerance
    from chart

    union all

    select
        'u-chart lower limit' as figure,
        0.29 as expected,
        {{ u_chart_limit('centre', 'exposure', '3', '1', 'low') }} as computed,
        0.005 as tolerance
    from chart

    union all

    select
        'u-chart upper limit' as figure,
        2.56 as expected,
        {{ u_chart_limit('centre', 'exposure', '3', '1', 'high') }} as computed,
        0.006 as tolerance
    from chart

    union all

    select
        comparison as figure,
        case comparison when '60 against 30' then 0.000428 when '0 against 3' then 0.125 else 0.03125 end as expected,
        case when comparison = '60 against 30' then upper_p_value else lower_p_value end as computed,
        0.0000005 as tolerance
    from tails

    union all

    select
        'fraction of ' || word as figure,
        fraction as expected,
        {{ hash_fraction('word') }} as computed,
        0.0000005 as tolerance
    from drawn
)

select *
from figures
where computed is null or abs(computed - expected) > tolerance
