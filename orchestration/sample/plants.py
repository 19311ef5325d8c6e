"""Which customer plays which part, and the dates of that part.

A part is scripted whole: whoever is not scripted to leave keeps buying at its own pace until the
last month, so the truth is complete in both directions. What is bought belongs in ledger.py.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.sample.parameters import Parameters, Window
from orchestration.sample.randomness import stream

# Part: (share of customers, fewest, size range as share of customers from the biggest down).
PARTS: dict[str, tuple[float, int, tuple[float, float]]] = {
    "full_defector": (0.070, 8, (0.02, 0.85)),
    "partial_spend": (0.025, 2, (0.05, 0.50)),
    "partial_category": (0.020, 2, (0.03, 0.35)),
    "hidden_partial": (0.020, 2, (0.01, 0.25)),
    "seasonal": (0.030, 2, (0.10, 0.60)),
    "win_back": (0.020, 3, (0.05, 0.60)),
    "one_time": (0.050, 2, (0.50, 1.00)),
    "absorbed": (0.010, 3, (0.10, 0.60)),
    "survivor": (0.010, 3, (0.05, 0.40)),
    "internal": (0.002, 1, (0.20, 0.60)),
    "test_account": (0.001, 1, (0.60, 1.00)),
    "closed_for_good": (0.012, 4, (0.10, 0.80)),
    "contract_renewed": (0.010, 1, (0.02, 0.30)),
    "contract_renewed_late": (0.006, 1, (0.02, 0.30)),
    "contract_not_renewed": (0.008, 2, (0.02, 0.30)),
    "credit_only": (0.002, 1, (0.80, 1.00)),
    "zero_value_only": (0.002, 1, (0.80, 1.00)),
    "false_big_margin": (0.003, 1, (0.005, 0.03)),
    "false_big_overdue": (0.003, 1, (0.005, 0.03)),
    "reversed_same_day": (0.002, 1, (0.50, 0.90)),
    "reversed_later": (0.002, 1, (0.50, 0.90)),
    "wallet_stale": (0.005, 1, (0.02, 0.20)),
    "wallet_method_change": (0.005, 1, (0.02, 0.20)),
    "wallet_understated": (0.003, 1, (0.02, 0.20)),
    "owner_gap": (0.010, 1, (0.05, 0.50)),
    "group_head": (0.010, 2, (0.01, 0.15)),
    "group_child": (0.020, 3, (0.10, 0.80)),
    "newcomer": (0.200, 6, (0.02, 1.00)),
    "cash_desk": (0.003, 1, (0.20, 0.40)),
}
STEADY = "steady"

# Causes a scripted defector leaves for: (code, weight, exit class). Codes are those of the seed.
CAUSES: tuple[tuple[str, float, str], ...] = (
    ("complaint_unresolved", 0.22, "to_competitor"),
    ("competitor_price", 0.16, "to_competitor"),
    ("lack_of_care", 0.16, "to_competitor"),
    ("delivery", 0.12, "to_competitor"),
    ("communication_gap", 0.10, "to_competitor"),
    ("product_quality", 0.08, "to_competitor"),
    ("competitor_product", 0.06, "to_competitor"),
    ("upstream_expansion", 0.04, "no_longer_buys"),
    ("relocation", 0.03, "no_longer_buys"),
    ("unknown", 0.03, "unknown"),
)
CLOSED_REASONS = ("bankrupt", "deceased", "ceased", "acquired")
LATE_RENEWAL_GRACE_DAYS = 90
# Of the defectors in turn: every fifth came in late; of three, the second fades out and the third
# was satisfied to the last.
LATECOMER_TURN, TURNS_TO_LATECOMER = 4, 5
FADING_TURN, SATISFIED_TURN, MOOD_TURNS = 1, 2, 3
FADE_DAYS = 183
COMPETITOR_COUNT = 8


@dataclass(frozen=True)
class Draws:
    """Random streams of the plants, one per subject.

    Attributes:
        seed: Seed of the sample.
        count: Customers drawn for.
    """

    seed: int
    count: int

    def uniform(self, name: str, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """Return one float per customer, uniform in [low, high)."""
        return stream(self.seed, f"plants:{name}").uniform(low, high, self.count)

    def integers(self, name: str, low: int, high: int) -> np.ndarray:
        """Return one integer per customer, uniform in [low, high)."""
        return stream(self.seed, f"plants:{name}").integers(low, high, self.count)

    def permutation(self, name: str) -> np.ndarray:
        """Return the customer numbers in random order."""
        return stream(self.seed, f"plants:{name}").permutation(self.count)

    def choice(self, name: str, weights: list[float]) -> np.ndarray:
        """Return one index per customer, drawn by weight (the weights need not sum to 1)."""
        cumulative = np.cumsum(weights) / np.sum(weights)
        return np.searchsorted(cumulative, self.uniform(name), side="right")


def assign_parts(parameters: Parameters) -> pd.DataFrame:
    """Give every customer number a part and a size.

    Args:
        parameters: Parameters of the sample.

    Returns:
        Frame with one row per customer, in the order of `cust_no` from 0: part, size_u (0 is the
        biggest, 1 the smallest) and place (0, 1, ... within the part).
    """
    count = parameters.customer_count
    draws = Draws(parameters.seed, count)
    part = np.full(count, STEADY, dtype=object)
    size_u = (draws.permutation("size") + 0.5) / count
    place = np.zeros(count, dtype=np.int64)
    order = draws.permutation("part")
    taken = 0
    for name, (share, fewest, (low, high)) in PARTS.items():
        size = max(fewest, round(share * count))
        members = order[taken : taken + size]
        taken += size
        part[members] = name
        size_u[members] = low + (high - low) * size_u[members]
        place[members] = np.arange(size)
    place[order[taken:]] = np.arange(count - taken)
    return pd.DataFrame(
        {"cust_no": np.arange(count), "part": part, "size_u": size_u, "place": place}
    )


def script_lives(frame: pd.DataFrame, parameters: Parameters, window: Window) -> pd.DataFrame:
    """Add the dates of every customer's part.

    Args:
        frame: Result of `assign_parts`.
        parameters: Parameters of the sample.
        window: Months covered.

    Returns:
        The frame with start_day, end_day, gap_from, gap_to, season_first, season_length, step_day,
        step_factor, fade_from, drop_from, merged_on, survivor_no, closed_on, closed_reason,
        contract_end, renewed_on, notice_date, cause_code, exit_class, competitor_no,
        is_satisfied_before and parent_no. Dates are days, missing where a part has none.
    """
    life = _Lives(frame, parameters, window)
    life.newcomers_and_one_timers()
    life.defectors()
    life.decliners()
    life.returners()
    life.closed()
    life.merged()
    life.contracts()
    life.groups()
    return life.frame


class _Lives:
    """Writes one subject of the scripts after the other into the frame."""

    def __init__(self, frame: pd.DataFrame, parameters: Parameters, window: Window) -> None:
        self.frame = frame.copy()
        self.draws = Draws(parameters.seed, len(frame))
        self.window = window
        for name in _DATE_COLUMNS:
            self.frame[name] = np.full(len(frame), np.datetime64("NaT"), dtype="datetime64[s]")
        self.frame["start_day"] = np.datetime64(window.first_month, "s")
        for name in ("survivor_no", "competitor_no", "parent_no"):
            self.frame[name] = pd.array([pd.NA] * len(frame), dtype="Int64")
        for name in ("closed_reason", "cause_code", "exit_class"):
            self.frame[name] = pd.array([pd.NA] * len(frame), dtype="string")
        self.frame["step_factor"] = 1.0
        self.frame["season_first"] = 0
        self.frame["season_length"] = 0
        self.frame["is_satisfied_before"] = False

    def is_part(self, *names: str) -> np.ndarray:
        return self.frame["part"].isin(names).to_numpy()

    def days_at(self, fraction: np.ndarray) -> np.ndarray:
        start = np.datetime64(self.window.first_month, "s")
        return start + (self.window.days * fraction).astype(np.int64) * np.timedelta64(86_400, "s")

    def month_starts(self, days: np.ndarray, step: int = 1) -> np.ndarray:
        months = days.astype("datetime64[M]").astype(np.int64)
        return (months // step * step).astype("datetime64[M]").astype("datetime64[s]")

    def put(self, mask: np.ndarray, column: str, values: object) -> None:
        chosen = values[mask] if isinstance(values, np.ndarray) else values
        self.frame.loc[mask, column] = chosen

    def shifted(self, days: np.ndarray, count: np.ndarray | int) -> np.ndarray:
        return days + np.asarray(count) * np.timedelta64(86_400, "s")

    def newcomers_and_one_timers(self) -> None:
        self.put(
            self.is_part("newcomer"),
            "start_day",
            self.days_at(self.draws.uniform("new", 0.04, 0.9)),
        )
        once = self.is_part("one_time", "zero_value_only", "credit_only")
        self.put(once, "start_day", self.days_at(self.draws.uniform("once", 0.05, 0.85)))
        turn = self.frame["place"].to_numpy() % TURNS_TO_LATECOMER
        late = self.is_part("full_defector") & (turn == LATECOMER_TURN)
        self.put(late, "start_day", self.days_at(self.draws.uniform("late start", 0.03, 0.12)))

    def defectors(self) -> None:
        leaves = self.is_part("full_defector")
        place = self.frame["place"].to_numpy()
        end = self.days_at(self.draws.uniform("leave", 0.30, 0.75))
        self.put(leaves, "end_day", end)
        # The first few take every cause once; the rest are drawn by weight.
        drawn = self.draws.choice("cause", [weight for _, weight, _ in CAUSES])
        cause = np.where(place < len(CAUSES), place % len(CAUSES), drawn)
        codes = np.array([code for code, _, _ in CAUSES], dtype=object)
        exits = np.array([exit_class for _, _, exit_class in CAUSES], dtype=object)
        self.put(leaves, "cause_code", codes[cause])
        self.put(leaves, "exit_class", exits[cause])
        goes = leaves & (exits[cause] == "to_competitor")
        self.put(goes, "competitor_no", self.draws.integers("competitor", 0, COMPETITOR_COUNT))
        fades = leaves & (place % MOOD_TURNS == FADING_TURN)
        self.put(fades, "fade_from", self.shifted(end, -FADE_DAYS))
        self.put(leaves & (place % MOOD_TURNS == SATISFIED_TURN), "is_satisfied_before", True)

    def decliners(self) -> None:
        quarter = self.month_starts(self.days_at(self.draws.uniform("decline", 0.50, 0.75)), 3)
        spend = self.is_part("partial_spend")
        self.put(spend, "step_day", quarter)
        self.put(spend, "step_factor", 0.20)
        dropped = self.is_part("partial_category")
        self.put(dropped, "drop_from", quarter)
        season = self.is_part("seasonal")
        self.put(season, "season_first", self.draws.integers("season", 1, 13))
        self.put(season, "season_length", self.draws.integers("season length", 3, 5))
        for mask in (spend, dropped):
            self.put(mask, "competitor_no", self.draws.integers("partial to", 0, COMPETITOR_COUNT))

    def returners(self) -> None:
        away = self.is_part("win_back")
        self.put(away, "gap_from", self.days_at(self.draws.uniform("gone", 0.25, 0.35)))
        self.put(away, "gap_to", self.days_at(self.draws.uniform("back", 0.62, 0.75)))
        self.put(away, "competitor_no", self.draws.integers("away to", 0, COMPETITOR_COUNT))

    def closed(self) -> None:
        shut = self.is_part("closed_for_good")
        end = self.days_at(self.draws.uniform("closed", 0.35, 0.80))
        reasons = np.array(CLOSED_REASONS, dtype=object)[self.frame["place"].to_numpy() % 4]
        self.put(shut, "end_day", end)
        self.put(shut, "closed_on", self.shifted(end, self.draws.integers("closing", 15, 50)))
        self.put(shut, "closed_reason", reasons)

    def merged(self) -> None:
        absorbed = np.flatnonzero(self.is_part("absorbed"))
        survivor = np.flatnonzero(self.is_part("survivor"))
        day = self.month_starts(self.days_at(self.draws.uniform("merged", 0.35, 0.60)))
        place = self.frame["place"].to_numpy()
        pairs = dict(zip(place[survivor].tolist(), survivor.tolist(), strict=True))
        into = np.array([pairs[number] for number in place[absorbed].tolist()])
        self.frame.loc[absorbed, "survivor_no"] = into
        self.frame.loc[absorbed, "merged_on"] = day[absorbed]
        # Every second one still gets an invoice on the old code for a fortnight.
        straggles = np.where(place[absorbed] % 2 == 0, 14, -1)
        self.frame.loc[absorbed, "end_day"] = self.shifted(day[absorbed], straggles)
        self.frame.loc[into, "step_day"] = day[absorbed]
        self.frame.loc[into, "step_factor"] = 1.6
        # A chain: the first survivor is itself taken over by the second, later on.
        first, second = pairs[0], pairs[1]
        chain = self.month_starts(self.days_at(np.full(len(self.frame), 0.72)))
        self.frame.loc[first, "survivor_no"] = second
        self.frame.loc[first, "merged_on"] = chain[first]
        self.frame.loc[first, "end_day"] = self.shifted(chain[[first]], -1)[0]

    def contracts(self) -> None:
        bound = self.is_part("contract_renewed", "contract_renewed_late", "contract_not_renewed")
        end = self.shifted(
            self.month_starts(self.days_at(self.draws.uniform("contract", 0.45, 0.68))), -1
        )
        self.put(bound, "contract_end", end)
        self.put(self.is_part("contract_renewed"), "renewed_on", self.shifted(end, -20))
        late = self.is_part("contract_renewed_late")
        delay = self.draws.integers("late renewal", 35, LATE_RENEWAL_GRACE_DAYS - 5)
        self.put(late, "renewed_on", self.shifted(end, delay))
        self.put(late, "gap_from", self.shifted(end, 1))
        self.put(late, "gap_to", self.shifted(end, delay))
        gone = self.is_part("contract_not_renewed")
        self.put(gone, "end_day", end)
        self.put(gone, "cause_code", "competitor_service")
        self.put(gone, "exit_class", "to_competitor")
        self.put(gone, "competitor_no", self.draws.integers("contract to", 0, COMPETITOR_COUNT))
        # Every second one gives notice; the others just let it end.
        told = gone & (self.frame["place"].to_numpy() % 2 == 0)
        self.put(told, "notice_date", self.shifted(end, -75))

    def groups(self) -> None:
        heads = np.flatnonzero(self.is_part("group_head"))
        children = np.flatnonzero(self.is_part("group_child"))
        leaving = np.flatnonzero(
            self.is_part("full_defector") & (self.frame["place"].to_numpy() % 12 == 0)
        )
        for members in (children, leaving):
            self.frame.loc[members, "parent_no"] = heads[np.arange(len(members)) % len(heads)]


_DATE_COLUMNS = (
    "start_day",
    "end_day",
    "gap_from",
    "gap_to",
    "step_day",
    "fade_from",
    "drop_from",
    "merged_on",
    "closed_on",
    "contract_end",
    "renewed_on",
    "notice_date",
)
