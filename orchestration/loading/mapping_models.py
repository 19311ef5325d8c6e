"""The schema of a mapping file: how a company's extracts are written and what their columns mean.

docs/how-to/bring-your-own-extracts.md explains every key. Nothing here knows the contract's tables;
orchestration.loading.mapping checks a mapping against them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from orchestration.loading.contract import sql_type
from orchestration.loading.errors import ContractError
from orchestration.loading.transcode import ENCODINGS


def _zone(value: str | None) -> str | None:
    if value is not None:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"time zone {value!r} is not known; write it like Asia/Shanghai"
            ) from error
    return value


def _text(value: Any) -> Any:
    """Turn what YAML made of a bare word (true, 12, 1.5) back into text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_text)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FileFormat(_Strict):
    """How files are written. A key left out is taken from the level above."""

    encoding: str | None = Field(
        None,
        description=(
            "Encoding of text files; utf-8 (with or without byte order mark), utf-16, "
            "utf-16-le, utf-16-be, gb18030, latin-1 or windows-1252."
        ),
    )
    delimiter: str | None = Field(
        None,
        description="Character between values, such as ',', ';', '|' or a tab.",
    )
    quote: str | None = Field(
        None,
        description="Character around values; '' if the file quotes nothing.",
    )
    escape: str | None = Field(
        None,
        description=(
            "Character before a quote inside a quoted value; the quote itself unless given."
        ),
    )
    skip_rows: int | None = Field(
        None,
        ge=0,
        le=1000,
        description="Lines above the header, such as a report's title.",
    )
    sheet: str | None = Field(None, description="Excel sheet to read; the first unless given.")
    decimal_separator: Literal[".", ","] | None = Field(
        None,
        description="Decimal separator of numbers in text.",
    )
    thousands_separator: str | None = Field(
        None,
        description=(
            "Thousands separator of numbers in text: ',', '.', a space or an apostrophe; '' "
            "for none."
        ),
    )
    negative_style: Literal["leading", "trailing", "parentheses"] | None = Field(
        None,
        description="Where negative numbers carry their sign: -1.00, 1.00- or (1.00).",
    )
    excess_decimals: Literal["refuse", "round"] | None = Field(
        None,
        description="What to do with a number that has more decimals than the contract keeps.",
    )
    date_formats: list[str] | None = Field(
        None,
        description="Date formats tried in turn: iso, or a strptime pattern such as '%d.%m.%Y'.",
    )
    timestamp_formats: list[str] | None = Field(
        None,
        description="Timestamp formats tried in turn: iso, or a strptime pattern.",
    )
    time_zone: str | None = Field(
        None,
        description="Time zone of timestamps that name none; the business time zone unless given.",
    )
    null_values: list[Text] | None = Field(
        None,
        description="Texts that mean empty, besides the empty text.",
    )
    true_values: list[Text] | None = Field(None, description="Texts that mean true, any case.")
    false_values: list[Text] | None = Field(None, description="Texts that mean false, any case.")
    trim: bool | None = Field(None, description="Drop spaces around text.")
    mixed_line_endings: Literal["refuse", "accept"] | None = Field(
        None,
        description="What to do where CR LF and LF are mixed in one file.",
    )

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        if value is not None and value.lower() not in ENCODINGS:
            raise ValueError(f"encoding {value!r} is not known; use one of {', '.join(ENCODINGS)}")
        return value.lower() if value else value

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        if value is not None and (len(value) != 1 or not value.isascii() or value in "\r\n"):
            raise ValueError("must be one ASCII character")
        return value

    @field_validator("quote", "escape")
    @classmethod
    def _none_or_one(cls, value: str | None) -> str | None:
        return value if value in (None, "") else cls._one_character(value)

    @field_validator("thousands_separator")
    @classmethod
    def _known_thousands(cls, value: str | None) -> str | None:
        if value not in (None, "", ",", ".", " ", "'", "\u00a0", "\u202f"):
            raise ValueError("must be ',', '.', a space, an apostrophe or ''")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        return _zone(value)

    def over(self, base: FileFormat) -> FileFormat:
        """Return this format with its unset keys taken from ``base``."""
        return base.model_copy(update=self.model_dump(exclude_none=True))


DEFAULT_FORMAT = FileFormat(
    encoding="utf-8",
    delimiter=",",
    quote='"',
    skip_rows=0,
    decimal_separator=".",
    thousands_separator="",
    negative_style="leading",
    excess_decimals="refuse",
    date_formats=["iso"],
    timestamp_formats=["iso"],
    null_values=[],
    true_values=["true", "t", "yes", "y", "1", "是"],
    false_values=["false", "f", "no", "n", "0", "否"],
    trim=True,
    mixed_line_endings="refuse",
)
"""What holds where a mapping says nothing."""


class ColumnRule(_Strict):
    """Where one contract column comes from: exactly one of from, constant, expression, generated."""

    from_: str | None = Field(None, alias="from", description="The file's column.")
    constant: Text | None = Field(
        None,
        description="The same value on every row, in contract notation (ISO dates, decimal point).",
    )
    expression: str | None = Field(
        None,
        description=(
            "SQL over the file's columns, each in double quotes; text unless `types` says "
            "otherwise."
        ),
    )
    generated: Literal["line_number"] | None = Field(
        None,
        description=(
            "line_number: number the lines of a document by their content, for files without "
            "a line number."
        ),
    )
    values: dict[Text, Text | None] | None = Field(
        None,
        description=(
            "The file's words and the contract's for them; words not listed stay as they are."
        ),
    )
    optional: bool = Field(
        False,
        description="True: a file without the column loads, with the contract column empty.",
    )
    pick: Literal["same", "latest", "earliest", "min", "max"] | None = Field(
        None,
        description=(
            "In a table split from a flat file, which record's value counts: same (all must "
            "agree; the default), latest or earliest by `latest_by`, min or max."
        ),
    )
    fallback: str | None = Field(
        None,
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


class Tolerance(_Strict):
    """Share of a file's lines that may be refused before the file is."""

    keys: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Lines refused for a key column or a repeated key.",
    )
    other: float = Field(0.001, ge=0, le=1, description="Lines refused for any other reason.")


class Negation(_Strict):
    """Amounts that a file writes with the other sign, such as credit notes exported as positive."""

    when: str = Field(description="SQL condition over the file's columns.")
    columns: list[str] = Field(
        min_length=1,
        description="Contract columns whose sign is turned where it holds.",
    )


class _Feed(_Strict):
    files: str = Field("*", description="File name pattern within the folder.")
    format: FileFormat = Field(
        default_factory=FileFormat,
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
        None,
        description=(
            "Lines that repeat another of the file in every column; must be declared where "
            "line numbers are generated, and are dropped elsewhere."
        ),
    )
    allow_empty: bool = Field(
        False,
        description="True: a header without rows is a valid delivery of a required table.",
    )
    several_files_per_period: bool = Field(
        False,
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
        None,
        description="Folder below the extracts; source/table unless given.",
    )
    columns: dict[str, Rule] = Field(
        default_factory=dict,
        description=(
            "Contract column: where it comes from. A column left out is read under its own name."
        ),
    )
    negate: list[Negation] = Field(default_factory=list, description="Signs to turn.")


class SplitTable(_Strict):
    """One contract table fed by a flat file."""

    columns: dict[str, Rule] = Field(description="Contract column: where it comes from.")
    one_row_per_key: bool = Field(
        False,
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
        None,
        description=(
            "File column that orders records for pick latest and earliest; needs a type in `types`."
        ),
    )
    tables: dict[str, SplitTable] = Field(
        min_length=1,
        description="source.table: how the records feed it.",
    )


class Mapping(_Strict):
    """A mapping file."""

    version: Literal[1] = Field(description="Version of this schema.")
    name: str = Field(min_length=1, description="Short name of the company or system.")
    description: str = Field("", description="What the extracts are and where they come from.")
    business_time_zone: str = Field(
        "UTC",
        description="Time zone that dates and timestamps are in, once loaded.",
    )
    complete_periods: bool = Field(
        False,
        description=(
            "True: a file vouches for its whole period. False: only for the days up to its "
            "last record or its delivery."
        ),
    )
    format: FileFormat = Field(
        default_factory=FileFormat,
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
        return _zone(value) or value
