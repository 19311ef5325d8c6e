"""How a company's files are written: encoding, dialect, numbers, dates. Part of a mapping."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from orchestration.loading.transcode import ENCODINGS


def known_zone(value: str | None) -> str | None:
    """Return a time zone's name; raises ValueError where there is no such zone."""
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


class Strict(BaseModel):
    """A part of a mapping file, which has no keys but its own."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FileFormat(Strict):
    """How files are written. A key left out is taken from the level above."""

    encoding: str | None = Field(
        default=None,
        description=(
            "Encoding of text files; utf-8 (with or without byte order mark), utf-16, "
            "utf-16-le, utf-16-be, gb18030, latin-1 or windows-1252."
        ),
    )
    delimiter: str | None = Field(
        default=None,
        description="Character between values, such as ',', ';', '|' or a tab.",
    )
    quote: str | None = Field(
        default=None,
        description="Character around values; '' if the file quotes nothing.",
    )
    escape: str | None = Field(
        default=None,
        description=(
            "Character before a quote inside a quoted value; the quote itself unless given."
        ),
    )
    skip_rows: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="Lines above the header, such as a report's title.",
    )
    sheet: str | None = Field(
        default=None, description="Excel sheet to read; the first unless given."
    )
    decimal_separator: Literal[".", ","] | None = Field(
        default=None,
        description="Decimal separator of numbers in text.",
    )
    thousands_separator: str | None = Field(
        default=None,
        description=(
            "Thousands separator of numbers in text: ',', '.', a space or an apostrophe; '' "
            "for none."
        ),
    )
    negative_style: Literal["leading", "trailing", "parentheses"] | None = Field(
        default=None,
        description="Where negative numbers carry their sign: -1.00, 1.00- or (1.00).",
    )
    excess_decimals: Literal["refuse", "round"] | None = Field(
        default=None,
        description="What to do with a number that has more decimals than the contract keeps.",
    )
    date_formats: list[str] | None = Field(
        default=None,
        description="Date formats tried in turn: iso, or a strptime pattern such as '%d.%m.%Y'.",
    )
    timestamp_formats: list[str] | None = Field(
        default=None,
        description="Timestamp formats tried in turn: iso, or a strptime pattern.",
    )
    time_zone: str | None = Field(
        default=None,
        description="Time zone of timestamps that name none; the business time zone unless given.",
    )
    null_values: list[Text] | None = Field(
        default=None,
        description="Texts that mean empty, besides the empty text.",
    )
    true_values: list[Text] | None = Field(
        default=None, description="Texts that mean true, any case."
    )
    false_values: list[Text] | None = Field(
        default=None, description="Texts that mean false, any case."
    )
    trim: bool | None = Field(default=None, description="Drop spaces around text.")
    mixed_line_endings: Literal["refuse", "accept"] | None = Field(
        default=None,
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
        return known_zone(value)

    @classmethod
    def empty(cls) -> FileFormat:
        """Return a format that sets nothing."""
        return cls()

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
