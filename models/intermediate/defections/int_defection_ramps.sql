-- How a customer went: the last month in which its trailing year still grew is the peak, the fall from
-- there to the last purchase the ramp down, the year up to the peak what was lost. Silence is no ramp.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

-- Up to the last purchase of a customer that left, and as far as it has come for one that has not.
episode_ends as (
    select
        customer_key,
        episode_no,
        defection_type,
        defection_basis,
        case when defection_type = 'full' then {{ month_of('last_purchase_date') }} else partial_to_month end
            as last_month
    from int_defections
),

trails as (
    select
        episode_ends.customer_key,
        episode_ends.episode_no,
        months.reporting_month,
        coalesce(
            months.net_revenue_t12 > lag(months.net_revenue_t12) over (
                partition by episode_ends.customer_key, episode_ends.episode_no
                order by months.reporting_month nulls last
            ),
            true
        ) as is_still_growing
    from episode_ends
    inner join int_customer_months as months
        on
            episode_ends.customer_key = months.customer_key
            and episode_ends.last_month >= months.reporting_month
    inner join int_defection_policies
        on months.fiscal_year = int_defection_policies.fiscal_year
    where
        {{ months_apart('months.reporting_month', 'episode_ends.last_month') }}
        <= int_defection_policies.ramp_down_memory_months
),

peaks as (
    select
        customer_key,
        episode_no,
        max(reporting_month) as peak_month
    from trails
    where is_still_growing
    group by customer_key, episode_no
),

measured as (
    select
        episode_ends.customer_key,
        episode_ends.episode_no,
        episode_ends.defection_type,
        episode_ends.defection_basis,
        peaks.peak_month,
        at_end.fiscal_year,
        cast({{ months_apart('peaks.peak_month', 'episode_ends.last_month') }} as bigint) as ramp_down_months,
        at_peak.net_revenue_t12 as peak_net_revenue_t12,
        at_peak.margin_t12 as peak_margin_t12,
        at_end.net_revenue_t12 as end_net_revenue_t12,
        at_end.margin_t12 as end_margin_t12,
        1 - {{ safe_ratio('at_end.net_revenue_t12', 'at_peak.net_revenue_t12') }} as ramp_down_share
    from episode_ends
    inner join peaks
        on
            episode_ends.customer_key = peaks.customer_key
            and episode_ends.episode_no = peaks.episode_no
    inner join int_customer_months as at_peak
        on
            peaks.customer_key = at_peak.customer_key
            and peaks.peak_month = at_peak.reporting_month
    inner join int_customer_months as at_end
        on
            episode_ends.customer_key = at_end.customer_key
            and episode_ends.last_month = at_end.reporting_month
),

-- A contract is worth what it brought in its last year; of a customer that still buys only the fall is lost.
final as (
    select
        measured.customer_key,
        measured.episode_no,
        measured.peak_month,
        measured.ramp_down_months,
        coalesce(
            measured.ramp_down_months >= int_defection_policies.ramp_down_minimum_months
            and measured.ramp_down_share >= int_defection_policies.ramp_down_minimum_share, false
        ) as is_gradual,
        cast(case
            when measured.defection_type = 'partial'
                then {{ fall_between('measured.peak_net_revenue_t12', 'measured.end_net_revenue_t12') }}
            when measured.defection_basis = 'contract_end' then measured.end_net_revenue_t12
            else measured.peak_net_revenue_t12
        end as decimal(18, 4)) as lost_net_revenue_t12,
        cast(case
            when measured.defection_type = 'partial'
                then {{ fall_between('measured.peak_margin_t12', 'measured.end_margin_t12') }}
            when measured.defection_basis = 'contract_end' then measured.end_margin_t12
            else measured.peak_margin_t12
        end as decimal(18, 4)) as lost_margin_t12
    from measured
    inner join int_defection_policies
        on measured.fiscal_year = int_defection_policies.fiscal_year
)

select * from final
