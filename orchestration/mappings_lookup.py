"""Which mapping a run reads its extracts with. What a mapping may say is the loader's business."""

import difflib
from pathlib import Path

from orchestration.errors import UsageError
from orchestration.runs.fingerprint import MAPPING_FILE

SHIPPED = Path(__file__).with_name("mappings")
DEFAULT_MAPPING = "contract"


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with the project."""
    return sorted(path.stem for path in SHIPPED.glob("*.yml"))


def find_mapping(file_or_name: str | None, extracts: Path) -> Path:
    """Return the mapping file that a run uses.

    Args:
        file_or_name: A YAML file, or the name of a shipped mapping. None takes `mapping.yml` in the
            extracts folder if there is one, else the shipped mapping `contract`.
        extracts: Extracts folder.

    Raises:
        UsageError: No such file and no such name.
    """
    if file_or_name is None:
        own = extracts / MAPPING_FILE
        return own if own.exists() else SHIPPED / f"{DEFAULT_MAPPING}.yml"
    shipped = SHIPPED / f"{file_or_name}.yml"
    if shipped.exists():
        return shipped
    file = Path(file_or_name).expanduser()
    if file.is_file():
        return file.resolve()
    names = shipped_mappings()
    near = difflib.get_close_matches(file_or_name, names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise UsageError(
        f"There is no mapping '{file_or_name}': it is neither a file nor one of the shipped"
        f" mappings ({', '.join(names) or 'none'}).{hint}"
    )
