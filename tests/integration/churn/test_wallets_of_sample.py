"""Share of wallet of a sample company: a second time in pandas, and against what was planted.

The second computation reads the extracts as they lie on disk, and knows nothing of methods, months
or merges but what it is told here. Merged customers are left to the unit tests. The wallet model
is on: what is stated must come out as if it were not.
"""

import json
from math import ceil

import duckdb
import pandas as pd
import pytest
import yaml
from built_warehouse import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("churn_sample_wallets")]

LAST_YEAR = 2025
DROP_POINTS, DROP_RELATIVE, TOLERANCE = 0.10, 0.20, 0.02
QUANTILE, COMPARABLE = 0.9, 10


@pytest.fixture(scope="module")
def december(company):
    """Category, spend and wallet by customer and year, from the files."""
    return read_decembers(company.extracts)


def read_decembers(extracts):
    ledger, crm = extracts / "ledger", extracts / "crm"
    corrected = next((ledger / "invoice_lines").glob("*.corrected-*")).name.split(".")[0]
    with duckdb.connect() as files:

        def read(query):
            return files.execute(query).df()

        lines = read(
            f"""
            select distinct i.customer_code, i.document_no, l.line_no, l.product_code,
                i.document_date, coalesce(i.currency, 'CNY') as currency,
                l.net_amount::double as net_amount
            from (
                select distinct document_no, customer_code, document_date, currency, document_type
                from read_csv('{ledger}/invoices/*.csv.gz', union_by_name = true)
            ) as i
            inner join (
                select document_no, line_no, product_code, net_amount
                from read_csv('{ledger}/invoice_lines/*.csv.gz', filename = true)
                where filename not like '%/{corrected}.csv.gz'
            ) as l on i.document_no = l.document_no
            where i.customer_code is not null and i.document_type <> 'adjustment'
            """
        )
        products = read(
            "select distinct product_code, product_category"
            f" from read_csv('{ledger}/products/*.csv.gz', union_by_name = true)"
        )
        rates = read(
            "select currency, arg_min(rate_to_reporting, rate_month)::double as rate"
            f" from read_csv('{ledger}/exchange_rates/*.csv.gz') group by currency"
        )
        merged = read(
            "select distinct unnest([customer_code, merged_into_code]) as customer_code"
            f" from read_csv('{ledger}/customers/*.csv.gz', union_by_name = true)"
            " where merged_into_code is not null"
        )
        wallets = read(
            "select distinct a.customer_code, w.product_category, year(w.period_start) as year,"
            " w.wallet_amount::double as wallet, coalesce(w.currency, 'CNY') as currency, w.method"
            f" from read_csv('{crm}/wallet_estimates/*.csv.gz') as w inner join ("
            "  select distinct account_id, customer_code"
            f"  from read_csv('{crm}/accounts/*.csv.gz', union_by_name = true)"
            " ) as a on w.account_id = a.account_id where a.customer_code is not null"
        )
    rate = dict(zip(rates["currency"], rates["rate"], strict=True)) | {"CNY": 1.0}
    lines["spend"] = lines["net_amount"] * lines["currency"].map(rate)
    lines["year"] = pd.to_datetime(lines["document_date"]).dt.year
    lines = lines.merge(products, on="product_code")
    spend = lines.groupby(["customer_code", "product_category", "year"])["spend"].sum()
    wallets["wallet"] *= wallets["currency"].map(rate)
    frame = wallets.join(spend, on=["customer_code", "product_category", "year"])
    frame["spend"] = frame["spend"].fillna(0).clip(lower=0)
    return frame[~frame["customer_code"].isin(merged["customer_code"])]


def expected_shares(frame):
    covered = frame.assign(covered=frame[["spend", "wallet"]].min(axis=1))
    sums = covered.groupby(["customer_code", "year"])[["covered", "wallet"]].sum()
    return (sums["covered"] / sums["wallet"]).to_dict()


def expected_movements(frame):
    """Movement by customer and year, over categories of one method at both ends, none capped."""
    frame = frame[(frame["spend"] <= frame["wallet"]) & (frame["wallet"] > 0)]
    earlier = frame.assign(year=frame["year"] + 1)
    pairs = frame.merge(
        earlier,
        on=["customer_code", "product_category", "year", "method"],
        suffixes=("", "_ly"),
    )
    sums = pairs.groupby(["customer_code", "year"])[
        ["spend", "wallet", "spend_ly", "wallet_ly"]
    ].sum()
    moved = pd.DataFrame(
        {
            "now": sums["spend"] / sums["wallet"],
            "then": sums["spend_ly"] / sums["wallet_ly"],
            "grew": sums["spend"] > sums["spend_ly"],
        }
    )
    moved["d_sow"] = moved["now"] - moved["then"]
    threshold = (DROP_RELATIVE * moved["then"]).clip(lower=DROP_POINTS)
    moved["dropped"] = moved["d_sow"] <= -threshold
    moved["hidden"] = moved["dropped"] & moved["grew"]
    return moved


def test_every_share_of_a_december_in_which_the_wallet_is_new(built, december):
    shares = expected_shares(december)
    found = {
        (customer, year): share
        for customer, year, share in built.rows(
            "select customer_key, year(reporting_month), sow_t12 from marts.fct_customer_months"
            " where month(reporting_month) = 12 and wallet_age_days < 40"
        )
    }
    common = shares.keys() & found.keys()
    assert len(common) > 50
    assert {key: found[key] for key in common} == pytest.approx(
        {key: shares[key] for key in common}, abs=1e-6
    )


def test_every_movement_and_its_verdict(built, december):
    moved = expected_movements(december)
    expected = {
        key: (row.d_sow, row.dropped, row.hidden)
        for key, row in zip(moved.index, moved.itertuples(), strict=True)
    }
    found = {
        (customer, year): verdict
        for customer, year, *verdict in built.rows(
            "select customer_key, year(reporting_month), d_sow, has_share_of_wallet_drop,"
            " is_hidden_partial from intermediate.int_share_of_wallet_months"
            " where month(reporting_month) = 12 and d_sow is not null"
        )
    }
    common = expected.keys() & found.keys()
    assert len(common) > 30
    assert len(common) >= 0.9 * len(expected)
    for key in common:
        assert found[key][0] == pytest.approx(expected[key][0], abs=1e-6)
        assert tuple(found[key][1:]) == tuple(expected[key][1:]), key


def test_hidden_partial_defectors_are_those_planted(built, company):
    """Recall and precision are both one: every planted year is found, and nobody else."""
    truth = company.truth / "hidden_partial_defectors.csv"
    planted = set(
        built.rows(f"select customer_code, calendar_year from read_csv('{truth}') where is_hidden")
    )
    found = set(
        built.rows(
            "select customer_key, year(reporting_month)"
            " from intermediate.int_share_of_wallet_months"
            " where month(reporting_month) = 12 and is_hidden_partial and d_sow is not null"
        )
    )
    assert planted
    assert found == planted


def test_wallets_that_mislead_give_no_movement(built, company):
    """Method change, stale wallet, spend above the wallet: none is a movement of share."""
    traps = company.truth / "wallet_traps.csv"
    rows = built.rows(
        "select distinct traps.kind, months.d_sow, months.is_method_break"
        f" from (select distinct customer_code, kind from read_csv('{traps}')) as traps"
        " left join intermediate.int_share_of_wallet_months as months"
        " on traps.customer_code = months.customer_key"
        f" and months.reporting_month = date '{LAST_YEAR}-12-01'"
    )
    assert {kind for kind, *_ in rows} == {"method_change", "stale", "understated"}
    assert all(d_sow is None for _, d_sow, _ in rows)
    assert all(broken for kind, _, broken in rows if kind == "method_change")


def test_every_modelled_wallet_and_its_error(built):
    """Quantile of the others by leaving each customer out, from the spends of the last year."""
    spends = pd.DataFrame(
        built.rows(
            "select m.customer_key, m.product_category, c.segment || c.employee_band,"
            " sum(m.net_revenue_constant)::double, max(a.annual_revenue)::double"
            " from intermediate.int_customer_category_months as m"
            " inner join marts.dim_customers as c on m.customer_key = c.customer_key"
            " inner join staging.stg_crm__accounts as a on c.account_id = a.account_id"
            f" where year(m.reporting_month) = {LAST_YEAR} group by 1, 2, 3"
        ),
        columns=["customer", "category", "peers", "spend", "revenue"],
    )
    spends = spends[spends["spend"] > 0]
    expected = {}
    for (category, _), alike in spends.groupby(["category", "peers"]):
        for index, row in alike.iterrows():
            others = sorted(alike["spend"].drop(index))
            if len(others) >= COMPARABLE:
                quantile = others[ceil(QUANTILE * len(others)) - 1]
                wallet = max(min(quantile, row["revenue"]), row["spend"])
                expected[row["customer"], category] = wallet
    found = {
        (customer, category): float(wallet)
        for customer, category, wallet in built.rows(
            "select customer_key, product_category, modelled_wallet_amount"
            " from marts.fct_modelled_wallets where not is_stated"
        )
    }
    assert len(expected) > 100
    assert found == pytest.approx(expected, abs=1e-4)
    stated = {
        (customer, category): float(wallet)
        for customer, category, wallet in built.rows(
            "select customer_key, product_category, min_by(annual_wallet_amount, source_rank)"
            f" from intermediate.int_wallet_months where reporting_month = date '{LAST_YEAR}-12-01'"
            " and wallet_method <> 'model' group by 1, 2"
        )
    }
    own = spends.set_index(["customer", "category"])["spend"]
    both = [key for key in expected if stated.get(key, 0) >= own[key]]
    errors = pd.Series([expected[key] / stated[key] - 1 for key in both])
    baseline = pd.Series([own[key] / stated[key] - 1 for key in both])
    (published,) = built.rows(
        "select modelled_count, validated_count, median_error_ratio, median_absolute_error_ratio,"
        " median_own_spend_error_ratio, too_low_rate"
        " from marts.rpt_wallet_model_error where product_category = 'all'"
    )
    assert published == pytest.approx(
        (
            len(expected), len(both), errors.median(), errors.abs().median(),
            baseline.abs().median(), (errors < 0).mean(),
        ),
        abs=1e-6,
    )  # fmt: skip


def test_no_figure_is_made_of_a_modelled_wallet(built):
    """Whoever reads the model is a part of it, so that no other figure can change with it."""
    manifest = json.loads((built.path.parent / "target" / "manifest.json").read_text("utf-8"))
    model = {"int_comparable_spends", "fct_modelled_wallets", "rpt_wallet_model_error"}
    readers = {
        name
        for name, node in manifest["nodes"].items()
        if name.startswith("model.")
        and model & {parent.rpartition(".")[2] for parent in node["depends_on"]["nodes"]}
    }
    assert {name.rpartition(".")[2] for name in readers} == model - {"int_comparable_spends"}


def test_the_model_is_off_unless_asked_for():
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))
    assert project["vars"]["wallet_model"] is False
