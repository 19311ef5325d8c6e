-- What was spent on a customer in a month beyond the goods, by the accounts the CRM keeps for it. Spending on
-- a programme names no account and is not here.
with

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

account_investments as (
    select * from {{ ref('stg_crm__account_investments') }}
    where spent_on is not null
),

stg_crm__activities as (
    select * from {{ ref('stg_crm__activities') }}
    where happened_at is not null
),

stg_crm__cases as (
    select * from {{ ref('stg_crm__cases') }}
    where merged_into_case_id is null
),

service_kinds as (
    select * from {{ ref('service_kinds') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

services as (
    select
        activities.account_id,
        {{ month_of('activities.happened_at') }} as reporting_month,
        service_kinds.unit_cost_amount as service_cost,
        cast(null as decimal(18, 4)) as compensation,
        1 as service_count
    from stg_crm__activities as activities
    left join service_kinds
        on
            activities.activity_type = service_kinds.service_kind
            and service_kinds.service_source = 'activity'

    union all

    select
        cases.account_id,
        {{ month_of('cases.received_at') }} as reporting_month,
        service_kinds.unit_cost_amount as service_cost,
        cases.compensation_amount as compensation,
        1 as service_count
    from stg_crm__cases as cases
    left join service_kinds
        on
            cases.case_type = service_kinds.service_kind
            and service_kinds.service_source = 'case'
),

costs as (
    select
        account_id,
        reporting_month,
        cast(null as {{ dbt.type_string() }}) as kind,
        service_cost,
        compensation,
        cast(null as decimal(18, 4)) as investment,
        service_count,
        case when service_cost is not null then 1 else 0 end as costed_service_count
    from services

    union all

    select
        investments.account_id,
        {{ month_of('investments.spent_on') }} as reporting_month,
        investments.kind,
        cast(null as decimal(18, 4)) as service_cost,
        cast(null as decimal(18, 4)) as compensation,
        {{ convert_amount('investments.amount', 'rates.rate_to_reporting') }} as investment,
        0 as service_count,
        0 as costed_service_count
    from account_investments as investments
    left join rates
        on
            coalesce(investments.currency, '{{ var("reporting_currency") }}') = rates.currency
            and {{ month_of('investments.spent_on') }} = rates.rate_month
),

final as (
    select
        accounts.customer_key,
        costs.reporting_month,
        cast(sum(costs.service_cost) as decimal(18, 4)) as service_cost,
        cast(sum(costs.compensation) as decimal(18, 4)) as compensation,
        cast(sum(case when costs.kind = 'acquisition' then costs.investment end) as decimal(18, 4)) as acquisition,
        cast(sum(case when costs.kind <> 'acquisition' then costs.investment end) as decimal(18, 4)) as upkeep,
        cast(sum(costs.service_count) as bigint) as service_count,
        cast(sum(costs.costed_service_count) as bigint) as costed_service_count
    from costs
    inner join int_account_identities as accounts
        on costs.account_id = accounts.account_id
    group by
        accounts.customer_key,
        costs.reporting_month
)

select * from final
