import pytest

from orchestration.loading.contract import load_contract
from orchestration.loading.errors import MappingError
from orchestration.loading.mapping import Mapping, load_mapping, resolve_feeds

CONTRACT = load_contract()


def problems_of(**content):
    with pytest.raises(MappingError) as caught:
        resolve_feeds(Mapping.model_validate({"version": 1, "name": "m", **content}), CONTRACT)
    return str(caught.value)


def write(tmp_path, text):
    path = tmp_path / "acme.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["contract", "online_retail"])
def test_shipped_mappings_are_valid(name):
    assert resolve_feeds(load_mapping(name), CONTRACT)


def test_the_contract_mapping_covers_every_table():
    feeds = resolve_feeds(load_mapping("contract"), CONTRACT)
    assert {feed.folder for feed in feeds} == {
        f"{source}/{table}" for source, table in CONTRACT.tables
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "version: 1\nname: a\nformat: {encodng: utf-8}\n",
            "format.encodng: this key is not known",
        ),
        ("version: 1\nname: a\nformat: {encoding: windows-936}\n", "encoding 'windows-936' is not"),
        ("version: 1\n", "name: this key is missing"),
        ("version: 2\nname: a\n", "version"),
        ("version: 1\nname: a\nbusiness_time_zone: Mars\n", "time zone 'Mars' is not known"),
        ("version: 1\nname: a\nformat: {delimiter: '||'}\n", "must be one ASCII character"),
        ("version: [1\n", "is not valid YAML"),
        ("just text\n", "must start with `version: 1`"),
        (
            "version: 1\nname: a\ntables: {ledger.invoices: {columns: {currency: {from: a, "
            "constant: b}}}}\n",
            "exactly one of from, constant, expression and generated",
        ),
    ],
)
def test_errors_name_file_key_and_remedy(tmp_path, text, expected):
    with pytest.raises(MappingError) as caught:
        load_mapping(write(tmp_path, text))
    assert "acme.yml" in str(caught.value)
    assert expected in str(caught.value)


def test_a_missing_mapping_lists_those_that_ship():
    with pytest.raises(MappingError, match=r"contract, online_retail"):
        load_mapping("nowhere")


def test_names_are_checked_against_the_contract():
    assert "The nearest is ledger.invoices" in problems_of(tables={"ledger.invoice": {}})
    told = problems_of(tables={"ledger.invoices": {"columns": {"documnt_no": "Beleg"}}})
    assert "no column documnt_no in this table. The nearest is document_no" in told


def test_generated_lines_need_a_word_on_duplicates():
    told = problems_of(
        tables={"ledger.invoice_lines": {"columns": {"line_no": {"generated": "line_number"}}}}
    )
    assert "exact_duplicates: keep" in told


def test_bare_yaml_words_stay_text(tmp_path):
    mapping = load_mapping(
        write(
            tmp_path,
            "version: 1\nname: a\ntables:\n  ledger.customers:\n    columns:\n"
            "      is_internal: {from: 内部, values: {yes: true, no: false, 1: true, 0: null}}\n",
        )
    )
    rule = mapping.tables["ledger.customers"].columns["is_internal"]
    assert rule.values == {"yes": "true", "no": "false", "1": "true", "0": None}


def test_the_hash_follows_what_decides_the_reading_alone():
    def digest(**settings):
        mapping = Mapping.model_validate(
            {"version": 1, "name": "m", "tables": {"ledger.invoices": settings}}
        )
        feeds = resolve_feeds(mapping, CONTRACT)
        return next(feed.mapping_hash for feed in feeds if feed.name == "ledger.invoices")

    assert digest() == digest(folder="elsewhere") == digest(tolerance={"other": 0.5})
    assert digest() != digest(format={"decimal_separator": ","})


def test_duplicates_of_keyed_rows_cannot_be_kept():
    told = problems_of(tables={"ledger.invoices": {"exact_duplicates": "keep"}})
    assert "rows have a key of their own" in told


def test_the_latest_record_needs_a_date_to_tell_it():
    table = {
        "one_row_per_key": True,
        "columns": {"customer_code": "c", "customer_name": {"from": "n", "pick": "latest"}},
    }
    told = problems_of(flat_files={"lines": {"folder": ".", "tables": {"ledger.customers": table}}})
    assert "pick of ledger.customers.customer_name needs latest_by" in told
