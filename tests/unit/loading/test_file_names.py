import itertools
from datetime import date

import pytest

from orchestration.loading.errors import FileProblem
from orchestration.loading.file_names import is_later, parse_file_name


@pytest.mark.parametrize(
    ("name", "start", "end", "version", "delivered"),
    [
        ("2024-03.csv.gz", date(2024, 3, 1), date(2024, 4, 1), 1, None),
        ("202412.parquet", date(2024, 12, 1), date(2025, 1, 1), 1, None),
        ("invoices_2024-03.v2.csv", date(2024, 3, 1), date(2024, 4, 1), 2, None),
        (
            "2024-03.corrected-delivered-2024-05-04.csv.gz",
            date(2024, 3, 1),
            date(2024, 4, 1),
            2,
            date(2024, 5, 4),
        ),
        (
            "2024-03_delivered-2024-05-04.xlsx",
            date(2024, 3, 1),
            date(2024, 4, 1),
            1,
            date(2024, 5, 4),
        ),
        ("customers_2024-03-31.csv", date(2024, 3, 31), date(2024, 4, 1), 1, None),
        ("customers.csv", None, None, 1, None),
        ("customers.r3.csv", None, None, 3, None),
        ("customers.delivered-2024-05-04.csv", None, None, 1, date(2024, 5, 4)),
        ("发票2024-03.csv", date(2024, 3, 1), date(2024, 4, 1), 1, None),
    ],
)
def test_names_are_understood(name, start, end, version, delivered):
    parsed = parse_file_name(f"ledger/invoices/{name}")
    assert (parsed.period_start, parsed.period_end) == (start, end)
    assert (parsed.version, parsed.delivered_on) == (version, delivered)


@pytest.mark.parametrize("name", ["2024-03.final.csv", "2024-03 (1).csv", "2024-03.korrigiert.csv"])
def test_an_unknown_mark_is_refused(name):
    with pytest.raises(FileProblem, match="after the period is not understood"):
        parse_file_name(name)


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(FileProblem, match="is not a date"):
        parse_file_name("2024-02-31.csv")


def test_revisions_are_ordered_and_their_text_sorts_the_same_way():
    names = [
        "2024-03.csv",
        "2024-03.corrected-delivered-2024-05-04.csv",
        "2024-03.v3.csv",
        "2024-03.v10.csv",
    ]
    parsed = [parse_file_name(name) for name in names]
    for earlier, later in itertools.combinations(parsed, 2):
        assert is_later(later, earlier) is True
        assert is_later(earlier, later) is False
    assert [entry.revision for entry in parsed] == sorted(entry.revision for entry in parsed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024-03.csv", "2024-03.csv.gz"),
        ("2024-03.corrected.csv", "2024-03.v2.csv"),
        ("2024-03.v3-delivered-2024-05-01.csv", "2024-03.v2-delivered-2024-06-01.csv"),
    ],
)
def test_names_that_contradict_each_other_give_no_order(one, other):
    assert is_later(parse_file_name(one), parse_file_name(other)) is None
