-- Everybody the company has at the start of a month, with what classes are decided by, twice: as the
-- company knew it then and as it is known now.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

int_class_adjustments as (
    select * from {{ ref('int_class_adjustments') }}
),

int_customer_gradings as (
    select * from {{ ref('int_customer_gradings') }}
),

int_customer_conduct as (
    select * from {{ ref('int_customer_conduct') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

credit_grades as (
    select * from {{ ref('credit_grades') }}
),

ungraded as (
    select volume_factor
    from credit_grades
    where credit_grade = 'ungraded'
),

live_customers as (
    select
        months.*,
        class_months.class_month,
        class_months.class_month_number
        - year(least(customers.tenure_start_date, origins.tenure_start_date)) * 12
        - month(least(customers.tenure_start_date, origins.tenure_start_date)) as tenure_months,
        conduct.order_count_t12,
        coalesce(gradings.volume_factor, ungraded.volume_factor) as volume_factor
    from fct_customer_months as months
    inner join customer_states
        on
            months.customer_state = customer_states.customer_state
            and customer_states.is_live
    inner join class_months
        on months.reporting_month = class_months.measured_month
    inner join int_customer_conduct as conduct
        on
            months.customer_key = conduct.customer_key
            and class_months.class_month = conduct.class_month
    cross join ungraded
    left join int_customer_gradings as gradings
        on
            months.customer_key = gradings.customer_key
            and class_months.class_month = gradings.class_month
    left join dim_customers as customers
        on months.customer_key = customers.customer_key
    left join dim_customers as origins
        on customers.split_from_customer_key = origins.customer_key
),

editions as (
    select 'as_known' as edition
    union all
    select 'restated' as edition
),

adjusted as (
    select
        live_customers.*,
        editions.edition,
        live_customers.net_revenue_t12 + coalesce(adjustments.net_revenue_t12, 0) as adjusted_net_revenue_t12,
        live_customers.net_revenue_t12_ly + coalesce(adjustments.net_revenue_t12_ly, 0) as adjusted_net_revenue_t12_ly,
        live_customers.margin_t12 + coalesce(adjustments.margin_t12, 0) as adjusted_margin_t12
    from live_customers
    cross join editions
    left join int_class_adjustments as adjustments
        on
            live_customers.customer_key = adjustments.customer_key
            and live_customers.class_month = adjustments.class_month
            and editions.edition = adjustments.edition
),

final as (
    select
        customer_key,
        class_month,
        edition,
        customer_state,
        silence_days > expected_gap_days as is_silent,
        cast(tenure_months as bigint) as tenure_months,
        order_count_t12,
        wallet_t12,
        sow_t12,
        volume_factor,
        cast(adjusted_net_revenue_t12 as decimal(18, 4)) as net_revenue_t12,
        cast(adjusted_net_revenue_t12_ly as decimal(18, 4)) as net_revenue_t12_ly,
        cast(adjusted_margin_t12 as decimal(18, 4)) as margin_t12,
        -- A poor grade must not make a loss smaller.
        cast(
            case when adjusted_net_revenue_t12 > 0 then volume_factor else 1 end * adjusted_net_revenue_t12
            as decimal(18, 4)
        ) as order_score
    from adjusted
)

select * from final
