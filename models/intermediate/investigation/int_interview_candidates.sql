-- Episodes whose customers may be asked why they left, with the share of the policy when they began.
with

fct_defections as (
    select * from {{ ref('fct_defections') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

interview_exclusions as (
    select * from {{ ref('interview_exclusions') }}
    where scheme = 'core'
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

final as (
    select
        episodes.customer_key,
        episodes.episode_no,
        episodes.defection_type,
        coalesce(classes.abcd_class, 'unknown') as customer_class,
        episodes.owner_at_start,
        episodes.interview_status,
        episodes.lost_margin_t12,
        policies.interview_window_days,
        policies.partial_sample_share,
        episodes.has_known_cause,
        episodes.detected_on,
        {{ month_of('episodes.detected_on') }} as detected_month
    from fct_defections as episodes
    inner join int_failure_policies as policies
        on episodes.began_month = policies.reporting_month
    left join int_customer_classes as classes
        on
            episodes.customer_key = classes.customer_key
            and episodes.began_month = classes.class_month
    left join interview_exclusions
        on classes.core_class = interview_exclusions.class_code
    where interview_exclusions.class_code is null
)

select * from final
