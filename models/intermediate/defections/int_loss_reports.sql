-- Losses as sales and data know them: every full defection with what had been reported of it when the data
-- showed it, and every report of a loss that the data do not show.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_defection_findings as (
    select * from {{ ref('int_defection_findings') }}
),

int_defection_owners as (
    select * from {{ ref('int_defection_owners') }}
),

int_defection_reviews as (
    select * from {{ ref('int_defection_reviews') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

defection_reviews as (
    select * from {{ ref('stg_crm__defection_reviews') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

detected as (
    select
        episodes.customer_key,
        int_month_ends.reporting_month,
        coalesce(owners.owner_at_start, 'nobody') as owner_key,
        true as is_detected,
        coalesce(findings.rep_reported_on <= int_month_ends.evaluation_date, false) as is_reported,
        coalesce(findings.rep_reported_on > int_month_ends.evaluation_date, false) as is_reported_late
    from int_defections as episodes
    inner join int_month_ends
        on {{ month_of('episodes.defected_on') }} = int_month_ends.reporting_month
    inner join int_defection_owners as owners
        on
            episodes.customer_key = owners.customer_key
            and episodes.episode_no = owners.episode_no
    left join int_defection_findings as findings
        on
            episodes.customer_key = findings.customer_key
            and episodes.episode_no = findings.episode_no
),

-- A report of a loss that has not become a full defection is a report alone.
reported_alone as (
    select
        int_account_identities.customer_key,
        {{ month_of('reviews.held_on') }} as reporting_month,
        coalesce(reviews.interviewer_id, 'nobody') as owner_key,
        false as is_detected,
        true as is_reported,
        false as is_reported_late
    from defection_reviews as reviews
    inner join int_account_identities
        on reviews.account_id = int_account_identities.account_id
    left join int_defection_reviews
        on reviews.review_id = int_defection_reviews.review_id
    left join int_defections as episodes
        on
            int_defection_reviews.customer_key = episodes.customer_key
            and int_defection_reviews.episode_no = episodes.episode_no
            and episodes.defection_type = 'full'
    where
        reviews.review_kind = 'rep_report'
        and reviews.held_on is not null
        and episodes.customer_key is null
),

final as (
    select * from detected

    union all

    select * from reported_alone
)

select * from final
