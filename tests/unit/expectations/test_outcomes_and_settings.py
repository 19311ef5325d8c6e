"""What a person reads of a failed check, and what may be set."""

from __future__ import annotations

import pytest

from expectations.outcomes import Outcome, blocking
from expectations.settings import Settings


def outcome(**changed: object) -> Outcome:
    given = {
        "check": "customer_code_known",
        "schema": "raw_ledger",
        "table": "invoices",
        "expectation": "expect_reference_to_be_known",
        "column": "customer_code",
        "severity": "critical",
        "passed": False,
        "error": None,
        "description": "Every customer_code in ledger.invoices stands in ledger.customers.",
        "action": "Deliver the customers list that holds the named codes.",
        "metrics": {"unexpected_count": 1200},
        "sample": [{"file_name": "2024-03.csv", "customer_code": "X9", "region": None}],
    }
    return Outcome(**{**given, **changed})


def test_message_names_table_count_row_and_remedy():
    assert outcome().message() == (
        "raw_ledger.invoices: customer_code_known failed (1,200 rows). "
        "Every customer_code in ledger.invoices stands in ledger.customers.\n"
        "  file_name=2024-03.csv, customer_code=X9\n"
        "  Deliver the customers list that holds the named codes."
    )


def test_message_of_a_check_that_could_not_run_says_why():
    text = outcome(error="no such table").message()
    assert "could not run: no such table" in text
    assert "Deliver the customers list" in text


@pytest.mark.parametrize(
    ("severity", "passed", "blocks"),
    [
        ("critical", False, True),
        ("critical", True, False),
        ("warning", False, False),
        ("info", False, False),
    ],
)
def test_only_failed_critical_checks_block(severity: str, passed: bool, blocks: bool):
    one = outcome(severity=severity, passed=passed)
    assert one.blocks is blocks
    assert blocking([one]) == ([one] if blocks else [])


def test_settings_refuse_what_they_do_not_know():
    with pytest.raises(ValueError, match="reporting_curency"):
        Settings.from_config({"reporting_curency": "EUR"})


@pytest.mark.parametrize(
    "config", [{"rejected_share_tolerance": 1.5}, {"threads": 0}, {"kept_runs": 0}]
)
def test_settings_refuse_values_out_of_range(config: dict[str, float]):
    with pytest.raises(ValueError, match=next(iter(config))):
        Settings.from_config(config)


def test_none_takes_the_default():
    assert Settings.from_config({"reporting_currency": None}) == Settings()
    assert Settings.from_config(None).connection_config == {"threads": "2", "memory_limit": "2GB"}
