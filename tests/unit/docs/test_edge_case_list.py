"""The list of edge cases names tests that exist, and leaves no case of its range out."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "edge-cases.md"
RANGES = ((1, 19), (29, 44), (51, 51), (56, 61))


def rows():
    lines = PAGE.read_text("utf-8").splitlines()
    return [line.strip("|").split("|") for line in lines if re.match(r"\| E\d\d ", line)]


def test_no_case_is_left_out():
    expected = [f"E{n:02}" for first, last in RANGES for n in range(first, last + 1)]
    assert [number.strip() for number, *_ in rows()] == expected


def test_every_case_is_held_by_tests_that_exist():
    units = {
        name
        for path in (ROOT / "models").rglob("*.yml")
        for name in re.findall(r"^  - name: (\w+__\w+)$", path.read_text("utf-8"), re.M)
    }
    data = {path.stem for path in (ROOT / "tests" / "dbt").rglob("*.sql")}
    python = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M)
    }
    for number, *_, held_by in rows():
        names = re.findall(r"`(\w+)`", held_by)
        assert names, number
        assert set(names) <= units | data | python, number
