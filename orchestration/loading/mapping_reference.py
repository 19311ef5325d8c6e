"""Writes the reference of a mapping file from its schema: Markdown tables, or JSON schema.

``python -m orchestration.loading.mapping_reference`` prints the tables that stand in
docs/how-to/bring-your-own-extracts.md; ``--json-schema`` prints the schema for an editor.
"""

from __future__ import annotations

import json
import sys
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from orchestration.loading.file_format import DEFAULT_FORMAT, FileFormat
from orchestration.loading.mapping import mapping_schema
from orchestration.loading.mapping_models import (
    ColumnRule,
    FlatFile,
    Mapping,
    Negation,
    SplitTable,
    TableMapping,
    Tolerance,
)

_PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("The file", Mapping),
    ("`format`", FileFormat),
    ("An entry of `tables`", TableMapping),
    ("A column rule", ColumnRule),
    ("`tolerance`", Tolerance),
    ("An entry of `negate`", Negation),
    ("An entry of `flat_files`", FlatFile),
    ("An entry of a flat file's `tables`", SplitTable),
)
_WORDS = {str: "text", bool: "true or false", int: "whole number", float: "number"}


def reference_markdown() -> str:
    """Return the reference: one heading and table for each part of a mapping file."""
    sections = []
    for title, model in _PARTS:
        rows = [
            f"| `{field.alias or name}` | {_type(field.annotation)} "
            f"| {_default(model, name, field)} "
            f"| {_cell(field.description or '')} |"
            for name, field in model.model_fields.items()
        ]
        head = [f"### {title}", "", "| key | value | unless given | meaning |", "|---|---|---|---|"]
        sections.append("\n".join([*head, *rows]))
    return "\n\n".join(sections) + "\n"


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _cell(" or ".join(f"`{value}`" for value in arguments))
    if origin in (Union, types.UnionType):
        return _type(next(argument for argument in arguments if argument is not type(None)))
    if origin is dict:
        return f"{_type(arguments[0])}: {_type(arguments[1])}"
    if origin in (Annotated, list):
        return ("list of " if origin is list else "") + _type(arguments[0])
    titles = {model: title.lower() for title, model in _PARTS}
    named = {**_WORDS, **titles, ColumnRule: "a column's name, or a column rule"}
    return named[annotation]


def _default(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    value = getattr(DEFAULT_FORMAT, name) if model is FileFormat else field.default
    if field.is_required():
        return "required"
    if value is PydanticUndefined or value in (None, [], ""):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return _cell(f"`{', '.join(value) if isinstance(value, list) else value}`")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> None:
    """Print the reference."""
    if arguments == ["--json-schema"]:
        sys.stdout.write(json.dumps(mapping_schema(), indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(reference_markdown())


if __name__ == "__main__":
    main(sys.argv[1:])
