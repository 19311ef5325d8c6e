"""Which customer plays which part: shares, sizes and causes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.sample.parameters import Parameters
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
    "split_origin": (0.002, 2, (0.10, 0.40)),
    "split_off": (0.002, 2, (0.10, 0.40)),
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
# What remains with the customer of whom a part becomes a company of its own; the rest goes along.
SPLIT_REMAINS = 0.6


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
