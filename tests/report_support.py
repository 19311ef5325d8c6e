"""What the tests of the report share: a tiny release made by hand, and a check of every number."""

import json
from datetime import date
from html.parser import HTMLParser

import duckdb

MONTH = date(2024, 3, 1)
KEYS = {
    "dim_months": ["reporting_month"],
    "dim_failure_types": ["failure_type_key"],
    "dim_causes": ["cause_key"],
    "dim_classes": ["scheme", "customer_class"],
    "dim_customers": ["customer_key"],
    "dim_competitors": ["competitor_key"],
    "dim_corrective_actions": ["action_key"],
    "fct_defections": ["customer_key", "episode_no"],
    "rpt_failure_frequency_month": ["failure_type_key", "reporting_month", "cut", "cut_value"],
    "rpt_failure_verdict": ["failure_type_key", "reporting_month"],
    "rpt_action_effect": ["action_key", "target_kind"],
    "rpt_failure_defection_effect": ["failure_type_key"],
    "rpt_churn_month": ["reporting_month"],
    "rpt_customer_bridge_month": ["reporting_month"],
    "rpt_cause_pareto": ["reporting_month", "cause_family_code"],
    "rpt_defection_controllability": ["reporting_month"],
    "rpt_data_coverage": ["reporting_month", "input"],
    "rpt_early_warning": ["customer_key"],
    "rpt_interview_queue": ["customer_key"],
    "rpt_investigation_progress": ["detected_quarter_month"],
}


def make_release(home, tables):
    """Publish tables, given as lists of rows, in a home; return the home."""
    build = home / "published" / "builds" / "0001-20240405T000000Z"
    build.mkdir(parents=True)
    (home / "published" / "current").symlink_to(build.relative_to(home / "published"))
    with duckdb.connect(str(build / "key_accounts.duckdb")) as connection:
        for name, rows in tables.items():
            columns = {column: _type(rows, column) for column in rows[0]}
            declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"create table {name} ({declared})")
            places = ", ".join("?" * len(columns))
            for row in rows:
                if any(value is not None for value in row.values()):
                    connection.execute(f"insert into {name} values ({places})", [*row.values()])
    manifest = {
        "release_id": build.name,
        "created_at": "2024-04-05T00:00:00Z",
        "as_of_month": "2024-03",
        "previous_release": None,
        "marts": {name: {"key": KEYS[name]} for name in tables},
    }
    (build / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return home


def _type(rows, column):
    value = next((row[column] for row in rows if row[column] is not None), "")
    kinds = {bool: "boolean", int: "bigint", float: "double", date: "date", str: "varchar"}
    return kinds[type(value)]


class Page(HTMLParser):
    """Numbers, rows of the appendix and addresses of a page."""

    def __init__(self, html):
        super().__init__()
        self.numbers, self.rows, self.addresses, self.ids = [], {}, [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id"))
        self.addresses += [given[name] for name in ("src", "href") if name in given]
        if tag == "data":
            self.numbers.append((given["data-row"], given["data-column"], given["value"]))
        if "data-mart" in given:
            self.rows[given["id"]] = (given["data-mart"], json.loads(given["data-key"]))


def assert_traceable(html, release):
    """Look every number of a page up in the release: one row, the same value."""
    page = Page(html)
    assert page.numbers
    with duckdb.connect(str(release), read_only=True) as connection:
        for number in set(page.numbers):
            row, column, shown = number
            mart, key = page.rows[row]
            where = " and ".join(f'"{name}" is not distinct from ?' for name in key) or "true"
            found = connection.execute(
                f"select {column} from {mart} where {where}", list(key.values())
            ).fetchall()
            assert len(found) == 1, (mart, key)
            value = found[0][0]
            assert ("" if value is None else str(value)) == shown, (mart, key, column)
    missing = [link for link in page.addresses if link.startswith("#") and link[1:] not in page.ids]
    assert not missing
    away = [link for link in page.addresses if not link.startswith(("#", "data:"))]
    assert not away
