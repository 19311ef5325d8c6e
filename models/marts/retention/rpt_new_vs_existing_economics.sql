-- What new customers and those there already bring and cost. Programmes name no customer and are in neither.
with

fct_contributions as (
    select * from {{ ref('fct_contributions') }}
),

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

acquisition_months as (
    select
        reporting_month,
        sum(acquisition) as acquisition
    from {{ ref('int_service_months') }}
    group by reporting_month
),

-- Of everybody, whom we won or not: most of it is spent before the first order, when a customer has no month yet.
acquisitions as (
    select
        dim_months.reporting_month,
        sum(acquisition_months.acquisition) as acquisition
    from {{ ref('dim_months') }} as dim_months
    inner join acquisition_months
        on {{ months_apart('acquisition_months.reporting_month', 'dim_months.reporting_month') }} between 0 and 11
    group by dim_months.reporting_month
),

placed as (
    select
        contributions.*,
        -- A first order by a customer from before the ledger, or by a part of another one, is no new customer's.
        months.first_purchase_month
        > cast({{ dbt.dateadd('month', -12, 'contributions.reporting_month') }} as date)
        and not coalesce(dim_customers.is_history_truncated, false)
        and not coalesce(months.is_split_off, false) as is_new,
        months.last_purchase_date
        >= cast({{ dbt.dateadd('month', -11, 'contributions.reporting_month') }} as date) as is_buyer
    from fct_contributions as contributions
    inner join fct_customer_months as months
        on
            contributions.customer_key = months.customer_key
            and contributions.reporting_month = months.reporting_month
    left join dim_customers
        on contributions.customer_key = dim_customers.customer_key
    where months.first_purchase_month is not null
),

summed as (
    select
        reporting_month,
        is_closed_month,
        count(case when is_new then 1 end) as new_customer_count,
        count(case when not is_new and is_buyer then 1 end) as existing_customer_count,
        {% for amount in ['net_revenue', 'margin', 'contribution'] -%}
        sum(case when is_new then {{ amount }}_t12_amount end) as new_{{ amount }},
        sum(case when not is_new then {{ amount }}_t12_amount end) as existing_{{ amount }},
        {% endfor -%}
        min(case when is_service_known then 1 else 0 end) = 1 as is_spending_known,
        case
            when min(case when is_service_known then 1 else 0 end) = 1
                then sum(case when not is_new then upkeep_t12_amount else 0 end)
        end as upkeep
    from placed
    group by
        reporting_month,
        is_closed_month
),

costed as (
    select
        summed.*,
        case when summed.is_spending_known then coalesce(acquisitions.acquisition, 0) end as acquisition
    from summed
    left join acquisitions
        on summed.reporting_month = acquisitions.reporting_month
),

final as (
    select
        reporting_month,
        cast(new_customer_count as bigint) as new_customer_count,
        cast(existing_customer_count as bigint) as existing_customer_count,
        {% for amount in ['net_revenue', 'margin', 'contribution'] -%}
        cast(new_{{ amount }} as decimal(18, 4)) as new_{{ amount }}_t12_amount,
        cast(existing_{{ amount }} as decimal(18, 4)) as existing_{{ amount }}_t12_amount,
        {% endfor -%}
        case
            when is_closed_month
                then {{ safe_ratio('existing_margin', 'existing_margin + coalesce(new_margin, 0)') }}
        end as existing_margin_ratio,
        cast(acquisition as decimal(18, 4)) as acquisition_t12_amount,
        cast(upkeep as decimal(18, 4)) as upkeep_t12_amount,
        cast({{ safe_ratio('acquisition', 'new_customer_count') }} as decimal(18, 4)) as acquisition_per_new_amount,
        cast({{ safe_ratio('upkeep', 'existing_customer_count') }} as decimal(18, 4)) as upkeep_per_existing_amount,
        case
            when is_closed_month then {{ safe_ratio(
                '(' ~ safe_ratio('acquisition', 'new_customer_count') ~ ')',
                '(' ~ safe_ratio('upkeep', 'existing_customer_count') ~ ')'
            ) }}
        end as acquisition_to_upkeep_ratio,
        is_closed_month
    from costed
)

select * from final
