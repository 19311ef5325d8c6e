"""`python -m orchestration.sample --home DIR`: write the sample company."""

import argparse
import sys
from pathlib import Path

from orchestration.sample.generator import SampleError, generate
from orchestration.sample.parameters import FILE_FORMATS, LANGUAGES


def main(arguments: list[str] | None = None) -> int:
    """Write the sample company and say what was written.

    Args:
        arguments: Arguments; those of the process if not given.

    Returns:
        Exit status: 0, or 2 where the request makes no sense.
    """
    parser = argparse.ArgumentParser(prog="python -m orchestration.sample", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="home folder to write to")
    parser.add_argument("--scale", type=float, default=1, help="1 is about 2,000 customers")
    parser.add_argument("--months", type=int, default=36, help="months of history")
    parser.add_argument("--seed", type=int, default=42, help="another seed, another company")
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument("--format", dest="file_format", choices=FILE_FORMATS, default="csv.gz")
    parser.add_argument("--customers", type=int, help="sharing the ledger of that scale")
    options = parser.parse_args(arguments)
    try:
        summary = generate(
            options.home,
            scale=options.scale,
            months=options.months,
            seed=options.seed,
            language=options.language,
            file_format=options.file_format,
            customers=options.customers,
        )
    except (SampleError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(summary)
    return 0


if __name__ == "__main__":
    sys.exit(main())
