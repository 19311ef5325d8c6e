"""Checks on the loader's own books: no record of a file may disappear unaccounted for."""

from __future__ import annotations

from expectations.checks import CheckSpec, Setting

SCHEMA = "raw_meta"


def checks() -> list[CheckSpec]:
    """List the checks on `raw_meta.extract_files`.

    Returns:
        The books against themselves, against the refused rows, and against the raw tables.
    """
    return [
        CheckSpec(
            name="every_line_accounted_for",
            schema=SCHEMA,
            table="extract_files",
            severity="critical",
            description="Loaded and refused records of a file add up to the records it holds.",
            action=(
                "Records were lost or invented on the way in. A quote that is never closed "
                "swallows the rest of a file: look at the end of the named file, export it again "
                "and load it. If the file is sound, the loader is not: do not publish."
            ),
            expectation="ExpectEveryLineAccountedFor",
        ),
        CheckSpec(
            name="refused_rows_kept",
            schema=SCHEMA,
            table="extract_files",
            severity="critical",
            description="Every refused record is kept with its line and its reason.",
            action=(
                "The books count refused records that raw_meta.rejected_rows does not show, or the "
                "other way round. Load the named file again into a fresh warehouse."
            ),
            expectation="ExpectRefusedRowsToBeKept",
        ),
        CheckSpec(
            name="books_agree_with_raw_tables",
            schema=SCHEMA,
            table="extract_files",
            severity="critical",
            description="The records a file loaded stand in the raw tables, one row each.",
            action=(
                "The raw table does not hold what the books say was loaded from the named file. "
                "Load the file again into a fresh warehouse."
            ),
            expectation="ExpectBooksToAgreeWithRawTables",
        ),
        CheckSpec(
            name="one_current_file_per_period",
            schema=SCHEMA,
            table="extract_files",
            severity="critical",
            description="Only one delivery of a table and period is current.",
            action=(
                "Two files claim the same period of the same table. Remove the wrong one from the "
                "extracts, or name the right one as the correction it is (docs on file names)."
            ),
            expectation="ExpectOneCurrentFilePerPeriod",
        ),
        CheckSpec(
            name="refused_share_small",
            schema=SCHEMA,
            table="extract_files",
            severity="info",
            description="Hardly any record of a file is refused.",
            action=(
                "Read the reasons in raw_meta.rejected_rows. Many refusals with one reason usually "
                "mean a wrong format in the mapping rather than bad data."
            ),
            expectation="ExpectRefusedShareToBeSmall",
            arguments={"tolerance": Setting("rejected_share_tolerance")},
        ),
    ]
