"""What MetricFlow's engine needs of a database: a read-only DuckDB file.

What the statements say is MetricFlow's business; where the file is, that of `release`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from metricflow.data_table.mf_table import MetricFlowDataTable
from metricflow.protocols.sql_client import SqlClient, SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderer
from metricflow_semantics.sql.sql_bind_parameters import SqlBindParameterSet

NO_PARAMETERS = SqlBindParameterSet()


class ReleaseClient(SqlClient):
    """Answers MetricFlow's statements from a DuckDB file, without the means to change it."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Args:
            path: DuckDB file of a release.

        Raises:
            duckdb.Error: The file cannot be opened.
        """
        self._connection = duckdb.connect(str(path), read_only=True)
        # Set afterwards: a connection opened with other settings could not stand beside this one.
        self._connection.execute("set autoinstall_known_extensions = false")

    @property
    def sql_engine_type(self) -> SqlEngine:
        """DuckDB."""
        return SqlEngine.DUCKDB

    @property
    def sql_plan_renderer(self) -> SqlPlanRenderer:
        """What writes a plan in DuckDB's dialect."""
        return DuckDbSqlPlanRenderer()

    def rows(self, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a select and return columns and rows as DuckDB hands them over.

        MetricFlow's own tables would turn exact amounts into floating-point numbers and days into
        times.

        Args:
            statement: The statement.

        Returns:
            Column names; rows of numbers, text, dates, booleans and None.

        Raises:
            duckdb.Error: The statement fails.
        """
        cursor = self._connection.execute(statement)
        return [column[0] for column in cursor.description or ()], cursor.fetchall()

    def query(
        self, stmt: str, sql_bind_parameter_set: SqlBindParameterSet = NO_PARAMETERS
    ) -> MetricFlowDataTable:
        """Run a select and return all its rows, in MetricFlow's types.

        Args:
            stmt: The statement.
            sql_bind_parameter_set: Values of its parameters; MetricFlow writes none for DuckDB.

        Raises:
            duckdb.Error: The statement fails.
        """
        cursor = self._connection.execute(stmt, dict(sql_bind_parameter_set.param_dict))
        return MetricFlowDataTable.create_from_rows(
            column_names=[column[0] for column in cursor.description or ()],
            rows=cursor.fetchall(),
        )

    def execute(
        self, stmt: str, sql_bind_parameter_set: SqlBindParameterSet = NO_PARAMETERS
    ) -> None:
        """Run a statement that returns nothing. One that writes fails: the file is read-only."""
        self._connection.execute(stmt, dict(sql_bind_parameter_set.param_dict))

    def dry_run(
        self, stmt: str, sql_bind_parameter_set: SqlBindParameterSet = NO_PARAMETERS
    ) -> None:
        """Plan a statement without running it; fails where it could not run."""
        self._connection.execute(f"explain {stmt}", dict(sql_bind_parameter_set.param_dict))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        """Return how a parameter is written in a statement."""
        return f"${bind_parameter_key}"
