-- What a life table is counted from: customers under observation from one month of tenure to another. Of
-- all customers together a lifetime is one stretch. Of a class every month is one, because a customer is
-- at risk in the class it has at the start of the month: were it counted in the class it ends with, those
-- who fade before they leave would make the low classes look mortal and the high ones eternal.
with

int_tenure_spells as (
    select * from {{ ref('int_tenure_spells') }}
),

fct_customer_classes as (
    select * from {{ ref('fct_customer_classes') }}
),

lifetimes as (
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
),

class_months as (
    select
        classes.scheme,
        classes.class_restated as class_code,
        (year(classes.reporting_month) - year(spells.tenure_start_month)) * 12
        + month(classes.reporting_month) - month(spells.tenure_start_month) + 1 as tenure_months,
        spells.entry_months,
        spells.exit_months,
        spells.is_lost,
        spells.is_start_declared
    from fct_customer_classes as classes
    inner join int_tenure_spells as spells
        on classes.customer_key = spells.customer_key
),

class_exposures as (
    select
        scheme,
        class_code,
        cast(tenure_months - 1 as bigint) as entry_months,
        cast(tenure_months as bigint) as exit_months,
        is_lost and tenure_months = exit_months as is_lost,
        not is_lost and tenure_months = exit_months as is_censored,
        cast(count(*) as bigint) as customer_count,
        cast(count(case when not is_start_declared then 1 end) as bigint) as undeclared_start_count
    from class_months
    where
        tenure_months > entry_months
        and tenure_months <= exit_months
    group by
        scheme,
        class_code,
        tenure_months,
        is_lost and tenure_months = exit_months,
        not is_lost and tenure_months = exit_months
),

final as (
    select * from lifetimes
    union all
    select * from class_exposures
)

select * from final
