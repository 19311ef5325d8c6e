"""The same facts in every format, encoding and dialect end in the same raw rows."""

import csv
import datetime as dt
import io
from decimal import Decimal

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from orchestration.loading import Contract, LoadError, Mapping, load_contract, load_extracts

ALONE = Contract({("ledger", "customers"): load_contract().table("ledger.customers")})
CUSTOMER_FILE = "ledger/customers/customers.csv"
LINE_FILE = "ledger/invoice_lines/2024-03.csv"
# Two bytes, four bytes (U+20000, U+1F600) and ASCII beside each other.
NAMES = ["华东机械有限公司", "𠀀王", 'Grüße, 12.5 "Zoll"', "zwei\nZeilen"]
LATIN = ["Müller & Söhne", 'Café, "Paris"', "plain", "zwei\nZeilen"]


def customers(names, delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["customer_code", "customer_name"])
    writer.writerows([chr(65 + index), name] for index, name in enumerate(names))
    return out.getvalue()


@pytest.mark.parametrize(
    ("encoding", "written", "names"),
    [
        ("utf-8", "utf-8", NAMES),
        ("utf-8", "utf-8-sig", NAMES),
        ("utf-16", "utf-16", NAMES),
        ("utf-16-le", "utf-16-le", NAMES),
        ("gb18030", "gb18030", NAMES),
        ("latin-1", "latin-1", LATIN),
        ("windows-1252", "cp1252", LATIN),
    ],
)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_encodings(house, encoding, written, names, ending):
    house.remove(CUSTOMER_FILE)
    house.put(CUSTOMER_FILE + ending, customers(names), written)
    house.load(tables={"ledger.customers": {"format": {"encoding": encoding}}})
    found = house.rows(
        "select customer_name, load_line_number from raw_ledger.customers order by customer_code"
    )
    assert found == [(name, line) for name, line in zip(names, [2, 3, 4, 5], strict=True)]


def test_gb18030_cut_in_the_middle_of_a_character(house):
    house.put(CUSTOMER_FILE, customers(NAMES[:2]).encode("gb18030")[:-2])
    with pytest.raises(LoadError, match=r"line 3, byte offset \d+: not gb18030 text"):
        house.load(tables={"ledger.customers": {"format": {"encoding": "gb18030"}}})


def test_a_chinese_company_exports_in_its_own_words(house):
    house.remove("ledger/invoices/2024-03.csv")
    house.put(
        "发票/2024-03.csv.gz",
        "公司发票清单\n单据号;客户;日期;类型;内部\n1;A;2024年3月5日;发票;是\n2;B;2024年3月6日;红字;否\n",
        "gb18030",
    )
    house.load(
        tables={
            "ledger.invoices": {
                "folder": "发票",
                "format": {
                    "encoding": "gb18030",
                    "delimiter": ";",
                    "skip_rows": 1,
                    "date_formats": ["%Y年%m月%d日"],
                },
                "columns": {
                    "document_no": "单据号",
                    "customer_code": "客户",
                    "document_date": "日期",
                    "document_type": {
                        "from": "类型",
                        "values": {"发票": "invoice", "红字": "credit_note"},
                    },
                    "currency": {"constant": "CNY"},
                    "order_no": {"expression": "case when \"内部\" = '是' then 'X' end"},
                },
            }
        }
    )
    assert house.rows(
        "select document_no, document_date, document_type, currency, order_no, load_line_number "
        "from raw_ledger.invoices order by 1"
    ) == [
        ("1", dt.date(2024, 3, 5), "invoice", "CNY", "X", 3),
        ("2", dt.date(2024, 3, 6), "credit_note", "CNY", None, 4),
    ]


def test_german_numbers_and_credit_notes_exported_as_positive(house):
    house.put(
        LINE_FILE,
        "Beleg|Pos|Art|Menge|Netto\n1|1|RE|2|1.210,50\n2|1|GU|1|3,25\n2|2|GU|1,5-|n/a\n",
    )
    house.load(
        tables={
            "ledger.invoice_lines": {
                "format": {
                    "delimiter": "|",
                    "quote": "",
                    "decimal_separator": ",",
                    "thousands_separator": ".",
                    "negative_style": "trailing",
                    "null_values": ["n/a"],
                },
                "columns": {
                    "document_no": "Beleg",
                    "line_no": "Pos",
                    "quantity": "Menge",
                    "net_amount": {"expression": "coalesce(\"Netto\", '0,00')"},
                },
                "negate": [{"when": "\"Art\" = 'GU'", "columns": ["quantity", "net_amount"]}],
            }
        }
    )
    assert house.rows(
        "select quantity, net_amount from raw_ledger.invoice_lines order by document_no, line_no"
    ) == [
        (Decimal("2"), Decimal("1210.5")),
        (Decimal("-1"), Decimal("-3.25")),
        (Decimal("1.5"), Decimal("0")),
    ]


def test_computed_columns_are_exact(house):
    house.put(LINE_FILE, "document_no,line_no,quantity,unit_price\n1,1,3,0.1\n")
    house.load(
        tables={
            "ledger.invoice_lines": {
                "types": {"quantity": "decimal(18,4)", "unit_price": "decimal(18,6)"},
                "columns": {"net_amount": {"expression": "quantity * unit_price"}},
            }
        }
    )
    assert house.rows("select net_amount from raw_ledger.invoice_lines") == [(Decimal("0.3"),)]


def test_parquet(house):
    house.remove(LINE_FILE)
    duckdb.sql(
        "copy (select * from (values ('1', 1, 2.0::double, 10.5::decimal(10,2)), "
        "('1', 2, 1.0, 3), ('2', 1, -1.0, -3.25)) as t(document_no, line_no, quantity, net_amount))"
        f" to '{house.extracts / 'ledger/invoice_lines/2024-03.parquet'}'"
    )
    report = house.load()
    assert next(f.line_count for f in report.files if f.table == "invoice_lines") == 3
    assert house.rows(
        "select line_no, quantity, net_amount, load_line_number from raw_ledger.invoice_lines "
        "order by load_line_number"
    ) == [
        (1, Decimal("2"), Decimal("10.5"), 2),
        (2, Decimal("1"), Decimal("3"), 3),
        (1, Decimal("-1"), Decimal("-3.25"), 4),
    ]


def test_a_damaged_parquet_file_is_refused(house):
    house.remove(LINE_FILE)
    house.put("ledger/invoice_lines/2024-03.parquet", b"PAR1 not really")
    with pytest.raises(LoadError, match=r"2024-03.parquet: cannot be read as parquet"):
        house.load()


TEXT = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs"]),
    min_size=1,
    max_size=12,
).filter(lambda value: value.strip() == value and value.strip(" \t\u00a0\u3000") == value)


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True)
@given(
    rows=st.lists(
        st.tuples(
            TEXT,
            st.one_of(st.none(), TEXT),
            st.one_of(st.none(), st.decimals(-(10**13), 10**13, places=4)),
            st.one_of(st.none(), st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[0],
    ),
    delimiter=st.sampled_from(",;|\t"),
    comma=st.booleans(),
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    blanks=st.integers(0, 2),
    order=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"]),
)
def test_typed_values_survive_any_dialect(  # noqa: PLR0917 - one a generated part
    tmp_path_factory, rows, delimiter, comma, ending, quoting, blanks, order
):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    names = ["customer_code", "customer_name", "credit_limit", "opened_on"]
    writer.writerow(names)
    lines = []
    for code, name, limit, opened in rows:
        out.write(ending * blanks)
        lines.append(out.getvalue().count("\n") + 1)
        number = "" if limit is None else f"{limit:f}"
        writer.writerow(
            [
                code,
                name if name is not None else "x",
                number.replace(".", ",") if comma else number,
                ""
                if opened is None
                else f"{opened.year:04d}".join(
                    opened.strftime(order.replace("%Y", "|")).split("|")
                ),
            ]
        )
    folder = tmp_path_factory.mktemp("extracts")
    (folder / "ledger/customers").mkdir(parents=True)
    (folder / CUSTOMER_FILE).write_bytes(out.getvalue().encode())
    file_format = {
        "delimiter": delimiter,
        "decimal_separator": "," if comma else ".",
        "date_formats": [order],
    }
    connection = duckdb.connect()
    load_extracts(
        connection,
        folder,
        Mapping.model_validate({"version": 1, "name": "test", "format": file_format}),
        ALONE,
    )
    assert connection.execute(
        "select customer_code, customer_name, credit_limit, opened_on, load_line_number "
        "from raw_ledger.customers order by load_line_number"
    ).fetchall() == [
        (code, name if name is not None else "x", limit, opened, line)
        for (code, name, limit, opened), line in zip(rows, lines, strict=True)
    ]


def test_lines_are_numbered_right_behind_blank_split_and_refused_lines(house):
    text = (
        "customer_code,customer_name\n"
        "A,Ann\n"
        "\n"
        'B,"Bob\nand\nsons"\n'
        "C\n"
        "D,Dee,x\n"
        '"E",Eve\n'
        "\n\n"
        "F\n"
        'G,"Gus\n"\n'
        "H,Hal\n"
    )
    house.put(CUSTOMER_FILE, text)
    report = house.load(tables={"ledger.customers": {"tolerance": {"other": 1}}})
    assert house.rows(
        "select customer_code, load_line_number from raw_ledger.customers order by 1"
    ) == [("A", 2), ("B", 4), ("E", 9), ("G", 13), ("H", 15)]
    assert house.rows("select line_number, value from raw_meta.rejected_rows order by 1") == [
        (7, "C"),
        (8, "D,Dee,x"),
        (12, "F"),
    ]
    result = next(entry for entry in report.files if entry.table == "customers")
    assert (result.line_count, result.loaded, result.rejected) == (8, 5, 3)
