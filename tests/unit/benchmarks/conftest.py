"""Lets tests import the benchmarks' modules, which are scripts beside one another."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))
