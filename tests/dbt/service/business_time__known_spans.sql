-- Spans worked out by hand with the holidays of the State Council's notices, at nine hours a business day, and the
-- working days of whole years (249 in 2023, 251 in 2024, 248 in 2025 and 2026).
with

spans as (
    select
        cast(known.starts_at as timestamp) as starts_at,
        cast(known.ends_at as timestamp) as ends_at,
        known.calendar_minutes,
        known.expected_minutes
    from (
        values
        -- New Year's Eve 2024 was a working Friday; the Sunday after the holiday is worked for it.
        ('2024-02-09 17:00:00', '2024-02-19 10:00:00', 13980, 660),
        -- A Saturday off, and a Sunday worked before Spring Festival.
        ('2024-02-03 12:00:00', '2024-02-04 12:00:00', 1440, 180),
        -- All of the National Day week.
        ('2025-10-01 00:00:00', '2025-10-09 09:30:00', 12090, 30),
        -- Longer than the desk is staffed.
        ('2025-03-03 08:00:00', '2025-03-03 19:00:00', 660, 540),
        ('2025-03-03 10:15:59', '2025-03-03 10:15:01', 0, 0),
        ('2023-01-01 00:00:00', '2024-01-01 00:00:00', 525600, 134460),
        ('2024-01-01 00:00:00', '2025-01-01 00:00:00', 527040, 135540),
        ('2025-01-01 00:00:00', '2026-01-01 00:00:00', 525600, 133920),
        ('2026-01-01 00:00:00', '2027-01-01 00:00:00', 525600, 133920)
    ) as known (starts_at, ends_at, calendar_minutes, expected_minutes)
),

measured as (
    select
        spans.*,
        {{ minutes_between('spans.starts_at', 'spans.ends_at') }} as found_calendar_minutes,
        {{ business_minute('end_days', 'spans.ends_at') }} - {{ business_minute('start_days', 'spans.starts_at') }}
            as found_minutes
    from spans
    left join {{ ref('int_business_days') }} as start_days
        on cast(spans.starts_at as date) = start_days.calendar_date
    left join {{ ref('int_business_days') }} as end_days
        on cast(spans.ends_at as date) = end_days.calendar_date
)

select *
from measured
where
    calendar_minutes <> found_calendar_minutes
    or found_minutes is null
    or expected_minutes <> found_minutes
