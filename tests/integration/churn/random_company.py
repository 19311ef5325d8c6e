"""Companies drawn by chance: histories of states, classes and revenue, however unlikely."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

MONTH_COUNT = 15
BRIDGE_MONTHS = 2
START = 2022 * 12
SCHEMES = ("core", "abcd", "kmgm", "ibm", "key_account", "potential")
EDITIONS = ("as_known", "restated")
LIVE = {"new", "active", "reactivated", "at_risk", "partial_defector", "lapsed_pending"}
FIRST_STATES = ("new", "new", "new", "defected_full", "closed_permanent")
LATER_STATES = (
    "active", "active", "at_risk", "partial_defector", "partial_defector", "lapsed_pending",
    "defected_full", "defected_full", "reactivated", "closed_permanent",
)  # fmt: skip


def month(number: int) -> date:
    """First day of a month, counted from the first of the ledger as 0."""
    return date((START + number) // 12, (START + number) % 12 + 1, 1)


@dataclass(frozen=True)
class Customer:
    """What happened to a customer, month by month.

    Attributes:
        key: Its key.
        seen: Number of its first month on the spine, before its first order for some.
        states: State at the end of each month from then on.
        classes: By month of the ledger, one more than there are, the class in each edition.
        revenues: Net revenue of each month of the spine.
        margins: Margin of the trailing year, or None where nothing is known of it.
        is_split_off: Whether it was a part of another customer before.
    """

    key: str
    seen: int
    states: tuple[str, ...]
    classes: tuple[tuple[int, int], ...]
    revenues: tuple[int, ...]
    margins: tuple[int | None, ...]
    is_split_off: bool

    def state(self, number: int) -> str:
        """State at the end of a month; a prospect before there was anything."""
        return self.states[number - self.seen] if number >= self.seen else "prospect"

    def is_live(self, number: int) -> bool:
        """Whether it is a customer at the end of a month."""
        return self.state(number) in LIVE

    @property
    def first(self) -> int | None:
        """Number of the month of its first order."""
        bought = [i for i, state in enumerate(self.states, self.seen) if state != "prospect"]
        return bought[0] if bought else None

    def group(self, number: int, edition: str, scheme: str) -> str:
        """Class at the start of a month, in which schemes agree as little as they can."""
        code = self.classes[number][EDITIONS.index(edition)]
        return "xyz"[(code // 3 ** (SCHEMES.index(scheme) % 3) + SCHEMES.index(scheme)) % 3]

    def trailing(self, number: int, months: int = 12) -> int:
        """Net revenue of the months up to one."""
        first = max(number - months + 1, self.seen)
        return sum(self.revenues[first - self.seen : max(number + 1 - self.seen, 0)])

    def spine(self) -> Iterator[int]:
        """Numbers of its months."""
        return iter(range(self.seen, MONTH_COUNT))


@st.composite
def customers(draw: st.DrawFn, key: str) -> Customer:
    """Draw a history that the state machine allows, and a few it does not come to."""
    seen = draw(st.integers(0, MONTH_COUNT - 1))
    prospect_months = draw(st.sampled_from((0, 0, 0, 1, MONTH_COUNT)))
    states: list[str] = []
    for place in range(MONTH_COUNT - seen):
        if place < prospect_months:
            states.append("prospect")
        elif place == prospect_months:
            states.append(draw(st.sampled_from(FIRST_STATES)))
        elif states[-1] == "closed_permanent":
            states.append("closed_permanent")
        else:
            states.append(draw(st.sampled_from(LATER_STATES)))
    codes = st.integers(0, 26)
    amounts = st.integers(-40, 100)
    return Customer(
        key=key,
        seen=seen,
        states=tuple(states),
        classes=tuple((draw(codes), draw(codes)) for _ in range(MONTH_COUNT + 1)),
        revenues=tuple(draw(amounts) for _ in states),
        margins=tuple(draw(st.none() | amounts) for _ in states),
        is_split_off=draw(st.sampled_from((False, False, True))),
    )


@st.composite
def companies(draw: st.DrawFn) -> list[Customer]:
    """Draw up to seven customers."""
    return [draw(customers(f"C{number}")) for number in range(draw(st.integers(1, 7)))]
