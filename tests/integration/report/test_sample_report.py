"""The report of the sample company's release, as the pipeline wrote it."""

import csv
import json

import duckdb
import pytest
from report_support import assert_traceable

from orchestration.home import Home
from orchestration.report import LANGUAGES, write_report

pytestmark = pytest.mark.xdist_group("report")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_leaves_a_report_whose_every_number_is_in_the_release(published_home, language):
    home = Home.at(published_home)
    (file,) = home.reports.glob(f"*.{language}.html")
    html = file.read_text("utf-8")
    assert_traceable(html, home.current_release)
    assert home.current_release.resolve().parent.name in html
    assert file.stat().st_size < 600_000


def test_the_run_says_what_it_wrote_and_how_long_it_took(published_home):
    records = [json.loads(path.read_text("utf-8")) for path in published_home.glob("runs/*.json")]
    (record,) = [record for record in records if record.get("status") == "published"]
    assert [name[-8:] for name in record["facts"]["report"]["files"]] == [".en.html", ".zh.html"]
    assert record["seconds"]["report"] < 10


def test_any_month_of_the_release_can_be_reported(published_home, tmp_path):
    home = Home.at(published_home)
    for month in ("2024-11", "2025-06", "2025-11"):
        file = write_report(home, month, "en", tmp_path / f"{month}.html")
        assert_traceable(file.read_text("utf-8"), home.current_release)


def test_late_data_is_named_with_both_values_and_logged(complete_home):
    home = Home.at(complete_home)
    current = home.current_release.resolve().parent
    manifest = json.loads((current / "manifest.json").read_text("utf-8"))
    restated = manifest["restatements"]
    before = current.with_name(manifest["previous_release"])
    assert restated["compared_with"] == before.name
    assert "2025-12" not in restated["months"]
    with home.restatements.open(encoding="utf-8", newline="") as file:
        logged = [row for row in csv.DictReader(file) if row["release_id"] == current.name]
    assert len(logged) == restated["count"]
    # December tells of failures that happened in November.
    assert "rpt_failure_frequency_month" in {row["mart"] for row in logged}
    for change in restated["changes"]:
        for folder, side in ((before, "before"), (current, "after")):
            assert value_of(folder, change) == change[side]


def value_of(folder, change):
    where = " and ".join(f"{name}::varchar = ?" for name in change["key"])
    query = f"select {change['column']}::varchar from {change['mart']} where {where}"
    with duckdb.connect(str(folder / "key_accounts.duckdb"), read_only=True) as connection:
        return connection.execute(query, list(change["key"].values())).fetchone()[0]
