"""`kaw metrics`: what it prints, what it refuses, and that it asks nobody but the release."""

import csv
import socket

import pytest
from pipeline_support import kaw

pytestmark = pytest.mark.xdist_group("semantic")


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_lists_metrics_in_both_languages_and_what_one_is_grouped_by(asked_home, no_network):
    listed = kaw("metrics", "list", "--home", asked_home.root)
    assert listed.exit_code == 0, listed.output
    assert "Churn rate · 客户流失率" in listed.output
    assert "retention_curve" in listed.output
    told = kaw("metrics", "list", "share_of_wallet", "--home", asked_home.root)
    assert "customer__region" in told.output
    assert "fct_wallets.sow" in told.output


def test_query_opens_no_socket_and_writes_every_digit(asked_home, release, tmp_path, no_network):
    path = tmp_path / "churn.csv"
    result = kaw(
        "metrics", "query", "--metrics", "churn_rate", "--group-by", "metric_time__month",
        "--csv", path, "--home", asked_home.root,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    with path.open(encoding="utf-8") as file:
        rows = {row["metric_time__month"]: row["churn_rate"] for row in csv.DictReader(file)}
    reference = release.connection.execute(
        "select reporting_month::text, churn_rate from rpt_churn_month where churn_rate is not null"
    ).fetchall()
    assert {month: float(rate) for month, rate in rows.items() if rate} == dict(reference)


def test_prints_a_table_without_times_of_day(asked_home):
    result = kaw(
        "metrics", "query", "--saved-query", "churn_by_month", "--limit", 2,
        "--home", asked_home.root,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    header, _line, *rows = result.output.splitlines()
    assert header.split()[0] == "metric_time__month"
    assert len(rows) == 2
    assert "T00:00" not in result.output


def test_shows_the_statement_over_the_release(asked_home):
    result = kaw(
        "metrics", "query", "--metrics", "churn_rate", "--explain", "--home", asked_home.root
    )
    assert result.exit_code == 0, result.output
    assert '"main"."rpt_churn_month"' in result.output


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (["--metrics", "churn_rat"], "churn_rate"),
        (["--metrics", "churn_rate", "--group-by", "customer__region"], "group-by"),
        (["--metrics", "failures", "--where", "no condition at all"], "syntax error"),
        (["--metrics", "failures", "--where", "{{ Dimension('nothing') }}"], "nothing"),
        ([], "--saved-query"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(asked_home, question, words):
    result = kaw("metrics", "query", *question, "--home", asked_home.root)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_an_empty_home_is_told_to_publish_first(tmp_path):
    result = kaw("metrics", "list", "--home", tmp_path)
    assert result.exit_code == 2
    assert "kaw run" in result.output
