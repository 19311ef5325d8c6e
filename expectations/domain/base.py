"""Base of the expectations that are a query: no row of it may come back."""

from __future__ import annotations

from string import Template
from typing import Any, ClassVar

from great_expectations.compatibility import pydantic
from great_expectations.core.result_format import ResultFormat
from great_expectations.expectations import UnexpectedRowsExpectation
from great_expectations.render import LegacyDiagnosticRendererType, RenderedTableContent
from great_expectations.render.renderer.renderer import renderer
from great_expectations.validator.validator import ValidationDependencies

SHOWN_ROWS = 20

# Raw rows that count: those of files that were loaded and not replaced since.
CURRENT_FILES = """
    select file_id
    from raw_meta.extract_files
    where status = 'loaded' and source_name = '{source}' and table_name = '{table}'
"""


def current_rows(source: str, table: str, columns: str = "*") -> str:
    """Write the query of a raw table's current rows.

    Args:
        source: `ledger` or `crm`.
        table: Contract table.
        columns: Select list.

    Returns:
        A parenthesised query: rows of files whose status is `loaded` for that table.
    """
    files = CURRENT_FILES.format(source=source, table=table)
    return f"(select {columns} from raw_{source}.{table} where load_file_id in ({files}))"


class ExpectNoRowsFrom(UnexpectedRowsExpectation):
    """Expect a query written by a subclass to return no row.

    A subclass sets `query`, SQL with `{batch}` for the rows under test and `$name` for its own
    fields, or overrides `sql_for` where substitution does not suffice.

    Great Expectations runs such a query twice, once to count and once to fetch rows. Rows are
    wanted only of a failure, so the fetch is left out while only success is asked for.
    """

    unexpected_rows_query: str = ""
    query: ClassVar[str] = "select 1 from {batch} where false"

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query.

        Args:
            values: Fields of the expectation, by name.

        Returns:
            SQL with `{batch}` still in it.
        """
        return Template(cls.query).substitute(values)

    @pydantic.validator("unexpected_rows_query")
    def _validate_query(cls, query: str) -> str:  # noqa: N805 - pydantic's way
        # The inherited validator prints a line for each query without {batch}. Some of ours look
        # at all current rows on purpose.
        return query.strip()

    @pydantic.root_validator(pre=True)
    def _write_query(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 - pydantic's way
        defaults = {
            name: field.default for name, field in cls.__fields__.items() if name not in values
        }
        return {**values, "unexpected_rows_query": cls.sql_for({**defaults, **values})}

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def _diagnostic_unexpected_table_renderer(
        cls,
        configuration: Any = None,
        result: Any = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> list[Any] | None:
        # Under the inherited name, or both would be registered: the inherited one shows only the
        # number of rows that a query returned.
        rows = (((result and result.result) or {}).get("details") or {}).get("unexpected_rows")
        if not rows:
            return None
        return [
            RenderedTableContent(
                content_block_type="table",
                header_row=list(rows[0]),
                table=[[str(v) for v in row.values()] for row in rows[:SHOWN_ROWS]],
                styling={"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}},
            )
        ]

    def get_validation_dependencies(
        self, execution_engine: Any = None, runtime_configuration: dict[str, Any] | None = None
    ) -> ValidationDependencies:
        """Name the metrics the validation needs.

        Args:
            execution_engine: Engine that will compute them.
            runtime_configuration: Holds the result format asked for.

        Returns:
            The count alone while only success is asked for, else the count and the rows.
        """
        needed = super().get_validation_dependencies(execution_engine, runtime_configuration)
        if needed.result_format.get("result_format") == ResultFormat.BOOLEAN_ONLY:
            needed.remove_metric_configuration("unexpected_rows_query.table")
        return needed

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> Any:
        return super()._validate(
            {"unexpected_rows_query.table": [], **metrics}, runtime_configuration, execution_engine
        )
