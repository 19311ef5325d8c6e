"""The monthly failure analysis: one HTML page a month, read from the release and nothing else.

What broke more, what got better, what is new, which fixes worked, who left and why, who is about
to, what to do next. The page needs no network and no script; every number says which row of which
mart it is. What is computed here does not go beyond choosing and ordering rows.
"""

from orchestration.report.words import LANGUAGES
from orchestration.report.write import write_report, write_reports

__all__ = ["LANGUAGES", "write_report", "write_reports"]
