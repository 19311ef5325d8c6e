"""The schema of a mapping file: how a company's extracts are written and what their columns mean.

docs/how-to/bring-your-own-extracts.md explains every key. Nothing here knows the contract's tables;
orchestration.loading.mapping checks a mapping against them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from orchestration.loading.contract import sql_type
from orchestration.loading.errors import ContractError
from orchestration.loading.file_format import FileFormat, Strict, Text, known_zone


class ColumnRule(Strict):
    """Where a contract column comes from: just one of from, constant, expression, generated."""

    from_: str | None = Field(default=None, alias="from", description="The file's column.")
    constant: Text | None = Field(
        default=None,
        description="The same value on every row, in contract notation (ISO dates, decimal point).",
    )
    expression: str | None = Field(
        default=None,
        description=(
            "SQL over the file's columns, each in double quotes; text unless `types` says "
            "otherwise."
        ),
    )
    generated: Literal["line_number"] | None = Field(
        default=None,
        description=(
            "line_number: number the lines of a document by their content, for files without "
            "a line number."
        ),
    )
    values: dict[Text, Text | None] | None = Field(
        default=None,
        description=(
            "The file's words and the contract's for them; words not listed stay as they are."
        ),
    )
    optional: bool = Field(
        default=False,
        description="True: a file without the column loads, with the contract column empty.",
    )
    pick: Literal["same", "latest", "earliest", "min", "max"] | None = Field(
        default=None,
        description=(
            "In a table split from a flat file, which record's value counts: same (all must "
            "agree; the default), latest or earliest by `latest_by`, min or max."
        ),
    )
    fallback: str | None = Field(
        default=None,
        description="In a table split from a flat file: SQL used where no record has a value.",
    )

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnRule:
        origins = [self.from_, self.constant, self.expression, self.generated]
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("needs exactly one of from, constant, expression and generated")
        if self.values and not self.from_:
            raise ValueError("values need from")
        return self


Rule = Annotated[
    ColumnRule, BeforeValidator(lambda value: {"from": value} if isinstance(value, str) else value)
]


class Tolerance(Strict):
    """Share of a file's lines that may be refused before the file is."""

    keys: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Lines refused for a key column or a repeated key.",
    )
    other: float = Field(
        default=0.001, ge=0, le=1, description="Lines refused for any other reason."
    )


class Negation(Strict):
    """Amounts that a file writes with the other sign, such as credit notes exported as positive."""

    when: str = Field(description="SQL condition over the file's columns.")
    columns: list[str] = Field(
        min_length=1,
        description="Contract columns whose sign is turned where it holds.",
    )


class _Feed(Strict):
    files: str = Field(default="*", description="File name pattern within the folder.")
    format: FileFormat = Field(
        default_factory=FileFormat.empty,
        description="How these files are written, where it differs.",
    )
    types: dict[str, str] = Field(
        default_factory=dict,
        description="Contract types of file columns, for use in expressions.",
    )
    ignore_columns: list[str] = Field(
        default_factory=list,
        description="File columns that are not wanted; '*' for every column without a rule.",
    )
    tolerance: Tolerance = Field(default_factory=Tolerance, description="How much may be refused.")
    exact_duplicates: Literal["keep", "drop"] | None = Field(
        default=None,
        description=(
            "Lines that repeat another of the file in every column; must be declared where "
            "line numbers are generated, and are dropped elsewhere."
        ),
    )
    allow_empty: bool = Field(
        default=False,
        description="True: a header without rows is a valid delivery of a required table.",
    )
    several_files_per_period: bool = Field(
        default=False,
        description=(
            "True: files of one period with different labels, such as one a branch, stand "
            "beside each other."
        ),
    )

    @field_validator("types")
    @classmethod
    def _known_types(cls, value: dict[str, str]) -> dict[str, str]:
        for data_type in value.values():
            try:
                sql_type(data_type)
            except ContractError as error:
                raise ValueError(str(error)) from error
        return value


class TableMapping(_Feed):
    """Files that each hold rows of one contract table."""

    folder: str | None = Field(
        default=None,
        description="Folder below the extracts; source/table unless given.",
    )
    columns: dict[str, Rule] = Field(
        default_factory=dict,
        description=(
            "Contract column: where it comes from. A column left out is read under its own name."
        ),
    )
    negate: list[Negation] = Field(default_factory=list, description="Signs to turn.")


class SplitTable(Strict):
    """One contract table fed by a flat file."""

    columns: dict[str, Rule] = Field(description="Contract column: where it comes from.")
    one_row_per_key: bool = Field(
        default=False,
        description=(
            "True: records with the same key make one row; a record with an empty key makes none."
        ),
    )
    negate: list[Negation] = Field(default_factory=list, description="Signs to turn.")


class FlatFile(_Feed):
    """Flat files whose records carry several contract tables at once."""

    folder: str = Field(
        description="Folder below the extracts; '.' for the extracts folder itself.",
    )
    latest_by: str | None = Field(
        default=None,
        description=(
            "File column that orders records for pick latest and earliest; needs a type in `types`."
        ),
    )
    tables: dict[str, SplitTable] = Field(
        min_length=1,
        description="source.table: how the records feed it.",
    )


class Mapping(Strict):
    """A mapping file."""

    version: Literal[1] = Field(description="Version of this schema.")
    name: str = Field(min_length=1, description="Short name of the company or system.")
    description: str = Field(
        default="", description="What the extracts are and where they come from."
    )
    business_time_zone: str = Field(
        default="UTC",
        description="Time zone that dates and timestamps are in, once loaded.",
    )
    complete_periods: bool = Field(
        default=False,
        description=(
            "True: a file vouches for its whole period. False: only for the days up to its "
            "last record or its delivery."
        ),
    )
    format: FileFormat = Field(
        default_factory=FileFormat.empty,
        description="How files are written unless a table says otherwise.",
    )
    tables: dict[str, TableMapping] = Field(
        default_factory=dict,
        description="source.table: how its files differ from the contract.",
    )
    flat_files: dict[str, FlatFile] = Field(
        default_factory=dict,
        description="Flat files to split, by a name of your choice.",
    )

    @field_validator("business_time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return known_zone(value) or value
