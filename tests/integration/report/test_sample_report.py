"""The report of the sample company's release, as the pipeline wrote it."""

import json

import pytest
from report_support import assert_traceable

from orchestration.home import Home
from orchestration.report import LANGUAGES, write_report

pytestmark = pytest.mark.xdist_group("pipeline")


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
