"""The marts of DuckDB and of Spark side by side: types, then rows, in statements of DuckDB."""

from dataclasses import dataclass
from typing import Any

# Doubles may differ in the last digits: exp, ln and sqrt are the C library's there and Java's here,
# and so is the order in which a window adds. Everything else must be equal.
RELATIVE = 1e-9
ABSOLUTE = 1e-11

# Spark's Parquet says of a timestamp that it is an instant; in the warehouse it is a time in UTC.
SAME_TYPE = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMP"}


@dataclass(frozen=True)
class Pair:
    """A mart as DuckDB built it and as Spark did, both readable by one connection of DuckDB.

    `key` names the columns that make a row unique, none where there is no such promise: then all
    that can be compared exactly is the key.
    """

    connection: Any
    expected: str
    found: str
    key: tuple[str, ...] = ()

    def differences(self):
        """Return what differs, in words; nothing if the two are equal."""
        types, found_types = self.columns(self.expected), self.columns(self.found)
        if list(types.items()) != list(found_types.items()):
            return [
                f"{name}: {types.get(name, 'absent')} and {found_types.get(name, 'absent')}"
                for name in types | found_types
                if types.get(name) != found_types.get(name)
            ] or ["the columns stand in another order"]
        key = self.key or tuple(name for name, kind in types.items() if kind != "DOUBLE")
        on = " and ".join(f'a."{column}" is not distinct from b."{column}"' for column in key)
        values = {name: kind for name, kind in types.items() if name not in key}
        return [*self._missing_rows(on), *self._other_values(on, key, values)]

    def rows(self):
        """Return how many rows DuckDB built."""
        return self._one(f"select count(*) from {self.expected}")[0]

    def columns(self, relation):
        """Return the types of a relation's columns, in order."""
        described = self.connection.execute(f"describe select * from {relation}").fetchall()
        return {name: SAME_TYPE.get(kind, kind) for name, kind, *_ in described}

    def _missing_rows(self, on):
        rows, found_rows = self.rows(), self._one(f"select count(*) from {self.found}")[0]
        if rows != found_rows:
            yield f"{rows} rows and {found_rows}"
        for word, here, there in (
            ("missing", self.expected, self.found),
            ("invented", self.found, self.expected),
        ):
            count = self._one(
                f"select count(*) from {here} as a "
                f"where not exists (select 1 from {there} as b where {on})"
            )[0]
            if count:
                yield f"{count} rows {word}"

    def _other_values(self, on, key, values):
        if not values:
            return
        joined = f"from {self.expected} as a inner join {self.found} as b on {on}"
        tests = {name: _differs(name, kind) for name, kind in values.items()}
        counts = self._one(
            f"select {', '.join(f'count_if({test})' for test in tests.values())} {joined}"
        )
        for (name, test), count in zip(tests.items(), counts, strict=True):
            if count:
                shown = ", ".join(f'a."{column}"' for column in key)
                one, other, *where = self._one(
                    f'select a."{name}", b."{name}", {shown} {joined} where {test} limit 1'
                )
                place = ", ".join(str(part) for part in where)
                yield f"{name}: {count} values differ, such as {one} and {other} at {place}"

    def _one(self, statement):
        return self.connection.execute(statement).fetchone()


def _differs(name, kind):
    a, b = f'a."{name}"', f'b."{name}"'
    if kind != "DOUBLE":
        return f"{a} is distinct from cast({b} as {kind})"
    allowed = f"{ABSOLUTE} + {RELATIVE} * greatest(abs({a}), abs({b}))"
    return f"{a} is distinct from {b} and not coalesce(abs({a} - {b}) <= {allowed}, false)"
