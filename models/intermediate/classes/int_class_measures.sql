-- Everybody the company has at the start of a month, with what classes are decided by, twice: as the
-- company knew it then and as it is known now.
{%- set editions = ['as_known', 'restated'] %}
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

account_identities as (
    select * from {{ ref('int_account_identities') }}
    where is_primary_account
),

account_grades as (
    select * from {{ ref('stg_crm__account_grades') }}
),

credit_grades as (
    select * from {{ ref('credit_grades') }}
),

graded_customers as (
    select
        account_identities.customer_key,
        account_grades.known_on_date,
        account_grades.replaced_on_date,
        credit_grades.volume_factor
    from account_identities
    inner join account_grades
        on account_identities.account_id = account_grades.account_id
    inner join credit_grades
        on account_grades.credit_grade = credit_grades.credit_grade
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
        coalesce(graded_customers.volume_factor, ungraded.volume_factor) as volume_factor
    from fct_customer_months as months
    inner join customer_states
        on
            months.customer_state = customer_states.customer_state
            and customer_states.is_live
    inner join class_months
        on months.reporting_month = class_months.measured_month
    cross join ungraded
    left join graded_customers
        on
            months.customer_key = graded_customers.customer_key
            and class_months.known_before_date > graded_customers.known_on_date
            and class_months.known_before_date
            <= coalesce(graded_customers.replaced_on_date, class_months.known_before_date)
),

{% for edition in editions -%}
{{ edition }} as (
    select
        live_customers.customer_key,
        live_customers.class_month,
        '{{ edition }}' as edition,
        live_customers.customer_state,
        live_customers.volume_factor,
        live_customers.net_revenue_t12 + coalesce(adjustments.net_revenue_t12, 0) as net_revenue_t12,
        live_customers.net_revenue_t12_ly + coalesce(adjustments.net_revenue_t12_ly, 0) as net_revenue_t12_ly,
        live_customers.margin_t12 + coalesce(adjustments.margin_t12, 0) as margin_t12
    from live_customers
    left join int_class_adjustments as adjustments
        on
            live_customers.customer_key = adjustments.customer_key
            and live_customers.class_month = adjustments.class_month
            and adjustments.edition = '{{ edition }}'
),

{% endfor -%}
editions as (
    {% for edition in editions -%}
    select * from {{ edition }}
    {% if not loop.last %}union all
    {% endif -%}
    {% endfor -%}
),

final as (
    select
        customer_key,
        class_month,
        edition,
        customer_state,
        volume_factor,
        cast(net_revenue_t12 as decimal(18, 4)) as net_revenue_t12,
        cast(net_revenue_t12_ly as decimal(18, 4)) as net_revenue_t12_ly,
        cast(margin_t12 as decimal(18, 4)) as margin_t12,
        -- A poor grade must not make a loss smaller.
        cast(
            case when net_revenue_t12 > 0 then net_revenue_t12 * volume_factor else net_revenue_t12 end
            as decimal(18, 4)
        ) as order_score
    from editions
)

select * from final
