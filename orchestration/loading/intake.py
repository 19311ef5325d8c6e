"""Takes one file in: reads it into a temporary table, checks every row, writes the raw rows.

The temporary tables are the session's own; nothing reaches the raw tables before `write_rows`,
which the caller runs within the file's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.loading.convert import literal
from orchestration.loading.errors import FileProblem
from orchestration.loading.line_numbers import INCOMING, LINES, REFUSALS, SHIFTS, number_lines
from orchestration.loading.mapping import Feed, Target
from orchestration.loading.plan import Plan
from orchestration.loading.raw_rows import RowWriter, generated_column
from orchestration.loading.readers import OpenFile, drop_rejects
from orchestration.loading.row_checks import MAX_VALUE


@dataclass
class Intake:
    """What one file holds, after every check.

    Attributes:
        line_count: Data records in the file, counted apart from the reader.
        rejected_count: Records refused.
        key_rejects: Records refused for a key column or a repeated key.
        other_rejects: Records refused for another reason; those dropped by policy are not counted.
        duplicate_count: Records that repeat another one exactly.
        first_day: Earliest day of the period column, or None.
        last_day: Latest day of the period column, or None.
    """

    line_count: int = 0
    rejected_count: int = 0
    key_rejects: int = 0
    other_rejects: int = 0
    duplicate_count: int = 0
    first_day: date | None = None
    last_day: date | None = None


class FileIntake:
    """One file on its way in."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        feed: Feed,
        plan: Plan,
        opened: OpenFile,
        label: str,
    ) -> None:
        """Keep what is needed; nothing is read yet."""
        self.connection = connection
        self.feed = feed
        self.plan = plan
        self.opened = opened
        self.label = label
        self.result = Intake(line_count=opened.record_count)

    def read(self) -> Intake:
        """Read and check the file.

        Returns:
            Counts and the days covered.

        Raises:
            FileProblem: If records accepted and refused do not add up to the records of the file.
        """
        self.discard()
        run = self.connection.execute
        run(
            f"create temp table {REFUSALS} (record bigint, line bigint, column_name varchar, "
            "value varchar, reason varchar, is_key boolean, is_policy boolean)"
        )
        try:
            run(f"create temp table {INCOMING} as {self.plan.select}")
        except duckdb.Error as error:
            raise FileProblem(
                f"{self.label}: cannot be read: {str(error).splitlines()[0]}. Check delimiter, "
                "quote and encoding in the mapping's format, or export the file again."
            ) from error
        number_lines(self.connection, self.opened, self.label)
        self._prove_count()
        run(
            f"insert into {REFUSALS} select record, line, problem.column_name, problem.value, "
            f"problem.reason, problem.is_key, false from (select record, line, "
            f"unnest(problems) as problem from {LINES} where problems is not null)"
        )
        for number, target in enumerate(self.feed.targets):
            if target.one_row_per_key:
                self._refuse_conflicts(number, target)
            elif generated_column(target) is None:
                self._refuse_repeated_keys(number, target)
            else:
                self._treat_duplicates()
        self._sum_up()
        return self.result

    def write_rows(self, file_id: int) -> None:
        """Write the accepted rows to the raw tables.

        Args:
            file_id: Number of the file in raw_meta.extract_files.
        """
        for number, target in enumerate(self.feed.targets):
            writer = RowWriter(number, target, self.plan, self._accepted())
            self.connection.execute(writer.insert(file_id))

    def discard(self) -> None:
        """Drop the temporary tables."""
        self.connection.execute(f"drop view if exists {LINES}")
        for name in (INCOMING, SHIFTS, REFUSALS):
            self.connection.execute(f"drop table if exists {name}")
        drop_rejects(self.connection)

    def _prove_count(self) -> None:
        accepted = self._one(f"select count(*) from {INCOMING}")
        broken = self._one(f"select count(*) from {REFUSALS}")
        if accepted + broken != self.result.line_count:
            raise FileProblem(
                f"{self.label}: {self.result.line_count} records were counted in the file, but "
                f"{accepted} were read and {broken} refused. Nothing was loaded from it. Check "
                "delimiter, quote and escape in the mapping's format."
            )

    def _refuse_repeated_keys(self, number: int, target: Target) -> None:
        key = [f"t{number}_{name}" for name in target.table.key]
        keys = ", ".join(key)
        mine = f"select {keys} from {INCOMING} where problems is null group by {keys}"
        if not self._one(f"select count(*) from ({mine} having count(*) > 1)"):
            return
        values = ", ".join(f"t{number}_{name}" for name in self.plan.mapped[number])
        shown = " || ', ' || ".join(
            f"'{name}=' || cast(t{number}_{name} as varchar)" for name in target.table.key
        )
        column = self.plan.origins[number][target.table.key[-1]]
        window = f"over (partition by {keys} order by record)"
        self.connection.execute(
            f"insert into {REFUSALS} select record, line, {literal(column)}, "
            f"left({shown}, {MAX_VALUE}), "
            "case when same then 'repeats line ' || first_line || ' exactly' "
            "else 'repeats the key of line ' || first_line || ' with other content' end, "
            f"not same, same from (select *, row({values}) is not distinct from "
            f"first_value(row({values})) {window} as same, "
            f"first_value(line) {window} as first_line, row_number() {window} as copy "
            f"from {LINES} semi join ({mine} having count(*) > 1) using ({keys}) "
            "where problems is null) where copy > 1"
        )
        self.result.duplicate_count += self._one(f"select count(*) from {REFUSALS} where is_policy")

    def _treat_duplicates(self) -> None:
        """Count lines that repeat another in every column, and drop them where that is declared."""
        repeated = (
            f"select content_key from {INCOMING} where problems is null "
            "group by content_key having count(*) > 1"
        )
        self.result.duplicate_count = self._one(
            "select coalesce(sum(copies - 1), 0) from (select count(*) as copies "
            f"from {INCOMING} where problems is null group by content_key having count(*) > 1)"
        )
        if self.result.duplicate_count and self.feed.settings.exact_duplicates == "drop":
            window = "over (partition by content_key order by record)"
            self.connection.execute(
                f"insert into {REFUSALS} select record, line, null, null, "
                "'repeats line ' || first_line || ' exactly; dropped as the mapping says', "
                f"false, true from (select record, line, first_value(line) {window} as first_line, "
                f"row_number() {window} as copy from {LINES} semi join ({repeated}) "
                "using (content_key) where problems is null) where copy > 1"
            )

    def _refuse_conflicts(self, number: int, target: Target) -> None:
        """Refuse the records of a key whose values must agree and do not, or are all empty."""
        keys = ", ".join(f"t{number}_{name}" for name in target.table.key)
        present = " and ".join(f"t{number}_{name} is not null" for name in target.table.key)
        for name, rule in target.columns.items():
            column = f"t{number}_{name}"
            if name in target.table.key or name not in self.plan.mapped[number]:
                continue
            tests = []
            if (rule.pick or "same") == "same":
                tests.append((f"count(distinct {column}) > 1", "differs between records"))
            if target.table.column(name).required:
                values = [f"count({column})"]
                if rule.fallback is not None:
                    values.append(f"count(f{number}_{name})")
                tests.append((f"{' + '.join(values)} = 0", "is empty on every record"))
            for condition, reason in tests:
                groups = (
                    f"select {keys} from {INCOMING} where problems is null and {present} "
                    f"group by {keys} having {condition}"
                )
                if not self._one(f"select count(*) from ({groups})"):
                    continue
                text = f"{reason} of one {target.table.label} ({', '.join(target.table.key)})"
                self.connection.execute(
                    f"insert into {REFUSALS} select record, line, "
                    f"{literal(self.plan.origins[number][name])}, "
                    f"left(cast({column} as varchar), {MAX_VALUE}), {literal(text)}, true, false "
                    f"from {LINES} semi join ({groups}) using ({keys}) where problems is null"
                )

    def _sum_up(self) -> None:
        identity = "coalesce(record, -line)"
        row = self.connection.execute(
            f"select count(distinct {identity}), "
            f"count(distinct case when is_key then {identity} end), "
            f"count(distinct case when not is_policy then {identity} end) from {REFUSALS}"
        ).fetchone()
        assert row is not None
        self.result.rejected_count, self.result.key_rejects = row[0], row[1]
        self.result.other_rejects = row[2] - row[1]
        for number, target in enumerate(self.feed.targets):
            name = target.table.period_column
            column = f"t{number}_{name}"
            if name in self.plan.mapped[number] and self.result.first_day is None:
                days = self.connection.execute(
                    f"select cast(min({column}) as date), cast(max({column}) as date) "
                    f"from {INCOMING} where {self._accepted('rowid')}"
                ).fetchone()
                assert days is not None
                self.result.first_day, self.result.last_day = days

    def _accepted(self, record: str = "record") -> str:
        if not self.result.rejected_count:
            return "true"
        return f"{record} not in (select record from {REFUSALS} where record is not null)"

    def _one(self, query: str) -> int:
        row = self.connection.execute(query).fetchone()
        return int(row[0]) if row else 0
