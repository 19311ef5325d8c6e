-- Telephone calls before an interview: how long the customer says it bought, beside what the ledger says, and who was
-- asked, in bands alone.
with

int_defection_reviews as (
    select * from {{ ref('int_defection_reviews') }}
    where outcome = 'held'
),

stg_crm__defection_reviews as (
    select * from {{ ref('stg_crm__defection_reviews') }}
),

int_defections as (
    select * from {{ ref('int_defections') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

interviewed as (
    select
        customer_key,
        episode_no,
        max(reviewed_on) as interviewed_date
    from int_defection_reviews
    where is_interview
    group by
        customer_key,
        episode_no
),

screened as (
    select
        screens.review_id,
        screens.customer_key,
        screens.episode_no,
        {{ month_of('screens.reviewed_on') }} as reporting_month,
        screens.reviewed_on as screened_date,
        screens.exit_class,
        details.declared_tenure_months,
        cast(
            {{ months_apart('customers.tenure_start_date', 'episodes.last_purchase_date') }} as bigint
        ) as known_tenure_months,
        customers.is_history_truncated,
        details.age_band,
        details.income_band,
        details.education_band,
        coalesce(interviewed.interviewed_date >= screens.reviewed_on, false) as is_followed_by_interview
    from int_defection_reviews as screens
    inner join stg_crm__defection_reviews as details
        on screens.review_id = details.review_id
    inner join int_defections as episodes
        on
            screens.customer_key = episodes.customer_key
            and screens.episode_no = episodes.episode_no
    inner join dim_customers as customers
        on screens.customer_key = customers.customer_key
    left join interviewed
        on
            screens.customer_key = interviewed.customer_key
            and screens.episode_no = interviewed.episode_no
    where screens.review_kind = 'phone_screen'
),

final as (
    select
        review_id,
        customer_key,
        episode_no,
        reporting_month,
        screened_date,
        exit_class,
        declared_tenure_months,
        known_tenure_months,
        declared_tenure_months - known_tenure_months as tenure_difference_months,
        is_history_truncated,
        age_band,
        income_band,
        education_band,
        is_followed_by_interview
    from screened
)

select * from final
