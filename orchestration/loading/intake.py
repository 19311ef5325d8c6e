"""Takes one file in: reads it into a temporary table, checks every row, and writes the raw rows.

The temporary tables are this module's own; nothing reaches the raw tables before `write_rows`, which
the caller runs within the file's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.loading.convert import identifier, literal
from orchestration.loading.errors import FileProblem
from orchestration.loading.mapping import Feed, Target
from orchestration.loading.plan import MAX_VALUE, Plan
from orchestration.loading.readers import REJECTS, OpenFile, drop_rejects
from orchestration.loading.scan import walk_records

INCOMING = "kaw_incoming"
LINES = "kaw_incoming_lines"
SHIFTS = "kaw_line_shifts"
REFUSALS = "kaw_refusals"


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
                f"{self.label}: cannot be read: {str(error).splitlines()[0]}. Check delimiter, quote "
                "and encoding in the mapping's format, or export the file again."
            ) from error
        self._number_lines()
        self._prove_count()
        run(
            f"insert into {REFUSALS} select record, line, problem.column_name, problem.value, "
            f"problem.reason, problem.is_key, false from (select record, line, "
            f"unnest(problems) as problem from {LINES} where problems is not null)"
        )
        for number, target in enumerate(self.feed.targets):
            if target.one_row_per_key:
                self._refuse_conflicts(number, target)
            elif self._generated(target) is None:
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
            names = [name for name in target.table.column_names if self._has(number, target, name)]
            columns = ", ".join(identifier(name) for name in [*names, "load_file_id"])
            query = (
                self._grouped(number, target, names, file_id)
                if target.one_row_per_key
                else self._plain(number, target, names, file_id)
            )
            self.connection.execute(
                f"insert into {target.table.relation} ({columns}, load_line_number) {query}"
            )

    def discard(self) -> None:
        """Drop the temporary tables."""
        self.connection.execute(f"drop view if exists {LINES}")
        for name in (INCOMING, SHIFTS, REFUSALS):
            self.connection.execute(f"drop table if exists {name}")
        drop_rejects(self.connection)

    def _number_lines(self) -> None:
        """Give every record its physical line, and list the records the reader could not split."""
        broken = self._broken_records() if self.opened.text else []
        if self.opened.source.line:
            self.connection.execute(
                f"create temp view {LINES} as select *, rowid as record from {INCOMING}"
            )
            return
        shifts = self._shifts([number for number, _ in broken])
        if len(shifts) == 1:
            line = f"rowid + {shifts[0][1]}"
            source = INCOMING
        else:
            self.connection.execute(
                f"create temp table {SHIFTS} (first_record bigint, shift bigint)"
            )
            values = ", ".join(f"({first}, {shift})" for first, shift in shifts)
            self.connection.execute(f"insert into {SHIFTS} values {values}")
            line = "numbered.record + shifts.shift"
            source = ""
        if source:
            query = f"select *, {line} as line, rowid as record from {source}"
        else:
            query = (
                f"select numbered.*, {line} as line "
                f"from (select *, rowid as record from {INCOMING}) as numbered "
                f"asof join {SHIFTS} as shifts on numbered.record >= shifts.first_record"
            )
        self.connection.execute(f"create temp view {LINES} as {query}")

    def _broken_records(self) -> list[tuple[int, int]]:
        """Record lines that DuckDB could not split; return number (from 0) and line of each."""
        rows = self.connection.execute(
            f"select line_byte_position, min(error_message), any_value(left(ltrim(csv_line, chr(10)), {MAX_VALUE})) "
            f"from {REJECTS} group by line_byte_position order by line_byte_position"
        ).fetchall()
        if not rows:
            return []
        text, dialect = self.opened.text, self.opened.dialect
        assert text is not None
        assert dialect is not None
        found: list[tuple[int, int]] = []
        pending = iter(rows)
        row = next(pending)
        for number, (offset, line, _) in enumerate(walk_records(text.path, dialect, self.label)):
            # DuckDB's position counts from 1 and may lie on the line ending before the record.
            if offset < row[0] - 1:
                continue
            found.append((number, line))
            self.connection.execute(
                f"insert into {REFUSALS} values (null, ?, null, ?, ?, false, false)",
                [line, row[2], _structure(row[1])],
            )
            following = next(pending, None)
            if following is None:
                break
            row = following
        return found

    def _shifts(self, broken: list[int]) -> list[tuple[int, int]]:
        """Return (first accepted record, what to add to a record for its line) pairs, rising."""
        header = self.opened.header_records
        numbers = sorted({header, *broken, *(number for number, _ in self.opened.shifts)})
        gaps = set(broken)
        result: list[tuple[int, int]] = []
        lines = iter([*self.opened.shifts, (1 << 62, 0)])
        shift, upcoming = next(lines)[1], next(lines)
        skipped = 0
        for number in numbers:
            while upcoming[0] <= number:
                shift, upcoming = upcoming[1], next(lines, (1 << 62, 0))
            skipped += number in gaps
            if number < header:
                continue
            # The accepted record behind this one, counted from 0 without header and gaps.
            after = number + (number in gaps)
            first = max(after - header - skipped, 0)
            entry = (first, shift + header + skipped)
            if number in gaps and upcoming[0] == after:
                entry = (first, upcoming[1] + header + skipped)
            if result and result[-1][0] == first:
                result.pop()
            if not result or result[-1][1] != entry[1]:
                result.append(entry)
        return result

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
            f"not same, same from (select *, row({values}) is not distinct from first_value(row({values})) {window} "
            f"as same, first_value(line) {window} as first_line, row_number() {window} as copy "
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
            if name and name in self.plan.mapped[number] and self.result.first_day is None:
                days = self.connection.execute(
                    f"select cast(min(t{number}_{name}) as date), cast(max(t{number}_{name}) as date) "
                    f"from {INCOMING} where {self._accepted('rowid')}"
                ).fetchone()
                assert days is not None
                self.result.first_day, self.result.last_day = days

    def _accepted(self, record: str = "record") -> str:
        if not self.result.rejected_count:
            return "true"
        return f"{record} not in (select record from {REFUSALS} where record is not null)"

    def _plain(self, number: int, target: Target, names: list[str], file_id: int) -> str:
        generated = self._generated(target)
        values = []
        for name in names:
            if name == generated:
                document = ", ".join(f"t{number}_{key}" for key in target.table.key[:-1])
                content = [
                    f"t{number}_{other} nulls first"
                    for other in self.plan.mapped[number]
                    if other not in target.table.key
                ]
                order = ", ".join([*content, "content_key nulls first"])
                values.append(f"row_number() over (partition by {document} order by {order})")
            else:
                values.append(f"t{number}_{name}")
        return f"select {', '.join(values)}, {file_id}, line from {LINES} where {self._accepted()}"

    def _grouped(self, number: int, target: Target, names: list[str], file_id: int) -> str:
        keys = [f"t{number}_{name}" for name in target.table.key]
        values = [
            f"t{number}_{name}" if name in target.table.key else self._picked(number, target, name)
            for name in names
        ]
        present = " and ".join(f"{key} is not null" for key in keys)
        return (
            f"select {', '.join(values)}, {file_id}, min(line) from {LINES} "
            f"where {self._accepted()} and {present} group by {', '.join(keys)}"
        )

    def _picked(self, number: int, target: Target, name: str) -> str:
        rule = target.columns[name]
        column = f"t{number}_{name}"
        pick = rule.pick or "same"
        if pick in ("latest", "earliest"):
            # The value itself settles a draw, so that the order of records never matters.
            choose = "max" if pick == "latest" else "min"
            value = (
                f"({choose}({{'at': latest_by, 'value': {column}}}) "
                f"filter (where {column} is not null)).value"
            )
        else:
            value = f"{'max' if pick == 'max' else 'min'}({column})"
        if rule.fallback is not None:
            value = f"coalesce({value}, min(f{number}_{name}))"
        return value

    def _generated(self, target: Target) -> str | None:
        return next((name for name, rule in target.columns.items() if rule.generated), None)

    def _has(self, number: int, target: Target, name: str) -> bool:
        return name in self.plan.mapped[number] or name == self._generated(target)

    def _one(self, query: str) -> int:
        row = self.connection.execute(query).fetchone()
        return int(row[0]) if row else 0


def _structure(message: str) -> str:
    """Return DuckDB's complaint about a line's structure in the words of the other reasons."""
    return message[:1].lower() + message[1:].rstrip(".") if message else "cannot be split"
