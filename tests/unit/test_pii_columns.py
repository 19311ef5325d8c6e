"""No personal data in the marts: neither under its own name nor under another."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

MODELS = Path(__file__).parents[2] / "models"


def yaml_columns(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every documented column below a folder, with the table or model that has it."""
    for path in sorted(folder.rglob("*.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        tables = list(document.get("models", []))
        for source in document.get("sources", []):
            tables += source["tables"]
        for table in tables:
            for column in table.get("columns", []):
                yield table["name"], column


def is_personal(column: dict[str, Any]) -> bool:
    tags = [*column.get("tags", []), *column.get("config", {}).get("tags", [])]
    return "pii" in tags


def personal_columns(folder: Path) -> set[str]:
    return {column["name"] for _, column in yaml_columns(folder) if is_personal(column)}


def code_of(sql: str) -> str:
    """SQL without its comments and text literals, where a word may stand that is no column."""
    without_jinja_comments = re.sub(r"\{#.*?#\}", "", sql, flags=re.DOTALL)
    without_comments = re.sub(r"--[^\n]*", "", without_jinja_comments)
    return re.sub(r"'[^']*'", "''", without_comments)


def leaks(models: Path, personal: set[str]) -> list[str]:
    """Places in marts/ that carry or read a personal column, and in intermediate/ that read one."""
    found = [
        f"{table}.{column['name']} is documented"
        for table, column in yaml_columns(models / "marts")
        if column["name"] in personal or is_personal(column)
    ]
    pattern = re.compile(r"\b(" + "|".join(sorted(personal)) + r")\b")
    for folder in ("intermediate", "marts"):
        for path in sorted((models / folder).rglob("*.sql")):
            words = sorted(set(pattern.findall(code_of(path.read_text(encoding="utf-8")))))
            found += [f"{path.stem} reads {word}" for word in words]
    return found


def test_the_contract_tags_names_addresses_and_free_text() -> None:
    assert personal_columns(MODELS) >= {"full_name", "email", "phone", "birthday", "note"}


def test_staging_keeps_the_tags_of_the_contract() -> None:
    contract = {
        (f"stg_{path.name}__{table}", column["name"])
        for path in (MODELS / "staging" / "ledger", MODELS / "staging" / "crm")
        for table, column in yaml_columns(path)
        if is_personal(column) and not table.startswith("stg_")
    }
    staged = {
        (table, column["name"])
        for table, column in yaml_columns(MODELS / "staging")
        if is_personal(column)
    }
    assert contract
    assert contract <= staged


def test_no_personal_column_reaches_a_mart() -> None:
    assert leaks(MODELS, personal_columns(MODELS)) == []


def test_every_mart_documents_its_columns() -> None:
    """By contract the documented columns are the real ones; a mart without YAML could hide one."""
    documented = {table for table, _ in yaml_columns(MODELS / "marts")}
    marts = {path.stem for path in (MODELS / "marts").rglob("*.sql")}
    assert marts
    assert marts <= documented


def test_a_leak_is_found_under_its_own_name_and_under_another(tmp_path: Path) -> None:
    marts = tmp_path / "marts"
    (tmp_path / "intermediate").mkdir()
    marts.mkdir()
    (marts / "dim_people.yml").write_text(
        "models: [{name: dim_people, columns: [{name: email}, {name: team}]}]", encoding="utf-8"
    )
    (marts / "dim_people.sql").write_text(
        "-- a phone is no matter here\nselect full_name as label, 'birthday' as kind from people",
        encoding="utf-8",
    )
    assert leaks(tmp_path, {"email", "full_name", "phone", "birthday"}) == [
        "dim_people.email is documented",
        "dim_people reads full_name",
    ]
