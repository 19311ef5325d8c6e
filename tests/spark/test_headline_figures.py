"""The benchmarks' script for Spark prints what the one for pandas prints."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def test_spark_prints_the_figures_of_pandas(company, tmp_path):
    extracts = str(company.root / "extracts")
    pandas = _printed("in_pandas.py", extracts)
    assert pandas.count("%") == 6
    assert _printed("in_spark.py", extracts, str(tmp_path / "scratch")) == pandas


def _printed(script, *arguments):
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
