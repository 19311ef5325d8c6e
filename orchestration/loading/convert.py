"""SQL that turns what a file holds into contract types, or into NULL where it does not fit.

Nothing is rounded or guessed: a number with more decimals than the contract keeps, a date in
another order or a word where a number belongs gives NULL, and the caller refuses the row. Costs
were measured: casting text to wide decimals, or trimming every value by a list of characters, is 10
to 50 times slower than what is done here.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.loading.contract import decimal_size
from orchestration.loading.file_format import FileFormat

_FIRST_DAY, _LAST_DAY = "1900-01-01", "9999-12-31"
_SPACES = ("' '", "chr(9)", "chr(160)", "chr(12288)")  # space, tab, no-break, ideographic
_EXCEL_DIGITS = 15  # Excel computes with doubles and shows no more; longer texts are artefacts.


@dataclass(frozen=True)
class Reading:
    """How a file writes values: its format, the zone wanted, and whether it is an Excel sheet."""

    format: FileFormat
    business_time_zone: str
    is_excel: bool = False


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def clean_text(sql: str, file_format: FileFormat, *, only_blanks: bool = False) -> str:
    """Return SQL for a text without spaces around it, NULL where the file means empty.

    Args:
        sql: SQL of the text as read.
        file_format: Complete format.
        only_blanks: True to look for plain spaces alone, which is enough, and faster, where the
            text is turned into a number or a date.
    """
    spaces = _SPACES[:1] if only_blanks else _SPACES
    trimmed = sql
    if file_format.trim:
        # Looking at both ends first costs half of what trimming every value does.
        ends = " or ".join(
            f"starts_with({sql}, {space}) or ends_with({sql}, {space})" for space in spaces
        )
        trimmed = f"case when {ends} then trim({sql}, {' || '.join(_SPACES)}) else {sql} end"
    nulls = file_format.null_values or []
    if not nulls:
        return f"nullif({trimmed}, '')"
    listed = ", ".join(literal(value) for value in ["", *nulls])
    return f"case when {trimmed} in ({listed}) then null else {trimmed} end"


def text_to(data_type: str, sql: str, reading: Reading) -> str:  # noqa: PLR0911 - one a type
    """Return SQL that reads a text as a contract type, NULL where it does not fit.

    Args:
        data_type: Contract type.
        sql: SQL of a cleaned text.
        reading: How the file writes values.
    """
    size = decimal_size(data_type)
    if size:
        return _text_to_decimal(_number(sql, reading), *size, reading.format)
    if data_type == "bigint":
        number = _number(sql, reading)
        whole = f"try_cast({number} as bigint)"
        # The cast would round 1.5 and read 0x10: trust it only where the text is as long as the
        # number it gave, and look closely at the rest (007, +5, 12.0).
        return (
            f"case when strlen(cast({whole} as varchar)) = strlen({number}) then {whole} "
            f"when regexp_full_match({number}, '[+-]?[0-9]+(\\.0*)?') "
            f"then try_cast(split_part({number}, '.', 1) as bigint) end"
        )
    if data_type == "double":
        number = f"try_cast({_number(sql, reading)} as double)"
        return f"case when isfinite({number}) then {number} end"
    if data_type == "boolean":
        return _text_to_boolean(sql, reading.format)
    if data_type == "timestamp":
        return _in_range(_text_to_timestamp(sql, reading), "timestamp")
    if data_type == "date":
        return _in_range(_text_to_date(sql, reading), "date")
    return sql


def native_to(  # noqa: PLR0911 - one a pair of types
    data_type: str, sql: str, native: str, reading: Reading
) -> str:
    """Return SQL that brings a typed value to a contract type, NULL where it does not fit.

    Args:
        data_type: Contract type.
        sql: SQL of the value.
        native: Its DuckDB type, lower case.
        reading: How the file writes values.
    """
    if native == "varchar":
        return text_to(data_type, sql, reading)
    wanted = "varchar" if data_type == "string" else data_type
    if native == wanted:
        return sql
    if native == "timestamp with time zone" and data_type in ("date", "timestamp"):
        return f"cast(timezone({literal(reading.business_time_zone)}, {sql}) as {data_type})"
    if data_type in ("date", "timestamp"):
        fits = native == "date" or native.startswith("timestamp")
        return f"try_cast({sql} as {data_type})" if fits else "cast(null as " + data_type + ")"
    if decimal_size(data_type) or data_type == "bigint":
        cast = f"try_cast({sql} as {data_type})"
        if native in ("double", "float"):
            if reading.format.excess_decimals == "round" and decimal_size(data_type):
                return cast
            return f"case when cast({cast} as {native}) = {sql} then {cast} end"
        if reading.format.excess_decimals == "round" and decimal_size(data_type):
            return cast
        return f"case when {cast} = {sql} then {cast} end"
    return f"try_cast({sql} as {wanted})"


def misfit(data_type: str, reading: Reading) -> str:
    """Return, in words, what a value that did not fit should have been."""
    file_format = reading.format
    size = decimal_size(data_type)
    if size:
        return (
            f"is not a number of at most {size[0] - size[1]} digits before and {size[1]} after the "
            f"decimal separator '{file_format.decimal_separator}'"
        )
    if data_type == "date":
        return f"is not a date as {' or '.join(file_format.date_formats or [])} writes it"
    if data_type == "timestamp":
        return f"is not a timestamp as {' or '.join(file_format.timestamp_formats or [])} writes it"
    return {
        "bigint": "is not a whole number",
        "double": "is not a number",
        "boolean": "is neither true nor false",
    }.get(data_type, "does not fit")


def _number(sql: str, reading: Reading) -> str:
    """Return SQL for a number's text in plain notation: leading sign, decimal point, no groups."""
    file_format = reading.format
    number = sql
    if file_format.negative_style == "trailing":
        number = (
            f"case when ends_with({number}, '-') then '-' || trim(left({number}, -1)) "
            f"else {number} end"
        )
    elif file_format.negative_style == "parentheses":
        number = (
            f"case when starts_with({number}, '(') and ends_with({number}, ')') "
            f"then '-' || {number}[2:-2] else {number} end"
        )
    point, group = file_format.decimal_separator or ".", file_format.thousands_separator or ""
    if reading.is_excel:
        # Cells that hold numbers arrive in plain notation whatever the country.
        shorter = f"format('{{:.{_EXCEL_DIGITS}g}}', try_cast({number} as double))"
        plain = (
            f"case when length({number}) > {_EXCEL_DIGITS + 1} "
            f"and try_cast({number} as double) is not null then {shorter} else {number} end"
        )
        if point == "." and not group:
            return plain
        return (
            f"case when regexp_full_match({sql}, '-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?') "
            f"then {plain} else {_local_number(number, point, group)} end"
        )
    if point == "." and not group:
        return number
    return _local_number(number, point, group)


def _local_number(number: str, point: str, group: str) -> str:
    dot = "\\." if point == "." else point
    if not group:
        return (
            f"case when strpos({number}, '.') = 0 then replace({number}, {literal(point)}, '.') end"
        )
    mark = {".": "\\.", "'": "''"}.get(group, group)
    pattern = f"[+-]?([0-9]{{1,3}}({mark}[0-9]{{3}})+|[0-9]+)({dot}[0-9]*)?"
    bare = f"replace({number}, {literal(group)}, '')"
    plain = bare if point == "." else f"replace({bare}, {literal(point)}, '.')"
    return f"case when regexp_full_match({number}, '{pattern}') then {plain} end"


def _text_to_decimal(number: str, precision: int, scale: int, file_format: FileFormat) -> str:
    cast = f"try_cast({number} as decimal({precision},{scale}))"
    if file_format.excess_decimals == "round":
        return cast
    # The cast would round. Zeros at the end are no loss; an exponent is compared as a double.
    decimals = f"strlen({number}) - strpos({number}, '.')"
    odd = " or ".join(f"strpos({number}, '{sign}') > 0" for sign in "eE_")
    return (
        f"case when (strpos({number}, '.') > 0 and {decimals} > {scale}) or {odd} "
        f"then case when strpos({number}, '_') > 0 then null "
        f"when strpos(lower({number}), 'e') > 0 then "
        f"case when cast({cast} as double) = try_cast({number} as double) then {cast} end "
        f"when strlen(rtrim({number}, '0')) - strpos({number}, '.') <= {scale} then {cast} end "
        f"else {cast} end"
    )


def _text_to_boolean(sql: str, file_format: FileFormat) -> str:
    lists = [
        ", ".join(literal(value.lower()) for value in values or ["true"])
        for values in (file_format.true_values, file_format.false_values)
    ]
    return (
        f"case when lower({sql}) in ({lists[0]}) then true "
        f"when lower({sql}) in ({lists[1]}) then false end"
    )


def _text_to_date(sql: str, reading: Reading) -> str:
    choices = []
    for pattern in reading.format.date_formats or []:
        if pattern == "iso":
            stamp = _iso_timestamp(sql, reading)
            choices.append(
                f"case when length({sql}) <= 10 then try_cast({sql} as date) "
                f"else cast({stamp} as date) end"
            )
        else:
            choices.append(f"cast(try_strptime({sql}, {literal(pattern)}) as date)")
    return _serial_or(sql, choices, reading, "date")


def _text_to_timestamp(sql: str, reading: Reading) -> str:
    choices = [
        _iso_timestamp(sql, reading)
        if pattern == "iso"
        else _to_business(f"try_strptime({sql}, {literal(pattern)})", reading)
        for pattern in reading.format.timestamp_formats or []
    ]
    return _serial_or(sql, choices, reading, "timestamp")


def _iso_timestamp(sql: str, reading: Reading) -> str:
    zone = literal(reading.business_time_zone)
    local = _to_business(f"try_cast({sql} as timestamp)", reading)
    return (
        f"case when length({sql}) > 16 and "
        f"regexp_matches({sql}, ':[0-9.]+ ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$') "
        f"then timezone({zone}, try_cast({sql} as timestamptz)) else {local} end"
    )


def _to_business(sql: str, reading: Reading) -> str:
    origin = reading.format.time_zone or reading.business_time_zone
    if origin == reading.business_time_zone:
        return sql
    return f"timezone({literal(reading.business_time_zone)}, timezone({literal(origin)}, {sql}))"


def _serial_or(sql: str, choices: list[str], reading: Reading, data_type: str) -> str:
    """Return the first choice that reads the text; an Excel day number comes before them all."""
    chosen = choices[0] if len(choices) == 1 else f"coalesce({', '.join(choices)})"
    if not reading.is_excel:
        return chosen
    # Days since 1899-12-30, which is right from 1900-03-01 on; fractions are times of day.
    stamp = (
        "timestamp '1899-12-30' + to_milliseconds("
        f"cast(round(try_cast({sql} as double) * 86400000) as bigint))"
    )
    return (
        f"case when regexp_full_match({sql}, '[0-9]{{1,7}}(\\.[0-9]+)?') "
        f"then cast({stamp} as {data_type}) else {chosen} end"
    )


def _in_range(sql: str, data_type: str) -> str:
    return (
        f"case when {sql} between {data_type} '{_FIRST_DAY}' and "
        f"{data_type} '{_LAST_DAY}{'' if data_type == 'date' else ' 23:59:59.999999'}' "
        f"then {sql} end"
    )
