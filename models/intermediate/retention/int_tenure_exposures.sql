-- What a life table is counted from: customers under observation from one month of tenure to another.
with

int_tenure_spells as (
    select * from {{ ref('int_tenure_spells') }}
),

final as (
    select
        'all' as scheme,
        'all' as class_code,
        entry_months,
        exit_months,
        is_lost,
        not is_lost as is_censored,
        cast(count(*) as bigint) as customer_count,
        cast(count(case when not is_start_declared then 1 end) as bigint) as undeclared_start_count
    from int_tenure_spells
    group by
        entry_months,
        exit_months,
        is_lost
)

select * from final
