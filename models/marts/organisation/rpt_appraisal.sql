-- How many of the indicators a function answers for met their target, with and without those of key accounts.
with

rpt_kpi_control as (
    select * from {{ ref('rpt_kpi_control') }}
    where owner_function is not null
),

counted as (
    select
        reporting_month,
        owner_function,
        count(*) as kpi_count,
        count(is_met) as known_count,
        count(case when is_met then 1 end) as met_count,
        count(case when is_about_key_accounts then 1 end) as key_account_kpi_count,
        count(case when is_about_key_accounts then is_met end) as key_account_known_count,
        count(case when is_about_key_accounts and is_met then 1 end) as key_account_met_count,
        count(case when not is_owner_employed then 1 end) as unowned_count
    from rpt_kpi_control
    group by
        reporting_month,
        owner_function
),

final as (
    select
        reporting_month,
        owner_function,
        kpi_count,
        known_count,
        {{ safe_ratio('known_count', 'kpi_count') }} as coverage_share,
        met_count,
        {{ safe_ratio('met_count', 'known_count') }} as met_share,
        key_account_kpi_count,
        key_account_known_count,
        key_account_met_count,
        {{ safe_ratio('key_account_met_count', 'key_account_known_count') }} as key_account_met_share,
        unowned_count
    from counted
)

select * from final
