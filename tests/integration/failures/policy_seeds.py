"""Reads the project's seeds for tests that work something out a second time."""

import csv
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[3] / "seeds"


def seed(name: str) -> list[dict[str, str]]:
    """Rows of a seed, by its folder and name without ending."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
