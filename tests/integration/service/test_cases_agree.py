"""Cases a second time: business minutes day by day, and quantiles by lifelines.

The calendar is read from its seed and counted with nothing of the models' running totals.
"""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

pytestmark = pytest.mark.xdist_group("service")

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "policies"
OPENS, CLOSES = 540, 1080


@pytest.fixture(scope="module")
def exceptions() -> dict[date, bool]:
    """Holidays (False) and worked weekends (True)."""
    with (SEEDS / "business_day_exceptions.csv").open(encoding="utf-8", newline="") as file:
        return {
            date.fromisoformat(row["calendar_date"]): row["is_business_day"] == "true"
            for row in csv.DictReader(file)
        }


@pytest.fixture(scope="module")
def tables(complete_home) -> tuple[pd.DataFrame, ...]:
    """Cases as staged, as published, and the handling of complaints by month."""
    path = complete_home / "warehouse" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return (
            connection.sql("from staging.stg_crm__cases").df().set_index("case_id"),
            connection.sql("from marts.fct_cases").df().set_index("case_id"),
            connection.sql("from marts.rpt_complaint_sla where scheme = 'all'").df(),
        )


@pytest.fixture(scope="module")
def first_ends(complete_home) -> pd.Series:
    """When a case first ended, as the last file says that knows of no reopening; NaT if open."""
    path = complete_home / "warehouse" / "key_accounts.duckdb"
    query = """
        select
            cases.case_id, cases.resolved_at, cases.closed_at, cases.load_line_number,
            coalesce(files.delivered_on, files.period_end, files.known_from) as known
        from raw_crm.cases as cases
        inner join raw_meta.extract_files as files
            on cases.load_file_id = files.file_id and files.status = 'loaded'
        where coalesce(cases.reopened_count, 0) = 0
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        told = connection.sql(query).df().sort_values(["known", "load_line_number"])
    last = told.drop_duplicates("case_id", keep="last").set_index("case_id")
    return last["resolved_at"].fillna(last["closed_at"])


def business_minutes(start: datetime, end: datetime, exceptions: dict[date, bool]) -> int:
    """Minutes at work between two moments, added up day by day."""
    total = 0
    day = start.date()
    while day <= end.date():
        if exceptions.get(day, day.weekday() < 5):
            first = start.hour * 60 + start.minute if day == start.date() else 0
            last = end.hour * 60 + end.minute if day == end.date() else 1440
            total += max(0, min(last, CLOSES) - max(first, OPENS))
        day += timedelta(days=1)
    return total


def test_every_minute_of_every_case(tables, first_ends, exceptions):
    staged, published, _ = tables
    assert len(published) > 50
    for case_id, case in published.iterrows():
        raw = staged.loc[case_id]
        ended = raw["resolved_at"] if pd.notna(raw["resolved_at"]) else raw["closed_at"]
        moments = {
            "first_response": raw["first_response_at"],
            "first_resolution": first_ends.get(case_id),
            "resolution": ended,
        }
        for step, moment in moments.items():
            found = case[f"{step}_minutes"], case[f"{step}_business_minutes"]
            if case["handling_status"] == "merged" or pd.isna(moment):
                assert all(map(pd.isna, found)), (case_id, step)
                continue
            calendar = moment.floor("min") - raw["received_at"].floor("min")
            assert found == (
                calendar // timedelta(minutes=1),
                business_minutes(raw["received_at"], moment, exceptions),
            ), (case_id, step)


def test_every_quantile_of_every_month(tables):
    _, published, months = tables
    complaints = published[
        (published["case_type"] == "complaint") & (published["handling_status"] != "merged")
    ]
    assert len(months) > 12
    compared = 0
    for row in months.itertuples():
        cohort = complaints[complaints["reporting_month"] == row.reporting_month]
        told = cohort[cohort["is_first_resolution_known"].astype(bool)]
        assert row.first_resolution_coverage_share == pytest.approx(len(told) / len(cohort))
        cohorts = {
            "acknowledgement": cohort,
            "first_response": cohort,
            "first_resolution": told,
            "resolution": cohort,
        }
        for step, cohort in cohorts.items():
            for word in ("", "_business"):
                lasted = cohort[f"{step}{word}_minutes"]
                found = {
                    share: getattr(row, f"{name}_{step}{word}_minutes")
                    for name, share in (("median", 0.5), ("late", 0.1))
                }
                if lasted.notna().sum() == 0:
                    assert pd.isna(list(found.values())).all()
                    continue
                curve = KaplanMeierFitter().fit(
                    lasted.fillna(cohort[f"followed{word}_minutes"]).astype(float), lasted.notna()
                )
                # A tenth is 0.1 and not a hair more: lifelines multiplies, too.
                survived = curve.survival_function_["KM_estimate"].round(12)
                for share, minutes in found.items():
                    through = survived.index[survived <= share]
                    if through.empty:
                        assert pd.isna(minutes)
                    else:
                        assert minutes == through[0]
                        compared += 1
    assert compared > 100


def test_complaints_left_unanswered_are_found_open(complete_home, tables):
    _, published, _ = tables
    with (complete_home / "truth" / "unresolved_complaints.csv").open(encoding="utf-8") as file:
        planted = [row["case_id"] for row in csv.DictReader(file)]
    if not planted:
        pytest.skip("the sample of this size has no complaint left unanswered")
    assert set(published.loc[planted, "handling_status"]) == {"open"}
    assert not published.loc[planted, "is_resolution_in_time"].any()


def test_first_solving_of_a_reopened_case_is_found_where_a_delivery_told_it(complete_home, tables):
    _, published, _ = tables
    planted = pd.read_csv(
        complete_home / "truth" / "reopened_cases.csv",
        index_col="case_id",
        parse_dates=["first_resolved_at", "last_resolved_at"],
    )
    reopened = published[published["reopened_count"] > 0]
    assert set(reopened.index) == set(planted.index)
    told = planted["is_first_told"]
    assert set(told) == {True, False}
    assert (
        reopened["is_first_resolution_known"].astype(bool) == told.reindex(reopened.index)
    ).all()
    found = reopened["first_resolved_at"].reindex(planted.index)
    assert (found[told] == planted.loc[told, "first_resolved_at"]).all()
    assert found[~told].isna().all()
    assert (reopened["resolved_at"] == planted["last_resolved_at"].reindex(reopened.index)).all()
