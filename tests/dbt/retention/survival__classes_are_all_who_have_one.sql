-- Whoever is at risk in a class is at risk among all, and every loss after the first month is some class's:
-- a loss in the month of the first order is of nobody who had a class at its start. Any row fails.
with

rpt_tenure_survival as (
    select * from {{ ref('rpt_tenure_survival') }}
),

schemes as (
    select
        scheme,
        sum(lost_count) as lost_count
    from rpt_tenure_survival
    group by scheme
),

final as (
    select
        schemes.scheme,
        schemes.lost_count
    from schemes
    inner join schemes as together
        on
            together.scheme = 'all'
            and schemes.scheme <> 'all'
    where schemes.lost_count > together.lost_count
)

select * from final
