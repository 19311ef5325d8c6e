"""Where a company's files live.

A home holds everything one company owns: extracts, warehouse file, run history, Data Docs and
releases. Every path below it is named here and nowhere else. What the files contain does not
belong here.
"""

from dataclasses import dataclass
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[1]
DEFAULT_HOME = Path("home")
_INSTANCE_TEMPLATE = Path(__file__).with_name("dagster.yaml")


@dataclass(frozen=True)
class Home:
    """Paths of one company's home folder.

    Attributes:
        root: The folder itself, absolute.
    """

    root: Path

    @classmethod
    def at(cls, folder: str | Path) -> "Home":
        """Return the home at a folder, which need not exist yet.

        Args:
            folder: Any path; relative ones count from the working directory.
        """
        return cls(Path(folder).expanduser().resolve())

    @property
    def extracts(self) -> Path:
        """Extracts as the company's systems write them, unless a run names another folder."""
        return self.root / "extracts"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that the pipeline alone opens."""
        return self.root / "warehouse" / "key_accounts.duckdb"

    @property
    def temp(self) -> Path:
        """Where DuckDB spills what does not fit in memory."""
        return self.root / "warehouse" / "tmp"

    @property
    def lock(self) -> Path:
        """Lock file of the one writer."""
        return self.root / "warehouse" / "writer.lock"

    @property
    def dagster(self) -> Path:
        """Dagster's instance folder (its DAGSTER_HOME)."""
        return self.root / "dagster"

    @property
    def dagster_environment(self) -> dict[str, str]:
        """Variables of Dagster's processes: its home, no telemetry, planned events in batches."""
        return {
            "DAGSTER_HOME": str(self.dagster),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            # Without a size Dagster stores each event by itself; see runs/history.py.
            "DAGSTER_EVENT_BATCH_SIZE": "1000",
        }

    @property
    def data_docs(self) -> Path:
        """Great Expectations' results and pages."""
        return self.root / "data_docs"

    @property
    def dbt_target(self) -> Path:
        """The dbt manifest, parse cache and run results."""
        return self.root / "dbt" / "target"

    @property
    def dbt_logs(self) -> Path:
        """Log files of dbt."""
        return self.root / "dbt" / "logs"

    @property
    def runs(self) -> Path:
        """One JSON record per run, and the log of the last runs."""
        return self.root / "runs"

    @property
    def published(self) -> Path:
        """Immutable releases, and `current`, the link readers follow."""
        return self.root / "published"

    @property
    def dashboard(self) -> Path:
        """The dashboard's project as dbt Charts reads it, written anew at every start."""
        return self.root / "dashboard" / "project"

    @property
    def current_release(self) -> Path:
        """The published DuckDB file that any reader may open."""
        return self.published / "current" / "key_accounts.duckdb"

    @property
    def reports(self) -> Path:
        """The monthly failure analysis, a page a month and language."""
        return self.root / "reports"

    @property
    def restatements(self) -> Path:
        """Log of every figure of a closed month that a later release changed."""
        return self.runs / "restatements.csv"

    @property
    def spark(self) -> "SparkHome":
        """The home below this one of what Spark makes of the company."""
        return SparkHome(self.root / "spark")

    @property
    def erasures(self) -> Path:
        """Optional list of people and customers whose data must go."""
        return self.root / "erasures.csv"

    @property
    def settings_file(self) -> Path:
        """Optional settings of this home."""
        return self.root / "settings.yml"

    def prepare(self) -> "Home":
        """Create the folders a run writes to, and Dagster's instance file if there is none.

        An existing dagster.yaml is left as it is: it belongs to whoever runs the deployment.
        """
        for folder in (self.temp, self.dagster, self.data_docs, self.dbt_target, self.dbt_logs):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.runs, self.published):
            folder.mkdir(parents=True, exist_ok=True)
        instance_file = self.dagster / "dagster.yaml"
        if not instance_file.exists():
            instance_file.write_text(_INSTANCE_TEMPLATE.read_text("utf-8"), "utf-8")
        return self


@dataclass(frozen=True)
class SparkHome(Home):
    """A home below a company's own: what Spark made of it, and the releases made of that.

    Spark keeps tables and catalog in it. Settings and the list of erasures are the company's, for
    there must not be two of them.
    """

    @property
    def raw(self) -> Path:
        """Raw rows handed over to Spark, `<schema>/<table>.parquet`."""
        return self.root / "raw"

    @property
    def handed_back(self) -> Path:
        """What Spark handed back, `<schema>/<table>.parquet/`, before DuckDB takes it over."""
        return self.root / "handed_back"

    @property
    def erasures(self) -> Path:
        """Optional list of people and customers whose data must go: the company's."""
        return Home(self.root.parent).erasures

    @property
    def settings_file(self) -> Path:
        """Optional settings: the company's."""
        return Home(self.root.parent).settings_file
