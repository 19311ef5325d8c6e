"""The how-to shows the schema as it is, and its examples are valid mappings."""

import re
from pathlib import Path

import yaml

from orchestration.loading.contract import load_contract
from orchestration.loading.mapping import Mapping, mapping_schema, resolve_feeds
from orchestration.loading.mapping_reference import reference_markdown

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "bring-your-own-extracts.md"


def test_the_reference_in_the_docs_is_the_schema():
    text = HOW_TO.read_text(encoding="utf-8")
    shown = text.split("<!-- reference -->\n")[1].split("<!-- end of reference -->")[0]
    assert shown.strip() == reference_markdown().strip(), (
        "Write it anew: python -m orchestration.loading.mapping_reference"
    )


def test_every_example_in_the_docs_is_a_valid_mapping():
    blocks = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 3
    for block in blocks:
        content = {"version": 1, "name": "example", **yaml.safe_load(block)}
        assert resolve_feeds(Mapping.model_validate(content), load_contract())


def test_the_json_schema_describes_every_key():
    schema = mapping_schema()
    for part in [schema, *schema["$defs"].values()]:
        for key, entry in part.get("properties", {}).items():
            assert entry.get("description"), key
