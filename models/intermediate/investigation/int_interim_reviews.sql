-- How far a quarter's talks are, the days between which its interim review belongs, and the review the company noted.
with

int_interview_targets as (
    select * from {{ ref('int_interview_targets') }}
    where is_target
),

interim_reviews as (
    select * from {{ ref('interim_reviews') }}
),

calendar as (
    select * from {{ ref('int_interview_calendar') }}
),

noted as (
    select
        reviews.detected_quarter_month,
        reviews.reviewed_on
    from interim_reviews as reviews
    inner join calendar
        on reviews.reviewed_on <= calendar.as_of_date
),

-- Whoever notes reviews does so from some quarter on; of those before nobody knows.
noting as (
    select min(detected_quarter_month) as noted_from_month from noted
),

quartered as (
    select
        *,
        cast(date_trunc('quarter', detected_month) as date) as detected_quarter_month
    from int_interview_targets
),

placed as (
    select
        detected_quarter_month,
        held_on,
        row_number() over (partition by detected_quarter_month order by held_on asc nulls last) as held_place,
        count(*) over (partition by detected_quarter_month) as target_count
    from quartered
),

-- Both bounds belong to the time in which it is due.
counted as (
    select
        placed.detected_quarter_month,
        count(*) as target_count,
        count(placed.held_on) as held_count,
        min(
            case
                when placed.held_place >= calendar.interim_review_from_share * placed.target_count then placed.held_on
            end
        ) as interim_review_from_date,
        min(
            case
                when placed.held_place > calendar.interim_review_to_share * placed.target_count then placed.held_on
            end
        ) as interim_review_until_date
    from placed
    cross join calendar
    group by placed.detected_quarter_month
),

-- A review before a quarter of the talks saw too little to be one.
reviewed as (
    select
        counted.detected_quarter_month,
        min(noted.reviewed_on) as interim_review_date
    from counted
    inner join noted
        on
            counted.detected_quarter_month = noted.detected_quarter_month
            and counted.interim_review_from_date <= noted.reviewed_on
    group by counted.detected_quarter_month
),

final as (
    select
        counted.detected_quarter_month,
        counted.target_count,
        counted.held_count,
        coalesce(counted.detected_quarter_month >= noting.noted_from_month, false) as is_interim_review_noted,
        counted.interim_review_from_date,
        counted.interim_review_until_date,
        reviewed.interim_review_date
    from counted
    cross join noting
    left join reviewed
        on counted.detected_quarter_month = reviewed.detected_quarter_month
)

select * from final
