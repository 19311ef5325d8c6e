"""The SQLAlchemy dialect `duckdb+checks`, through which Great Expectations reaches DuckDB.

Great Expectations does not know DuckDB. Nothing of it is patched; the dialect differs from
duckdb-sqlalchemy's in three points, each found by experiment:

* Great Expectations looks at `engine.dialect.dialect` to choose its SQL for regular expressions.
  Pointing it at PostgreSQL's dialect makes it write `~`, which the compiler below turns into
  `regexp_matches`. DuckDB's own `~` matches whole strings: "no value contains mail" would silently
  pass.
* Connections carry exactly the configuration they are given. DuckDB refuses two connections of one
  process to one file with different configurations, and duckdb-sqlalchemy adds a user agent.
* The file is opened read-only unless a test says otherwise.

`ENGINE_ARGUMENTS` belong to it: Great Expectations reads rows after it has closed the connection,
and the rollback on closing discards them. In autocommit without that rollback they survive.
"""

from __future__ import annotations

from typing import Any

import duckdb
from duckdb_sqlalchemy import ConnectionWrapper, Dialect
from sqlalchemy.dialects import postgresql, registry

URL_SCHEME = "duckdb+checks"
ENGINE_ARGUMENTS: dict[str, Any] = {
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
}
PARTIAL_MATCH = {"~": "regexp_matches({0}, {1})", "!~": "not regexp_matches({0}, {1})"}


BaseCompiler: Any = Dialect.statement_compiler


class RegexCompiler(BaseCompiler):
    """Writes PostgreSQL's `~` as DuckDB's `regexp_matches`, which matches parts of strings."""

    def visit_custom_op_binary(self, element: Any, operator: Any, **options: Any) -> str:
        """Compile one binary operator.

        Args:
            element: The SQLAlchemy expression.
            operator: Its operator.
            **options: Passed on to the compiler.

        Returns:
            SQL text.
        """
        pattern = PARTIAL_MATCH.get(operator.opstring)
        if pattern is None:
            return str(super().visit_custom_op_binary(element, operator, **options))
        return pattern.format(
            self.process(element.left, **options), self.process(element.right, **options)
        )


class ChecksDialect(Dialect):
    """DuckDB as Great Expectations needs it."""

    statement_compiler = RegexCompiler
    supports_statement_cache = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set the attribute by which Great Expectations chooses its SQL.

        Args:
            *args: Passed on.
            **kwargs: Passed on.
        """
        super().__init__(*args, **kwargs)
        # On the instance: create_engine() would follow a class attribute and want psycopg2.
        self.dialect = postgresql.dialect

    def connect(self, *args: Any, **parameters: Any) -> Any:
        """Open the file read-only with the given configuration and nothing else.

        Args:
            *args: Path of the file, where it comes by position.
            **parameters: `database`, `config` and `read_only` (default True).

        Returns:
            The connection, as duckdb-sqlalchemy wraps it.
        """
        database = args[0] if args else parameters["database"]
        connection = duckdb.connect(
            database,
            read_only=bool(parameters.get("read_only", True)),
            config=dict(parameters.get("config") or {}),
        )
        return ConnectionWrapper(connection)


def register() -> None:
    """Make the URL scheme known to SQLAlchemy; safe to repeat."""
    registry.register(URL_SCHEME.replace("+", "."), __name__, ChecksDialect.__name__)
