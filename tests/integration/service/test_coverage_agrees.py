"""What reports say is known of their customers is what rpt_data_coverage says.

Where a report's share has another denominator by definition, it is computed here from that one, and
the reason stands beside it: no column of coverage is without an agreement or a reason.
"""

from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml

pytestmark = pytest.mark.xdist_group("service")

MARTS = Path(__file__).resolve().parents[3] / "models" / "marts"
MONTH = "reporting_month"
GONE = ["prospect", "defected_full", "closed_permanent"]
# Every share of what is known, and why it is or is not the share rpt_data_coverage tells.
SHARES = {
    "rpt_churn_by_class.class_coverage_share": "input class; tested below",
    "rpt_churn_by_class.margin_coverage_share": "input cost a month before; tested below",
    "rpt_class_share_month.margin_coverage_share": "input cost a month before; tested below",
    "rpt_sow_movement_month.coverage_share": "wallets of both ends of a year; tested below",
    "rpt_satisfied_defectors.coverage_share": "of the lost, who was asked in time; tested below",
    "rpt_defection_controllability.known_cause_share": "causes by weight; tested below",
    "rpt_defection_board.coverage_share": "repeats the mart of each figure (test_board_agrees)",
    "rpt_retention_sensitivity.margin_coverage_share": "of the class and month it speaks of",
    "rpt_segment_profit.margin_coverage_share": "by revenue, and of the lost of the year too",
    "rpt_revenue_bridge.price_coverage_share": "of revenue, whose price could be compared",
    "rpt_investigation_coverage.coverage_share": "of losses to be asked about, not of customers",
    "rpt_investigation_coverage.coverage_in_time_share": "of losses to be asked about",
    "rpt_investigation_coverage.known_cause_share": "of losses to be asked about",
    "rpt_latent_barrier_month.coverage_share": "of latently loyal customers alone",
    "rpt_complaint_sla.acknowledgement_coverage_share": "of complaints",
    "rpt_owed_care_month.coverage_share": "of contacts owed",
    "rpt_key_account_standards.coverage_share": "of key accounts",
    "rpt_appraisal.coverage_share": "of indicators",
    "rpt_wallet_model_error.coverage_share": "of modelled wallets",
    "rpt_early_warning.reason_coverage_share": "of the reasons of one customer",
    "rpt_lighthouse.industry_known_share": "of customers that came",
    "rpt_staff_customer_link.staff_known_share": "of people",
    "rpt_complaint_sla.first_resolution_coverage_share": "of complaints",
    "rpt_action_effect.baseline_known_share": "of episodes and exposure before an action",
    "rpt_action_effect.after_known_share": "of episodes and exposure after it",
    "rpt_data_coverage.customer_coverage_share": "what the others are held against",
    "rpt_data_coverage.revenue_coverage_share": "what the others are held against",
}
QUERIES = {
    "coverage": "from marts.rpt_data_coverage",
    "classes": "from marts.rpt_churn_by_class where basis = 'as_known' and horizon = 'month'"
    " and defection_type = 'full'",
    "shares": "from marts.rpt_class_share_month where basis = 'as_known' and is_start_closed",
    "movements": "from marts.rpt_sow_movement_month where basis = 'as_known' and scheme = 'all'",
    "kept": "from marts.rpt_defection_controllability"
    " where horizon = 'trailing_year' and cut = 'total' and defection_type = 'full'",
    "satisfied": "from marts.rpt_satisfied_defectors",
    "answers": "select customer_key, answered_on from intermediate.int_account_answers"
    " where question = 'overall' and account_level is not null",
    "months": "from marts.dim_months",
    "bridge": "from marts.rpt_customer_bridge_month",
    "customers": "select customer_key, reporting_month, customer_state_at_start, d_sow,"
    " margin_t12 is not null as has_cost from marts.fct_customer_months",
    "lost": """
        select
            episodes.customer_key, episodes.began_month, episodes.effective_date,
            episodes.defection_type, episodes.has_known_cause, episodes.defected_on,
            sum(causes.weight) as weight,
            sum(causes.weight) filter (causes.controllability <> 'unknown') as known_weight
        from marts.fct_defections as episodes
        inner join marts.bridge_defection_causes as causes using (customer_key, episode_no)
        group by all
    """,
}


def read_tables(path) -> dict[str, pd.DataFrame]:
    """Read the coverage and the reports that have one of their own."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = {name: connection.sql(query).df() for name, query in QUERIES.items()}
    found["by_input"] = {
        name: rows.set_index(MONTH) for name, rows in found["coverage"].groupby("input")
    }
    customers = found["customers"]
    live = customers[~customers["customer_state_at_start"].isin(GONE)]
    found["live"] = live[["customer_key", MONTH]]
    return found


@pytest.fixture(scope="module")
def tables(complete_home):
    return read_tables(complete_home / "warehouse" / "key_accounts.duckdb")


def of_the_year(rows: pd.DataFrame, column: str, month: pd.Timestamp) -> pd.DataFrame:
    """Rows of the twelve months that end with a month."""
    end = month + pd.DateOffset(months=1)
    return rows[rows[column].between(end - pd.DateOffset(years=1), end, inclusive="left")]


def test_no_share_of_what_is_known_is_without_an_agreement_or_a_reason():
    found = {
        f"{path.stem}.{column['name']}"
        for path in MARTS.rglob("rpt_*.yml")
        for column in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["models"][0]["columns"]
        if column["name"].endswith(("coverage_share", "coverage_in_time_share", "known_share"))
        or column["name"] == "known_cause_share"
    }
    assert found == set(SHARES)


def test_every_month_has_a_row_for_every_input(tables):
    months = set(tables["months"][MONTH])
    assert len(tables["by_input"]) == 9
    for rows in tables["by_input"].values():
        assert set(rows.index) == months
        assert (rows["customer_coverage_share"].isna() == (rows["customer_count"] == 0)).all()


def test_customers_are_those_at_the_start_of_the_month(tables):
    start = tables["bridge"].set_index(MONTH)["start_customer_count"]
    for name, rows in tables["by_input"].items():
        if name != "cause":
            assert (rows["customer_count"] == start.reindex(rows.index)).all(), name


def test_classes_are_known_of_those_churn_is_told_by(tables):
    rows = tables["by_input"]["class"]
    told = tables["classes"].query("scheme == 'core'").groupby(MONTH)["class_coverage_share"]
    low, high = told.min(), told.max()
    assert len(low) > 10
    share = rows["customer_coverage_share"].reindex(low.index)
    assert low.tolist() == pytest.approx(share.tolist(), nan_ok=True)
    assert high.tolist() == pytest.approx(share.tolist(), nan_ok=True)


def test_costs_at_the_start_of_a_month_are_those_of_the_year_before_it(tables):
    """Coverage looks at the year that ends with the month; what was at stake, at the one before."""
    before = tables["customers"].loc[lambda rows: rows["has_cost"], ["customer_key", MONTH]]
    before = before.assign(**{MONTH: before[MONTH] + pd.DateOffset(months=1)})
    costed = tables["live"].merge(before).groupby(MONTH).size()
    count = tables["by_input"]["cost"]["customer_count"]
    checked = 0
    for (_, month), rows in tables["shares"].groupby(["scheme", MONTH]):
        assert rows["customer_count"].sum() == count[month]
        assert rows["costed_customer_count"].sum() == costed.get(month, 0)
        checked += 1
    assert checked > 40
    told = tables["classes"].query("scheme == 'all'").set_index(MONTH)["margin_coverage_share"]
    share = costed.reindex(told.index).fillna(0) / count.reindex(told.index)
    assert told.tolist() == pytest.approx(share.where(count > 0).tolist(), nan_ok=True)


def test_movements_need_the_wallet_at_both_ends_of_a_year(tables):
    known = tables["customers"].loc[lambda rows: rows["d_sow"].notna(), ["customer_key", MONTH]]
    rows = tables["by_input"]["wallet"]
    assert not tables["movements"].empty
    for row in tables["movements"].itertuples():
        start = row.reporting_month - pd.DateOffset(months=11)
        there = tables["live"].loc[tables["live"][MONTH] == start, "customer_key"]
        moved = known[known[MONTH] == row.reporting_month]["customer_key"].isin(there).sum()
        assert row.start_customer_count == len(there) == rows["customer_count"][start]
        assert row.valid_customer_count == moved


def test_causes_are_asked_of_the_same_losses_as_opinions(tables):
    lost = tables["satisfied"].set_index(MONTH)["lost_customer_count"]
    count = tables["by_input"]["cause"]["customer_count"]
    assert (lost == count.reindex(lost.index)).all()
    assert lost.sum() > 0


def test_causes_by_customer_and_causes_by_weight(tables):
    """Coverage counts losses by their day; controllability, their causes by when they showed."""
    lost = tables["lost"]
    gone = lost[lost["defected_on"].notna()]
    kept = tables["kept"].set_index(MONTH)
    coverage = tables["by_input"]["cause"]
    for month in kept.index:
        counted = of_the_year(gone, "effective_date", month)
        assert coverage["known_count"][month] == counted["has_known_cause"].sum()
        shown = of_the_year(lost[lost["defection_type"] == "full"], "began_month", month)
        assert kept["episode_count"][month] == len(shown)
        weight = shown["known_weight"].fillna(0).sum() / len(shown)
        assert kept["known_cause_share"][month] == pytest.approx(weight, nan_ok=True)
    assert (kept["known_cause_share"] > 0).any()


def test_opinions_of_the_lost_are_those_within_a_year_before(tables):
    gone = tables["lost"].loc[lambda rows: rows["defected_on"].notna()].reset_index()
    asked = gone.merge(tables["answers"], on="customer_key")
    days = (asked["effective_date"] - asked["answered_on"]).dt.days
    gone["is_asked"] = gone["index"].isin(asked.loc[days.between(1, 365), "index"])
    for row in tables["satisfied"].itertuples():
        assert (
            row.asked_count
            == of_the_year(gone, "effective_date", row.reporting_month)["is_asked"].sum()
        )
