"""Expectations on the loader's books: files, their records, and what became of them."""

from __future__ import annotations

from typing import Any, ClassVar

from expectations.contract_suites import contract
from expectations.domain.base import ExpectNoRowsFrom


class ExpectEveryLineAccountedFor(ExpectNoRowsFrom):
    """Expect loaded + refused = records in the file, for each file and table it feeds."""

    query: ClassVar[str] = """
        select
            file_name,
            source_name,
            table_name,
            line_count,
            loaded_count,
            rejected_count,
            line_count - loaded_count - rejected_count as unaccounted_count
        from {batch}
        where
            status <> 'refused'
            and (line_count <> loaded_count + rejected_count) is not false
        order by file_name asc, table_name asc
    """


class ExpectRefusedRowsToBeKept(ExpectNoRowsFrom):
    """Expect as many refused records to be kept, with a reason each, as the books count."""

    query: ClassVar[str] = """
        with refused as (
            select
                file_id,
                source_name,
                table_name,
                count(distinct line_number) as kept_count,
                count(*) filter (where reason is null or reason = '') as unexplained_count
            from raw_meta.rejected_rows
            group by file_id, source_name, table_name
        )

        select
            files.file_name,
            files.source_name,
            files.table_name,
            files.rejected_count,
            coalesce(refused.kept_count, 0) as kept_count,
            coalesce(refused.unexplained_count, 0) as unexplained_count
        from {batch} as files
        left join refused
            on
                files.file_id = refused.file_id
                and files.source_name = refused.source_name
                and files.table_name = refused.table_name
        where
            files.status <> 'refused'
            and (
                files.rejected_count <> coalesce(refused.kept_count, 0)
                or coalesce(refused.unexplained_count, 0) > 0
            )
        order by files.file_name asc
    """


class ExpectBooksToAgreeWithRawTables(ExpectNoRowsFrom):
    """Expect the loaded records of a file to stand in the raw tables, none missing, none invented.

    Counted in the raw tables, so that the books cannot vouch for themselves. A flat file feeds
    several tables and several of its records make one document: those tables hold fewer rows, but
    the one at the file's own grain holds a row per record.
    """

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query over every table of the contract.

        Args:
            values: Not used.

        Returns:
            SQL with one row per file and table that disagree.
        """
        counts = "\n            union all\n".join(
            f"            select '{t.source}' as source_name, '{t.name}' as table_name,"
            f" load_file_id as file_id, count(*) as row_count"
            f" from {t.relation} group by load_file_id"
            for t in contract().tables.values()
        )
        return f"""
            with raw_rows as (
{counts}
            ),

            compared as (
                select
                    files.file_id,
                    files.file_name,
                    files.source_name,
                    files.table_name,
                    files.loaded_count,
                    coalesce(raw_rows.row_count, 0) as row_count
                from {{batch}} as files
                left join raw_rows
                    on
                        files.file_id = raw_rows.file_id
                        and files.source_name = raw_rows.source_name
                        and files.table_name = raw_rows.table_name
                where files.status <> 'refused'
            ),

            by_file as (
                select
                    *,
                    bool_or(row_count = loaded_count) over (partition by file_id) as has_its_grain
                from compared
            )

            select file_name, source_name, table_name, loaded_count, row_count
            from by_file
            where
                row_count > loaded_count
                or (loaded_count > 0 and row_count = 0)
                or not has_its_grain
            order by file_name asc, table_name asc
        """


class ExpectOneCurrentFilePerPeriod(ExpectNoRowsFrom):
    """Expect at most one current file of a table for one period; lists without one may pile up."""

    query: ClassVar[str] = """
        select
            source_name,
            table_name,
            period_start,
            period_end,
            count(*) as file_count,
            min(file_name) as first_file,
            max(file_name) as last_file
        from raw_meta.extract_files
        where status = 'loaded' and period_start is not null
        group by source_name, table_name, period_start, period_end
        having count(*) > 1
    """


class ExpectRefusedShareToBeSmall(ExpectNoRowsFrom):
    """Expect the refused records of a file to stay below a share of its records."""

    tolerance: float
    query: ClassVar[str] = """
        select
            file_name,
            source_name,
            table_name,
            line_count,
            rejected_count,
            rejected_count / line_count as rejected_share
        from {batch}
        where line_count > 0 and rejected_count > $tolerance * line_count
        order by rejected_share desc
    """
