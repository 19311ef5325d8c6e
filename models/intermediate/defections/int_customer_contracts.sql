with

account_contract_terms as (
    select * from {{ ref('stg_crm__account_contract_terms') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

-- A term without an end cannot lapse; silence decides about such customers.
terms as (
    select
        int_account_identities.customer_key,
        coalesce(account_contract_terms.contract_start, cast('1900-01-01' as date)) as contract_start,
        max(account_contract_terms.contract_end) as contract_end,
        min(account_contract_terms.notice_date) as notice_date
    from account_contract_terms
    inner join int_account_identities
        on account_contract_terms.account_id = int_account_identities.account_id
    where
        account_contract_terms.is_latest_version
        and account_contract_terms.contract_end is not null
    group by
        int_account_identities.customer_key,
        coalesce(account_contract_terms.contract_start, cast('1900-01-01' as date))
),

final as (
    select
        terms.customer_key,
        terms.contract_start,
        terms.contract_end,
        terms.notice_date,
        cast({{ dbt.dateadd('day', 1, 'terms.contract_end') }} as date) as lapsed_on,
        -- The policy of the year the term ends in; a term that ends after the year reported needs none.
        cast(
            {{ dbt.dateadd('day', 'coalesce(int_defection_policies.renewal_grace_days, 0)', 'terms.contract_end') }}
            as date
        ) as grace_end_date,
        coalesce(int_defection_policies.renewal_grace_days, 0) as renewal_grace_days,
        int_defection_policies.policy_version || '-'
        || cast(int_defection_policies.fiscal_year as {{ dbt.type_string() }}) as threshold_version
    from terms
    left join int_defection_policies
        on
            terms.contract_end >= int_defection_policies.fiscal_year_start_date
            and terms.contract_end < int_defection_policies.next_fiscal_year_start_date
)

select * from final
