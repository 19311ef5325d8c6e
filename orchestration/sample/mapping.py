"""extracts/mapping.yml: how the loader reads this company's files."""

from pathlib import Path
from typing import Any

import yaml

from orchestration.loading.contract import Contract, Table
from orchestration.sample.chinese import ENUM_VALUES, HEADERS, NO, YES
from orchestration.sample.parameters import Parameters
from orchestration.sample.writing import ENCODINGS

BUSINESS_TIME_ZONE = "Asia/Shanghai"


def write_mapping(extracts: Path, parameters: Parameters, contract: Contract) -> None:
    """Write the mapping of a sample.

    The English one only says that files vouch for whole months; the Chinese one translates
    encoding, dates, headers and values.

    Args:
        extracts: The extracts folder.
        parameters: Parameters of the sample.
        contract: The source contract.
    """
    document: dict[str, Any] = {
        "version": 1,
        "name": f"sample_{parameters.language}",
        "description": "The sample company. Written by the generator together with its extracts.",
        "business_time_zone": BUSINESS_TIME_ZONE,
        "complete_periods": True,
    }
    if parameters.language == "zh":
        document["format"] = {
            "encoding": ENCODINGS["zh"],
            "date_formats": ["%Y/%m/%d"],
            "timestamp_formats": ["%Y/%m/%d %H:%M:%S"],
            "true_values": [YES],
            "false_values": [NO],
        }
        document["tables"] = {
            table.label: {"columns": _columns(table)} for table in contract.tables.values()
        }
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    (extracts / "mapping.yml").write_text(text, encoding="utf-8")


def _columns(table: Table) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    for column in table.columns:
        values = {ENUM_VALUES[value]: value for value in column.allowed if value in ENUM_VALUES}
        header = HEADERS[column.name]
        rules[column.name] = {"from": header, "values": values} if values else header
    return rules
