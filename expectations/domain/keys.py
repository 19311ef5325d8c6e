"""Expectations on keys and references: what identifies a row, and what a row may name."""

from __future__ import annotations

from typing import Any, ClassVar

from expectations.domain.base import CURRENT_FILES, ExpectNoRowsFrom, current_rows


class ExpectKeyToIdentifyRow(ExpectNoRowsFrom):
    """Expect the key to be unique.

    Great Expectations' own uniqueness runs a window function over the whole table and costs six
    times as much. Here equal 64-bit hashes are sought first, which needs little memory, and only
    rows that share a hash are compared by key: exact, since equal keys have equal hashes.
    """

    key: list[str]
    samples: list[str] = []  # noqa: RUF012 - a pydantic field, copied per instance

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query for the given key.

        Args:
            values: `key`, columns that identify a row, and `samples`, columns whose lowest and
                highest value help to find the rows.

        Returns:
            SQL with one row per key that occurs more than once.
        """
        key = ", ".join(values["key"])
        found = "".join(
            f", min({column}) as first_{column}, max({column}) as last_{column}"
            for column in values["samples"]
        )
        return f"""
            with tested as (
                select * from {{batch}}
            ),

            repeated as (
                select hash({key}) as key_hash
                from tested
                group by hash({key})
                having count(*) > 1
            )

            select {key}, count(*) as row_count{found}
            from tested
            where hash({key}) in (select key_hash from repeated)
            group by {key}
            having count(*) > 1
        """


class ExpectReferenceToBeKnown(ExpectNoRowsFrom):
    """Expect every filled value of a raw column to occur in a current row of another raw table.

    One row comes back per unknown value, with the number of rows that use it and the first place
    where it stands.
    """

    column: str
    target_source: str
    target_table: str
    target_column: str
    optional_target: bool = False

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query for the given reference.

        Args:
            values: Fields of this class.

        Returns:
            SQL with one row per unknown value.
        """
        column, target = values["column"], values["target_column"]
        known = current_rows(
            values["target_source"], values["target_table"], f"{target} as known_value"
        )
        # A table that was never delivered proves nothing about the values that name it.
        applies = f"and exists (select 1 from {known})" if values["optional_target"] else ""
        return f"""
            select
                {column},
                count(*) as row_count,
                min(load_file_id) as load_file_id,
                arg_min(load_line_number, load_file_id) as load_line_number
            from {{batch}}
            where
                {column} is not null
                and {column} not in (select known_value from {known} where known_value is not null)
                {applies}
            group by {column}
            order by row_count desc, {column} asc
        """


class ExpectRowsToBelongToFiles(ExpectNoRowsFrom):
    """Expect every raw row, current or not, to come from a file in the loader's books."""

    source: str
    table: str
    query: ClassVar[str] = """
        select load_file_id, count(*) as row_count, min(load_line_number) as load_line_number
        from raw_$source.$table
        where
            load_file_id is null
            or load_file_id not in (
                select file_id
                from raw_meta.extract_files
                where
                    source_name = '$source' and table_name = '$table' and file_id is not null
            )
        group by load_file_id
    """


class ExpectRequiredTableToHaveRows(ExpectNoRowsFrom):
    """Expect a required contract table to have current rows, whatever this batch delivered.

    Of a source that never delivered anything no table is required: a CRM without a ledger.
    """

    source: str
    table: str

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query for the given table.

        Args:
            values: `source` and `table`.

        Returns:
            SQL with one row where the table is empty.
        """
        source, table = values["source"], values["table"]
        files = CURRENT_FILES.format(source=source, table=table)
        return f"""
            select '{source}.{table}' as empty_table, (select count(*) from ({files})) as file_count
            where
                not exists (select 1 from {current_rows(source, table)})
                and exists (select 1 from raw_meta.extract_files where source_name = '{source}')
        """
