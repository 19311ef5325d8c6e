-- The whole company's monthly rate is the same in both reports, and the classes of a scheme add up to it in
-- every horizon and for every kind of defection.
with

by_class as (
    select * from {{ ref('rpt_churn_by_class') }}
),

churn_month as (
    select * from {{ ref('rpt_churn_month') }}
),

company as (
    select * from by_class
    where scheme = 'all'
),

schemes as (
    select
        scheme,
        defection_type,
        horizon,
        basis,
        reporting_month,
        sum(start_customer_count) as start_customer_count,
        sum(defected_customer_count) as defected_customer_count,
        sum(defected_revenue) as defected_revenue
    from by_class
    where scheme <> 'all'
    group by
        scheme,
        defection_type,
        horizon,
        basis,
        reporting_month
),

differing_months as (
    select
        'rpt_churn_month' as compared_with,
        company.reporting_month
    from company
    inner join churn_month
        on company.reporting_month = churn_month.reporting_month
    where
        company.horizon = 'month'
        and company.defection_type = 'full'
        and (
            company.start_customer_count <> churn_month.start_customer_count
            or company.defected_customer_count <> churn_month.lost_customer_count
            or coalesce(company.false_defection_rate, -1) <> coalesce(churn_month.false_defection_rate, -1)
        )
),

differing_schemes as (
    select
        schemes.scheme as compared_with,
        schemes.reporting_month
    from schemes
    inner join company
        on
            schemes.defection_type = company.defection_type
            and schemes.horizon = company.horizon
            and case schemes.basis when 'year_earlier' then 'as_known' else schemes.basis end = company.basis
            and schemes.reporting_month = company.reporting_month
    where
        schemes.start_customer_count <> company.start_customer_count
        or schemes.defected_customer_count <> company.defected_customer_count
        or schemes.defected_revenue <> company.defected_revenue
)

select * from differing_months

union all

select * from differing_schemes
