"""The count on the bytes is the proof that nothing was lost: it must agree with a CSV parser."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.loading.errors import FileProblem
from orchestration.loading.scan import ChunkCounter, Dialect, IrregularQuotes, walk_records

COMMA = Dialect(b",", b'"', b'"')
VALUES = st.text(alphabet='ab,"\n\r x', max_size=6)


def count(data: bytes, size: int, dialect: Dialect = COMMA):
    counter = ChunkCounter(dialect)
    for start in range(0, len(data), size):
        counter.feed(data[start : start + size])
    return counter.finish()


def walk(tmp: Path, data: bytes, dialect: Dialect = COMMA):
    path = tmp / "walk.csv"
    path.write_bytes(data)
    return list(walk_records(path, dialect, "walk.csv"))


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(VALUES, min_size=2, max_size=3), min_size=1, max_size=8),
    blanks=st.lists(st.booleans(), min_size=8, max_size=8),
    ending=st.sampled_from(["\n", "\r\n"]),
    size=st.integers(1, 50),
    last=st.booleans(),
)
def test_counts_agree_with_a_csv_parser(  # noqa: PLR0917 - one a generated part
    tmp_path_factory, rows, blanks, ending, size, last
):
    # A lone CR at a value's end or start would join the line ending; the loader refuses it apart.
    rows = [[value.replace("\r", "") for value in row] for row in rows]
    starts, text = [], ""
    for row, blank in zip(rows, blanks, strict=False):
        text += ending if blank else ""
        starts.append(text.count("\n") + 1)
        out = io.StringIO()
        csv.writer(out, lineterminator=ending, quoting=csv.QUOTE_ALL).writerow(row)
        text += out.getvalue()
    data = (text if last else text.removesuffix(ending)).encode()
    walked = walk(tmp_path_factory.mktemp("walk"), data)
    assert [line for _, line, _ in walked] == starts
    result = count(data, size)
    assert result.records == len(rows)
    shifts = dict(result.shifts)
    shift, lines = 0, []
    for number in range(len(rows)):
        shift = shifts.get(number, shift)
        lines.append(number + shift)
    assert lines == starts


@settings(max_examples=200, deadline=None)
@given(data=st.text(alphabet='a,"\n', max_size=40), size=st.integers(1, 20))
def test_counting_by_chunks_never_contradicts_the_exact_walk(tmp_path_factory, data, size):
    try:
        fast = count(data.encode(), size)
    except IrregularQuotes:
        return
    exact = walk(tmp_path_factory.mktemp("walk"), data.encode())
    assert fast.records == len(exact)


def test_a_quote_inside_an_unquoted_value_is_text(tmp_path):
    data = b'a,b\n1,5" pipe\n2,x\n'
    with pytest.raises(IrregularQuotes):
        count(data, 100)
    assert len(walk(tmp_path, data)) == 3


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'a,b\n1,x\n2,"open\n3,y\n', 3),
        (b'a,b\n1,"open\n2,"y"\n3,z\n', 2),
        (b'a,b\n1,"x" y\n2,z\n', 2),
    ],
)
def test_an_open_quote_is_named_by_the_line_it_opens_on(tmp_path, data, line):
    with pytest.raises(FileProblem, match=f"line {line}: the quote opened here"):
        walk(tmp_path, data)


def test_mixed_line_endings_are_found_where_they_begin():
    assert count(b"a,b\r\n1,2\r\n3,4\n5,6\r\n", 7).first_odd_line == 3
    assert count(b"a,b\n1,2\n3,4\r\n", 100).first_odd_line == 3
    assert count(b'a,b\r\n1,"x\ny"\r\n', 100).first_odd_line is None


def test_an_escaped_quote_needs_the_exact_walk(tmp_path):
    dialect = Dialect(b";", b'"', b"\\")
    with pytest.raises(IrregularQuotes):
        ChunkCounter(dialect)
    assert len(walk(tmp_path, b'a;b\n1;"x\\"\n;y"\n2;z\n', dialect)) == 3
