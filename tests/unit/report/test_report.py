import json
import re
from datetime import date

import duckdb
import pytest
from click.testing import CliRunner
from report_support import assert_traceable, make_release

from orchestration.cli import main
from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.report import LANGUAGES, write_report, write_reports
from orchestration.report.write import ReportError


def text_of(html):
    body = re.sub(
        r"<style>.*?</style>|<sup.*?</sup>|<svg.*?</svg>|</?data[^>]*>", "", html, flags=re.S
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def read(home, *arguments):
    return write_report(home, *arguments).read_text("utf-8")


def cards(html):
    found = re.findall(r'<section class="card.*?</section>', html, flags=re.S)
    return [text_of(card) for card in found]


def cli(home, *arguments):
    return CliRunner().invoke(main, ["report", "--home", str(home.root), *arguments])


def test_six_cards_answer_the_six_questions(home):
    worse, better, new, fixes, left, risk = cards(read(home))
    assert "Late delivery" in worse
    assert "310.0 per 1,000 in Mar 2024, usually 50.0" in worse
    assert "Billing error" in better
    # What a run is compared with is the rate before it, and not that of a year it is part of.
    assert "10.0 per 1,000 in Mar 2024, the last of eight such months; 70.0 before them" in better
    assert "Leak &amp; spill" in new
    assert "Goods" not in new  # its family, new because of it
    assert "not seen for a year" in new
    assert "Billing error: solved" in fixes
    assert "2 of 50" in left
    assert "4.0%" in left
    assert "2 customers" in risk
    assert "1 of them for two reasons or more" in risk


def test_an_action_against_a_cause_is_judged_by_the_customers_lost_for_it(home):
    html = read(home)
    (table,) = re.findall(r"stopped a cause of leaving</h3>.*?</table>", html, flags=re.S)
    (row,) = re.findall(r"<tr class=.*?</tr>", table, flags=re.S)
    assert "No care New price list 2023-09-01 10 1 0.1× 0.0× – 0.8× 75% improved" in text_of(row)
    assert "the effect is shared" in row


def test_steps_name_the_open_action_the_new_problem_and_the_customer(home):
    steps = text_of(re.search(r'<ol class="steps">.*?</ol>', read(home), flags=re.S)[0])
    assert "Finish the open action “Second carrier”, due 2024-03-15" in steps
    assert "Leak &amp; spill is new" in steps
    assert "Call &lt;b&gt;Bold &amp; Sons&lt;/b&gt;, 400 revenue of a year" in steps


def test_it_says_why_a_figure_is_empty(home):
    text = text_of(read(home))
    assert "cost of what was sold 50 25 50% 75% margin, profit" in text
    assert "spend with all suppliers 50 0 0% 0% share of wallet, hidden defection" in text


def test_interim_reviews_are_due_held_late_or_missing(tables, tmp_path):
    quarters = {
        "2023-04-01": ("late", "2023-12-01", False, False),
        "2023-07-01": ("done", "2023-11-01", False, False),
        "2023-10-01": ("overdue", None, False, True),
        "2024-01-01": ("due", None, True, False),
    }
    progress = [
        {
            "detected_quarter_month": date.fromisoformat(quarter),
            "target_count": 8,
            "held_count": 7,
            "progress_share": 0.875,
            "interim_review_date": held and date.fromisoformat(held),
            "interim_review_status": status,
            "is_interim_review_due": is_due,
            "is_interim_review_overdue": is_overdue,
            "interviewer_count": 0,
            "is_team_valid": False,
            "senior_talk_share": None,
            "external_talk_share": None,
            "measure_count": 0,
            "talk_with_measure_share": None,
        }
        for quarter, (status, held, is_due, is_overdue) in quarters.items()
    ]
    html = read(Home.at(make_release(tmp_path, tables | {"rpt_investigation_progress": progress})))
    rows = [text_of(row) for row in re.findall(r"<tr.*?</tr>", html, flags=re.S)]
    found = [row for row in rows if " 8 7 88% " in row]
    said = [row.split("88%")[1].split(" 0 ")[0].strip() for row in found]
    assert said == ["due", "overdue", "held", "held late"]
    steps = text_of(re.search(r'<ol class="steps">.*?</ol>', html, flags=re.S)[0])
    assert "Hold the interim review of the quarter from Oct 2023: 7 of 8 talks are held" in steps
    assert steps.count("interim review") == 1


def test_an_effect_nobody_knows_is_said_once(tables, tmp_path):
    effect = {
        "failure_type_key": "delivery_late",
        "from_month": date(2023, 1, 1),
        "to_month": date(2023, 9, 1),
        "exposed_count": 12,
        "lost_count": 0,
        "expected_lost_count": 0.0,
        "rate_ratio": None,
        "rate_ratio_low": None,
        "rate_ratio_high": None,
        "q_value": None,
        "is_significant": False,
        "margin_at_stake_t12": 10.0,
    }
    html = read(
        Home.at(make_release(tmp_path, tables | {"rpt_failure_defection_effect": [effect]}))
    )
    (figure,) = re.findall(r"customers leave after</h3>.*?<figure>(.*?)</figure>", html, flags=re.S)
    assert text_of(figure).count("not known") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_stands_in_a_mart(home, language):
    assert_traceable(read(home, None, language), home.current_release)


def test_chinese_report_says_it_in_chinese(home):
    html = read(home, None, "zh")
    assert '<html lang="zh-Hans">' in html
    worse, better, *_ = cards(html)
    assert "交货延迟" in worse
    assert "开票错误" in better
    assert "2024年3月" in html


def test_a_month_half_told_is_not_judged(home):
    html = read(home)
    leak = re.search(r"<figure><figcaption>Leak.*?</figure>", html, flags=re.S)[0]
    assert "judged: Feb 2024" in text_of(leak).replace("  ", " ")
    assert "Mar 2024: 40% told by now" in text_of(leak)
    assert leak.count('class="dot hollow"') == 1


def test_an_open_month_is_marked_and_has_no_rates(home):
    html = read(home, "2024-04")
    assert '<span class="tag">open</span>' in html
    assert "Apr 2024 is still open" in html
    assert "2 so far" in cards(html)[4]
    assert_traceable(html, home.current_release)


def test_an_earlier_month_says_what_is_not_kept_for_it(home):
    html = read(home, "2024-02")
    assert "kept for Mar 2024 only" in cards(html)[5]
    assert "Broke more Nothing beyond chance" in cards(html)[0].replace("▲ ", "")


def test_a_ledger_alone_is_reported_in_words(tables, tmp_path):
    ledger = {name: tables[name] for name in ("dim_months", "dim_failure_types", "rpt_churn_month")}
    home = Home.at(make_release(tmp_path / "ledger", ledger))
    html = read(home)
    assert "No failures recorded" in cards(html)[0]
    assert "does not mean that nothing failed" in html
    assert "does not hold rpt_interview_queue" in html
    assert "does not hold fct_defections" in html
    assert "No data" in cards(html)[5]
    assert "Without CRM extracts" in html
    assert "2 of 50" in cards(html)[4]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("has_tables", [True, False])
def test_an_empty_release_is_reported_in_words(tables, tmp_path, language, has_tables):
    home = Home.at(make_release(tmp_path / "empty", tables if has_tables else {}))
    if has_tables:
        file = home.current_release
        with duckdb.connect(str(file)) as connection:
            for name in tables:
                connection.execute(f"delete from {name}")
    html = read(home, None, language)
    assert ("no month yet" in html) or ("还没有任何月份" in html)


def test_reports_of_both_languages_are_written_whole(home):
    assert [path.name for path in write_reports(home)] == [
        "failure-analysis-2024-03.en.html",
        "failure-analysis-2024-03.zh.html",
    ]
    assert {path.name for path in home.reports.iterdir()} == {
        "failure-analysis-2024-03.en.html",
        "failure-analysis-2024-03.zh.html",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_late_data_changed_is_listed(home, language):
    file = home.current_release.with_name("manifest.json")
    manifest = json.loads(file.read_text("utf-8"))
    change = {
        "mart": "rpt_churn_month",
        "key": {"reporting_month": "2024-01-01"},
        "column": "lost_customer_count",
        "before": "1",
        "after": "2",
    }
    restated = {"compared_with": "0000-x", "count": 90, "months": ["2024-01"], "changes": [change]}
    month = {"en": "in Jan 2024.", "zh": "涉及 2024年1月。"}[language]
    for given, said in (
        (restated, ("0000-x", month, "lost_customer_count", "runs/restatements.csv")),
        (restated | {"count": 0}, ("0000-x",)),
        ({"compared_with": "0000-x", "reason": "earlier_month"}, ("earlier", "更早")),
    ):
        manifest |= {"previous_release": "0000-x", "restatements": given}
        file.write_text(json.dumps(manifest), "utf-8")
        html = read(home, None, language)
        section = html[html.index('id="restated"') : html.index('id="appendix"')]
        found = [word in section for word in said]
        assert any(found) if "reason" in given else all(found)


def test_the_same_release_gives_the_same_bytes(home):
    assert read(home) == read(home)


def test_commands_exit_status(home, tmp_path):
    file = tmp_path / "mine.html"
    result = cli(home, "--month", "2024-03", "--language", "zh", "--output", str(file))
    assert (result.exit_code, result.output.strip()) == (0, str(file))
    assert file.stat().st_size > 1000
    missing = cli(home, "--month", "2030-01")
    assert missing.exit_code == 2
    assert "no month 2030-01" in missing.output
    assert "2022-03 to 2024-04" in missing.output
    assert cli(home, "--month", "March").exit_code == 2
    assert cli(home, "--language", "fr").exit_code == 2
    nothing = cli(Home.at(tmp_path / "nowhere"))
    assert nothing.exit_code == 2
    assert "kaw run" in nothing.output
    blocked = cli(home, "--output", str(file / "below-a-file.html"))
    assert blocked.exit_code == 1
    assert "could not be written" in blocked.output


def test_a_damaged_release_is_a_reason_not_a_trace(home):
    home.current_release.write_bytes(b"no database")
    with pytest.raises(ReportError, match="could not be written"):
        write_report(home)


def test_nothing_published_is_misuse(tmp_path):
    with pytest.raises(UsageError, match="Publish one first"):
        write_report(Home.at(tmp_path))
