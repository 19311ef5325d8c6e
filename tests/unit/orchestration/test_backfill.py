from datetime import date

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.runs import backfill as module
from orchestration.runs.backfill import backfill, months_between
from orchestration.runs.pipeline import Request
from orchestration.runs.record import Problem, RunRecord
from orchestration.runs.reported_month import first_day_known


def test_months_cross_years_and_include_both_ends():
    assert months_between("2024-11", "2025-02") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert months_between("2024-05", "2024-05") == ["2024-05"]
    with pytest.raises(UsageError, match="2024-06 is after 2024-05"):
        months_between("2024-06", "2024-05")


@pytest.fixture
def delivered():
    """Books of a loader: August's invoices came in October, January's lines were corrected."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema raw_meta;
            create table raw_meta.extract_files as
            select
                'ledger' as source_name, table_name, period_start,
                (period_start + interval 1 month)::date as period_end, 'loaded' as status,
                if(table_name = 'invoices' and period_start = date '2024-08-01',
                    date '2024-10-09', (period_start + interval 1 month)::date) as known_from
            from (values ('invoices'), ('invoice_lines')) as tables (table_name),
                (select unnest(range(date '2024-01-01', date '2024-12-01', interval 1 month))::date
                    as period_start);
            update raw_meta.extract_files set status = 'superseded'
            where table_name = 'invoice_lines' and period_start = date '2024-01-01';
            insert into raw_meta.extract_files values
                ('ledger', 'invoice_lines', '2024-01-01', '2024-02-01', 'loaded', '2024-03-04'),
                ('crm', 'accounts', '2024-01-01', '2024-02-01', 'loaded', '2024-11-30'),
                ('ledger', 'invoices', '2024-02-01', '2024-03-01', 'refused', '2024-11-30');
            """
        )
        yield connection


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2024-01", date(2024, 2, 1)),  # by what came first, before it was corrected
        ("2024-07", date(2024, 8, 1)),
        ("2024-08", date(2024, 10, 9)),  # nobody could report it without its invoices
        ("2024-09", date(2024, 10, 9)),  # nor September with a hole before it
        ("2024-10", date(2024, 11, 1)),
    ],
)
def test_a_month_is_known_once_no_document_before_its_end_is_missing(delivered, month, day):
    assert first_day_known(delivered, month) == day


def run_but(broken, ran):
    def run(request, _listener):
        ran.append((request.as_of, request.as_known))
        record = RunRecord(run_id="r", status="published", release="0007")
        if request.as_of == broken:
            record.status, record.release = "failed", None
            record.problems.append(Problem("door", "no_month_missing", "April is missing."))
        return record

    return run


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ("never", ["2024-03", "2024-04", "2024-05", None]),
        ("2024-04", ["2024-03", "2024-04", None]),
    ],
)
@pytest.mark.parametrize("as_known", [True, False])
def test_a_failing_month_ends_the_range_and_the_newest_is_run_last(
    tmp_path, broken, expected, as_known
):
    ran = []
    request = Request(home=Home.at(tmp_path), as_known=as_known)
    records = list(backfill(request, "2024-03", "2024-05", lambda *_: None, run_but(broken, ran)))
    assert [month for month, _record in records] == expected
    # The newest is told by all that is known, whatever was asked for the others.
    assert ran == [(month, as_known and month is not None) for month in expected]


def test_command_says_each_month_and_why_one_failed(tmp_path, monkeypatch):
    monkeypatch.setattr(module.backfill, "__defaults__", (run_but("2024-04", []),))
    arguments = ["backfill", "--home", str(tmp_path), "--from", "2024-03", "--to"]
    result = CliRunner().invoke(main, [*arguments, "2024-05"])
    assert result.exit_code == 1
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["2024-03", "published"],
        ["2024-04", "failed"],
        ["newest", "published"],
    ]
    assert "April is missing." in result.stderr
    assert CliRunner().invoke(main, [*arguments, "2024-02"]).exit_code == 2
    assert CliRunner().invoke(main, [*arguments, "May"]).exit_code == 2
