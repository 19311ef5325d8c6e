-- The statistics macros give the figures of the literature. Returns the figures that differ.
with

shares as (
    select
        published.successes,
        published.trials,
        published.low,
        published.high
    from (
        values
        (0, 10, 0, 0.277533),
        (1, 10, 0.017876, 0.404150),
        (5, 50, 0.043476, 0.213602),
        (3, 3, 0.438503, 1)
    ) as published (successes, trials, low, high)
),

intervals as (
    select
        'wilson low ' || cast(successes as {{ dbt.type_string() }}) as figure,
        low as expected,
        {{ wilson_bound('successes', 'trials', 'low') }} as computed
    from shares

    union all

    select
        'wilson high ' || cast(successes as {{ dbt.type_string() }}) as figure,
        high as expected,
        {{ wilson_bound('successes', 'trials', 'high') }} as computed
    from shares
),

others as (
    select
        '5 % a month over a year' as figure,
        0.459640 as expected,
        {{ rescale_rate('0.05', '1', '12') }} as computed

    union all

    -- Cohorts of 10 at 20 % and of 100 at 0 %: counts are added, rates are not averaged.
    select
        'roll-up' as figure,
        0.018182 as expected,
        {{ safe_ratio('2 + 0', '10 + 100') }} as computed

    union all

    select
        'no trials' as figure,
        -1 as expected,
        coalesce({{ wilson_bound('0', '0', 'low') }}, {{ safe_ratio('1', '0') }}, -1) as computed
),

figures as (
    select * from intervals

    union all

    select * from others
)

select *
from figures
where computed is null or abs(computed - expected) > 0.000005
