-- Losses of a month by cause, over the customers there were to lose. A loss counts once, under the cause that
-- the best talk put first, and in the family of that cause.
with

dim_months as (
    select * from {{ ref('dim_months') }}
    where is_closed_month
),

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_defection_findings as (
    select * from {{ ref('int_defection_findings') }}
),

int_churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

defection_causes as (
    select * from {{ ref('defection_causes') }}
),

losses as (
    select
        {{ month_of('int_defections.effective_date') }} as reporting_month,
        causes.cause_code,
        coalesce(causes.parent_cause_code, causes.cause_code) as cause_family_code,
        count(*) as episode_count,
        count(case when causes.cause_code <> 'unknown' then 1 end) as known_count
    from int_defections
    left join int_defection_findings as findings
        on
            int_defections.customer_key = findings.customer_key
            and int_defections.episode_no = findings.episode_no
    left join defection_causes as causes
        on findings.primary_cause_code = causes.cause_code
    group by all
),

start_customers as (
    select
        reporting_month,
        count(*) as customer_count
    from int_churn_bases
    group by reporting_month
),

final as (
    select
        causes.cause_code,
        dim_months.reporting_month,
        cast(coalesce(max(start_customers.customer_count), 0) as bigint) as customer_count,
        cast(coalesce(sum(losses.episode_count), 0) as bigint) as episode_count,
        cast(coalesce(sum(losses.known_count), 0) as bigint) as known_count,
        cast(coalesce(sum(case
            when causes.cause_code in (losses.cause_code, losses.cause_family_code) then losses.episode_count
        end), 0) as bigint) as event_count
    from dim_months
    cross join defection_causes as causes
    left join start_customers
        on dim_months.reporting_month = start_customers.reporting_month
    left join losses
        on dim_months.reporting_month = losses.reporting_month
    group by
        causes.cause_code,
        dim_months.reporting_month
)

select * from final
