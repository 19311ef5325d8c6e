"""The dates of every customer's part: when it leaves, fades, returns, merges or renews.

A part is scripted whole: whoever is not scripted to leave keeps buying at its own pace until the
last month, so the truth is complete in both directions. What is bought belongs in ledger.py.
"""

from typing import Any

import numpy as np
import pandas as pd

from orchestration.sample.parameters import Parameters, Window
from orchestration.sample.parts import (
    CAUSES,
    CLOSED_REASONS,
    COMPETITOR_COUNT,
    FADE_DAYS,
    FADING_TURN,
    LATE_RENEWAL_GRACE_DAYS,
    LATECOMER_TURN,
    MOOD_TURNS,
    SATISFIED_TURN,
    SPLIT_REMAINS,
    TURNS_TO_LATECOMER,
    Draws,
)


def script_lives(frame: pd.DataFrame, parameters: Parameters, window: Window) -> pd.DataFrame:
    """Add the dates of every customer's part.

    Args:
        frame: Result of `assign_parts`.
        parameters: Parameters of the sample.
        window: Months covered.

    Returns:
        The frame with start_day, end_day, gap_from, gap_to, season_first, season_length, step_day,
        step_factor, fade_from, drop_from, merged_on, survivor_no, split_from_no, closed_on,
        closed_reason, contract_end, renewed_on, notice_date, cause_code, exit_class, competitor_no,
        is_satisfied_before and parent_no. Dates are days, missing where a part has none.
    """
    life = _Lives(frame, parameters, window)
    life.newcomers_and_one_timers()
    life.defectors()
    life.decliners()
    life.returners()
    life.closed()
    life.merged()
    life.split()
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
        for name in ("survivor_no", "split_from_no", "competitor_no", "parent_no"):
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
        # pandas' annotations know no boolean array here, though its documentation does.
        rows: Any = self.frame.loc
        rows[mask, column] = chosen

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

    def split(self) -> None:
        origins = np.flatnonzero(self.is_part("split_origin"))
        parts = np.flatnonzero(self.is_part("split_off"))
        day = self.month_starts(self.days_at(self.draws.uniform("split", 0.45, 0.62)))[origins]
        self.frame.loc[origins, "step_day"] = day
        self.frame.loc[origins, "step_factor"] = SPLIT_REMAINS
        self.frame.loc[parts, "split_from_no"] = origins
        self.frame.loc[parts, "start_day"] = day

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
