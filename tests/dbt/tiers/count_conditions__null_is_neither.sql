-- Two of four hold, three are known.
with

conditions as (
    select
        true as is_one,
        false as is_two,
        cast(null as boolean) as is_three,
        true as is_four
),

counted as (
    select
        {{ count_conditions(['is_one', 'is_two', 'is_three', 'is_four'], 'true') }} as true_count,
        {{ count_conditions(['is_one', 'is_two', 'is_three', 'is_four'], 'known') }} as known_count
    from conditions
)

select
    true_count,
    known_count
from counted
where true_count <> 2 or known_count <> 3
