-- Gradings by hand have no dates of their own: they hold from the day a delivery first said so, and not
-- for the years before it.
with

account_identities as (
    select * from {{ ref('int_account_identities') }}
    where is_primary_account
),

account_versions as (
    select * from {{ ref('stg_crm__account_versions') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

credit_grades as (
    select * from {{ ref('credit_grades') }}
),

final as (
    select
        identities.customer_key,
        class_months.class_month,
        versions.credit_grade,
        credit_grades.volume_factor,
        versions.long_term_intent,
        versions.price_sensitivity,
        versions.is_strategic
    from account_identities as identities
    inner join account_versions as versions
        on identities.account_id = versions.account_id
    inner join class_months
        on
            versions.known_on_date < class_months.known_before_date
            and (
                versions.replaced_on_date is null
                or versions.replaced_on_date >= class_months.known_before_date
            )
    left join credit_grades
        on versions.credit_grade = credit_grades.credit_grade
)

select * from final
