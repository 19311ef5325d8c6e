"""Accounts as the CRM knows them, their contracts and the people behind them."""

import duckdb

from orchestration.sample.names import FAMILY_NAMES, GIVEN_NAMES, RARE_CHARACTER, company_name
from orchestration.sample.vocabulary import CONTACT_ROLES, EMPLOYEE_BANDS, SEGMENTS, language_index

# Days before its end on which a contract is renewed when all goes well.
RENEWAL_LEAD_DAYS = 20
PROSPECT_SHARE = 0.01
FEWEST_PROSPECTS = 2
# Ways of serving all but the biggest, as shares of those that may be served so.
ADVISORY_SHARE = 0.7
GREEN_CHANNEL_SHARE = 0.2
# Parts that neither leave nor seem to: advice is planted to keep them.
STAYING_PARTS = ("steady", "newcomer")


def build_accounts(connection: duckdb.DuckDBPyConnection, seed: int, language: str) -> None:
    """Create table `accounts`: one per customer that the CRM knows, and prospects.

    Args:
        connection: Connection with tables customers and months.
        seed: Seed of the sample.
        language: `en` or `zh`.
    """
    word = language_index(language)
    count = int(connection.execute("select count(*) from customers").fetchall()[0][0])
    prospects = max(FEWEST_PROSPECTS, round(count * PROSPECT_SHARE))
    # Names continue the customers' own, so that no prospect is named like a customer.
    names = [(count + n, company_name(count + n, seed * 7_919, language)) for n in range(prospects)]
    connection.execute("create or replace temporary table prospects (cust_no bigint, name varchar)")
    connection.executemany("insert into prospects values (?, ?)", names)
    segments = _list([words[word] for words in SEGMENTS])
    bands = _list(list(EMPLOYEE_BANDS))
    staying = _list(list(STAYING_PARTS))
    connection.execute(
        f"""
        create or replace table accounts as
        with known as (
            select
                cust_no, customer_code, customer_name as account_name, industry, region, size_u,
                monthly_spend, opened_on, start_day, part,
            from customers
            where has_account
            union all
            select
                cust_no, null, name, (select min(industry) from customers),
                (select min(region) from customers), 0.2, 20000, start_day, start_day, 'prospect',
            from (
                select *, (select min(month_start) from months)
                    + pick('prospect', cust_no, 0, 300)::integer as start_day,
                from prospects
            )
        )
        select
            cust_no, 'A' || lpad((cust_no + 1)::varchar, 6, '0') as account_id, customer_code,
            account_name, part, size_u, monthly_spend, opened_on, start_day,
            greatest((select min(month_start) from months), date_trunc('month', opened_on)::date)
                as first_listed,
            list_value({segments})[1 + pick('segment', cust_no, 0, {len(SEGMENTS)})] as segment,
            industry, region,
            list_value({bands})[
                1 + least(3, greatest(
                    0, floor(3.5 - 4 * size_u + normal('band', cust_no, 0))
                ))::bigint
            ] as employee_band,
            round(monthly_spend * 12 * (8 + 40 * uniform('revenue', cust_no, 0)), -3)
                ::decimal(18, 2) as annual_revenue,
            size_u < 0.05 as is_strategic,
            1 + pick('intent', cust_no, 0, 5) as long_term_intent,
            1 + pick('sensitivity', cust_no, 0, 5) as price_sensitivity,
            list_value('A', 'B', 'C', 'D')[
                1 + floor(pow(uniform('grade', cust_no, 0), 1.5) * 4)::bigint
            ] as credit_grade,
            case
                when size_u < 0.03 then 'on_site'
                -- Drawn without a look at the customer, but that nobody leaves who is advised.
                when uniform('advisory', cust_no, 0) < {ADVISORY_SHARE}
                    and part in ({staying}) then 'advisory'
                when uniform('green channel', cust_no, 0) < {GREEN_CHANNEL_SHARE}
                    then 'green_channel'
                else 'standard'
            end as service_mode,
            size_u < 0.3 as is_watched,
        from known
        """
    )


def build_account_versions(connection: duckdb.DuckDBPyConnection) -> None:
    """Give accounts a version where the contract, the notice or a merge changes them."""
    connection.execute(
        f"""
        create or replace macro term_end(an_end, as_of) as
            if(
                an_end + to_years(year(as_of) - year(an_end)) >= as_of,
                an_end + to_years(year(as_of) - year(an_end)),
                an_end + to_years(year(as_of) - year(an_end) + 1)
            )::date;

        create or replace temporary table contract_states as
        with states as (
            select
                c.cust_no, months.month_start, months.month_end,
                case
                    when c.part = 'contract_not_renewed'
                        then least(c.contract_end,
                            term_end(c.contract_end, months.month_end + {RENEWAL_LEAD_DAYS}))
                    when c.part = 'contract_renewed_late' and c.renewed_on < months.month_end
                        then term_end((c.renewed_on + interval 1 year)::date - 1,
                            months.month_end + {RENEWAL_LEAD_DAYS})
                    when c.part = 'contract_renewed_late'
                        then least(c.contract_end,
                            term_end(c.contract_end, months.month_end + {RENEWAL_LEAD_DAYS}))
                    else term_end(c.contract_end, months.month_end + {RENEWAL_LEAD_DAYS})
                end as contract_end,
                if(c.notice_date < months.month_end, c.notice_date, null) as notice_date,
            from customers as c
            cross join months
            where c.contract_end is not null
        )
        select
            *,
            (contract_end + 1 - interval 1 year)::date as contract_start,
            row(contract_end, notice_date) is distinct from lag(row(contract_end, notice_date))
                over (partition by cust_no order by month_start) as is_change,
        from states;

        create or replace table accounts_versions as
        with changes as (
            select cust_no, first_listed as version_month from accounts
            union
            select cust_no, month_start from contract_states where is_change
            union
            select customers.cust_no, date_trunc('month', customers.merged_on)::date
            from customers
            inner join accounts on customers.cust_no = accounts.cust_no
            where customers.merged_on is not null
            union
            select cust_no, corrected_month from stale_fields where corrected_month is not null
        )
        select
            changes.version_month, a.account_id, a.customer_code, a.account_name, a.segment,
            coalesce(f.archive_industry, a.industry) as industry,
            coalesce(f.archive_region, a.region) as region,
            a.employee_band, a.annual_revenue, a.is_strategic,
            a.long_term_intent, a.price_sensitivity, a.credit_grade, a.service_mode,
            s.contract_start, s.contract_end, s.notice_date,
            if(
                a.part = 'newcomer' and uniform('referred', a.cust_no, 0) < 0.15,
                (select min(account_id) from accounts where part = 'group_head'), null
            ) as referred_by_account_id,
            coalesce(c.merged_on < months.month_end, false) as is_deleted,
        from changes
        inner join accounts as a on changes.cust_no = a.cust_no
        inner join months on changes.version_month = months.month_start
        left join customers as c on changes.cust_no = c.cust_no
        left join stale_fields as f
            on changes.cust_no = f.cust_no
            and (f.corrected_month is null or changes.version_month < f.corrected_month)
        left join contract_states as s
            on changes.cust_no = s.cust_no and changes.version_month = s.month_start
        """
    )


def build_contacts(connection: duckdb.DuckDBPyConnection, language: str) -> None:
    """Create table `contacts`: one to four people per account, the first of them deciding."""
    word = language_index(language)
    families = _list([words[word] for words in FAMILY_NAMES])
    givens = _list([words[word] for words in GIVEN_NAMES])
    roles = _list([words[word] for words in CONTACT_ROLES])
    name = "family || given" if language == "zh" else "given || ' ' || family"
    rare = f"'王{RARE_CHARACTER}'" if language == "zh" else "full_name"
    connection.execute(
        f"""
        create or replace table contacts as
        with people as (
            select
                a.cust_no, a.account_id, a.first_listed, n,
                a.account_id || '-' || (n + 1) as contact_id,
                list_value({families})[1 + pick('family', a.cust_no, n, {len(FAMILY_NAMES)})]
                    as family,
                list_value({givens})[1 + pick('given', a.cust_no, n, {len(GIVEN_NAMES)})] as given,
            from accounts as a,
                unnest(range(1 + pick('contacts', a.cust_no, 0, if(a.size_u < 0.2, 4, 2)))) as t (n)
        ),
        named as (
            select *, {name} as full_name from people
        )
        select
            cust_no, first_listed as version_month, contact_id, account_id,
            if(contact_id = (
                select min(contact_id) from named
                where first_listed = (select min(first_listed) from named)
            ), {rare}, full_name) as full_name,
            list_value({roles})[1 + (pick('role', cust_no, 0, 5) + n) % 5] as role,
            n = 0 as is_decision_maker,
            'contact.' || lower(replace(contact_id, '-', '.')) || '@example.com' as email,
            '+86 555 ' || lpad(pick('phone', cust_no, n, 10000000)::varchar, 7, '0') as phone,
            date '1958-01-01' + pick('birthday', cust_no, n, 14600)::integer as birthday,
            uniform('consent', cust_no, n) < 0.7 as consent,
        from named
        """
    )


def _list(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
