"""What a sample is made of: its parameters, its months and its business days.

Nothing here reads the clock: the last month is fixed, so that the same parameters give the same
bytes on any day.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

# Raised whenever the same parameters would give other files than before.
GENERATOR_VERSION = 4

LAST_MONTH = date(2025, 12, 1)
LANGUAGES = ("en", "zh")
FILE_FORMATS = ("csv.gz", "csv", "parquet")

# Below a year there is no season, no renewal and no year before to compare with.
SHORTEST_MONTHS = 12
LONGEST_MONTHS = 120
# Enough customers that every planted truth finds one.
FEWEST_CUSTOMERS = 120
CUSTOMERS_AT_SCALE_ONE = 2_000
LARGEST_SCALE = 1_000
# From here on full customer lists every month would outgrow the ledger's own news.
CHANGES_ONLY_FROM_SCALE = 20

# Public holidays as (month, day): New Year, Labour Day, National Day.
_FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (5, 3), *((10, day) for day in range(1, 8))}
# First day of the Spring Festival; eight days are off. Years outside the table use 1 February.
_SPRING_FESTIVAL = {
    2015: (2, 19),
    2016: (2, 8),
    2017: (1, 28),
    2018: (2, 16),
    2019: (2, 5),
    2020: (1, 25),
    2021: (2, 12),
    2022: (2, 1),
    2023: (1, 22),
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
}
_SPRING_FESTIVAL_DAYS = 8
_SATURDAY = 5


@dataclass(frozen=True)
class Parameters:
    """Parameters of one sample company.

    Attributes:
        scale: Size; 1 is about 2,000 customers and 300,000 invoice lines over 36 months.
        months: Months of history, the last one being December 2025.
        seed: Any integer; another seed gives another company of the same shape.
        language: `en`, or `zh` for Chinese headers, names, values, dates and encoding.
        file_format: `csv.gz`, `csv` or `parquet`.
        customers: Customers who share the ledger of that scale, by ordering more or less often;
            None for as many as the scale has.

    Raises:
        ValueError: A parameter is outside its range; the text says which and what it may be.
    """

    scale: float = 1
    months: int = 36
    seed: int = 42
    language: str = "en"
    file_format: str = "csv.gz"
    customers: int | None = None

    def __post_init__(self) -> None:
        """Check every parameter; raises ValueError naming the first that is out of range."""
        if not 0 < self.scale <= LARGEST_SCALE:
            raise ValueError(
                f"scale is {self.scale}: it must be above 0 and at most {LARGEST_SCALE}"
            )
        if not SHORTEST_MONTHS <= self.months <= LONGEST_MONTHS:
            raise ValueError(
                f"months is {self.months}: it must be between {SHORTEST_MONTHS} and"
                f" {LONGEST_MONTHS}, since seasons and renewals need a year"
            )
        if self.language not in LANGUAGES:
            raise ValueError(f"language is {self.language!r}: choose one of {', '.join(LANGUAGES)}")
        if self.file_format not in FILE_FORMATS:
            raise ValueError(
                f"file_format is {self.file_format!r}: choose one of {', '.join(FILE_FORMATS)}"
            )

        most = LARGEST_SCALE * CUSTOMERS_AT_SCALE_ONE
        if self.customers is not None and not FEWEST_CUSTOMERS <= self.customers <= most:
            raise ValueError(
                f"customers is {self.customers}: it must be between {FEWEST_CUSTOMERS} and {most}"
            )

    @property
    def customer_count(self) -> int:
        """Customers with a code in the ledger, internal and one-time ones included."""
        if self.customers is not None:
            return self.customers
        return max(FEWEST_CUSTOMERS, round(CUSTOMERS_AT_SCALE_ONE * self.scale))

    @property
    def pace(self) -> float:
        """How many times as often a customer orders as it would among as many as the scale has."""
        if self.customers is None:
            return 1.0
        return CUSTOMERS_AT_SCALE_ONE * self.scale / self.customers

    @property
    def is_changes_only(self) -> bool:
        """Whether customer lists carry changes only after the first delivery."""
        if self.customers is None:
            return self.scale >= CHANGES_ONLY_FROM_SCALE
        return self.customers >= CHANGES_ONLY_FROM_SCALE * CUSTOMERS_AT_SCALE_ONE

    def stamp(self) -> dict[str, object]:
        """Return the parameters with the generator's version, as kept beside the truth.

        A count of customers nobody gave is left out: the same sample has the same bytes as before
        it could be given.
        """
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return {
            **given,
            "scale": float(self.scale),
            "generator_version": GENERATOR_VERSION,
        }


def add_months(day: date, count: int) -> date:
    """Return the first day of the month that many months away.

    Args:
        day: Any day of the month counted from.
        count: Months to go, negative for back.
    """
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Window:
    """The months a sample covers, as half-open days.

    Attributes:
        first_month: First day of the first month.
        months: Count of months.
    """

    first_month: date
    months: int

    @classmethod
    def of(cls, months: int) -> "Window":
        """Return the window of that many months ending with the fixed last month."""
        return cls(add_months(LAST_MONTH, 1 - months), months)

    def month(self, index: int) -> date:
        """Return the first day of month `index`, counted from 0; -1 is the last month.

        Indexes from `months` on name months after the window.
        """
        return add_months(self.first_month, index if index >= 0 else self.months + index)

    @property
    def end(self) -> date:
        """First day after the window."""
        return add_months(self.first_month, self.months)

    @property
    def days(self) -> int:
        """Days in the window."""
        return (self.end - self.first_month).days

    def day_at(self, fraction: float) -> date:
        """Return the day that lies at a fraction (0 to 1) of the window."""
        return self.first_month + timedelta(days=int(self.days * fraction))

    def month_at(self, fraction: float) -> date:
        """Return the first day of the month that lies at a fraction of the window."""
        return self.month(min(self.months - 1, int(self.months * fraction)))

    def all_months(self) -> list[date]:
        """Return the first day of every month, oldest first."""
        return [self.month(index) for index in range(self.months)]


def is_business_day(day: date) -> bool:
    """Tell whether the company works on a day: no weekend and no public holiday."""
    if day.weekday() >= _SATURDAY or (day.month, day.day) in _FIXED_HOLIDAYS:
        return False
    month, first = _SPRING_FESTIVAL.get(day.year, (2, 1))
    return not 0 <= (day - date(day.year, month, first)).days < _SPRING_FESTIVAL_DAYS


def next_business_days(window: Window) -> list[tuple[date, date]]:
    """Pair every day around the window with the first business day from it on.

    Args:
        window: Months covered; two months are added before and four after.

    Returns:
        Pairs (day, business day), oldest first, one per calendar day.
    """
    first, last = add_months(window.first_month, -2), add_months(window.end, 4)
    pairs: list[tuple[date, date]] = []
    business = last + timedelta(days=1)
    while not is_business_day(business):
        business += timedelta(days=1)
    day = last
    while day >= first:
        if is_business_day(day):
            business = day
        pairs.append((day, business))
        day -= timedelta(days=1)
    pairs.reverse()
    return pairs
