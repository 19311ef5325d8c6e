"""Words of the command line become companies, and companies become steps."""

import json
from pathlib import Path

import pytest
from cases import Case, ledger_steps, parse_case, sample_steps
from run import test_seconds as seconds_of_tests

KINDS = ["generate", "floor", "pandas", "spark", "dlt", "first", "month", "nothing", "refresh"]


@pytest.mark.parametrize(
    ("text", "case", "name"),
    [
        ("1", Case("sample", 1.0), "sample-1"),
        ("sample:10", Case("sample", 10.0), "sample-10"),
        ("sample", Case("sample", 1.0), "sample-1"),
        ("300:parquet", Case("sample", 300.0, "parquet"), "sample-300-parquet"),
        ("sample:0.5:csv", Case("sample", 0.5, "csv"), "sample-0.5-csv"),
        ("9:csv:50", Case("sample", 9.0, "csv", 50), "sample-9-50-csv"),
        ("ledger", Case("ledger"), "ledger"),
    ],
)
def test_a_word_names_a_case(text, case, name):
    assert parse_case(text) == [case]
    assert case.name == name


def test_a_curve_moves_one_of_lines_and_customers():
    lines, customers = parse_case("curve:lines"), parse_case("curve:customers")
    assert len({case.scale for case in lines}) == len(lines)
    assert len({case.customers for case in lines}) == 1
    assert len({case.scale for case in customers}) == 1
    assert len({case.customers for case in customers}) == len(customers)
    assert lines[0].name == "curve-lines-1-2000"
    assert parse_case("curve:lines:0.1")[0] == Case("curve-lines", 0.1, customers=200)


@pytest.mark.parametrize("text", ["", "big", "1:xlsx", "1:csv:csv", "curve", "curve:x", "ledger:1"])
def test_any_other_word_is_refused(text):
    with pytest.raises(ValueError, match="is no case"):
        parse_case(text)


def test_a_sample_has_every_step_and_a_large_one_no_second_build():
    work = Path("work")
    assert [step.kind for step in sample_steps(Case("sample", 1.0), work, 36)] == KINDS
    assert [step.kind for step in sample_steps(Case("sample", 100.0), work, 36)] == KINDS[:-1]
    (generate, *_) = sample_steps(Case("sample", 2.0, "parquet"), work, 24)
    assert " ".join(generate.arguments).endswith("--scale 2 --months 24 --format parquet")


def test_a_point_of_a_curve_is_a_floor_and_a_run():
    (case, *_) = parse_case("curve:customers")
    steps = list(sample_steps(case, Path("work"), 36))
    assert [step.kind for step in steps] == ["generate", "floor", "first"]
    assert steps[0].arguments[-2:] == ["--customers", "2000"]


def test_steps_that_need_an_environment_say_how_to_get_it():
    steps = {step.kind: step for step in sample_steps(Case("sample", 1.0), Path("work"), 36)}
    assert "spark-env" in steps["spark"].make
    assert steps["dlt"].program[0].endswith(".venv-bench/bin/python")


def test_the_month_held_back_comes_back_whole(tmp_path):
    table = tmp_path / "sample-1" / "extracts" / "ledger" / "invoices"
    table.mkdir(parents=True)
    names = ["2025-11.parquet", "2025-12.parquet", "2025-12-late.parquet"]
    for name in names:
        (table / name).write_text(name)
    steps = {step.kind: step for step in sample_steps(Case("sample", 1.0), tmp_path, 36)}
    steps["first"].prepare()
    assert [path.name for path in table.iterdir()] == names[:1]
    steps["month"].prepare()
    assert sorted(path.name for path in table.iterdir()) == sorted(names)


def test_the_real_ledger_has_no_month_to_hold_back():
    steps = list(ledger_steps(Path("work"), Path("extracts")))
    assert [step.kind for step in steps] == ["floor", "first", "nothing", "forced"]


def test_only_tests_of_dbt_count_as_checks(tmp_path):
    results = [("model.a.b", 5.0), ("test.a.c", 1.25), ("unit_test.a.d", 0.5), ("seed.a.e", 3.0)]
    content = {"results": [{"unique_id": i, "execution_time": t} for i, t in results]}
    path = tmp_path / "run_results.json"
    path.write_text(json.dumps(content))
    assert seconds_of_tests(path) == 1.75
