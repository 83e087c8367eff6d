"""What the loader is told: which files feed a table, and how to read them.

Plain data without polars, so that `config` can build it cheaply.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from crm_kpi.sources.query import Query

DateFormat = str
"""A strptime format such as `%d/%m/%Y`, or the word `excel` for serial days."""

NumberStyle = str
"""How 1234.56 is written there: `1,234.56`, `1.234,56`, `1 234,56`, `1234.56` or `1234,56`."""


TIME_UNITS = ("milliseconds", "seconds", "minutes", "hours", "days")
"""In which what comes after a moment is counted."""


NEVER = "none"
"""Of `once`: amounts are those of each line."""


@dataclass(frozen=True)
class DerivedColumn:
    """A column of ours that is made from several of theirs.

    `product`: multiply numbers; `minus`: take the other numbers from the first; `join`: put
    texts together with a blank; `after`: a time so long after another
    column of ours.
    """

    product: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    after: str | None = None
    milliseconds: str | None = None
    seconds: str | None = None
    minutes: str | None = None
    hours: str | None = None
    days: str | None = None

    @classmethod
    def later(cls, after: str, unit: str, header: str) -> DerivedColumn:
        """A moment so long after another, in a unit of `TIME_UNITS`."""
        return cls(
            after=after,
            milliseconds=header if unit == "milliseconds" else None,
            seconds=header if unit == "seconds" else None,
            minutes=header if unit == "minutes" else None,
            hours=header if unit == "hours" else None,
            days=header if unit == "days" else None,
        )

    @property
    def headers(self) -> tuple[str, ...]:
        """What it is made from."""
        lengths = filter(None, (getattr(self, unit) for unit in TIME_UNITS))
        return (*self.product, *self.minus, *self.join, *lengths)

    def __str__(self) -> str:
        if self.after is not None:
            return f"{self.after} + {self.headers[0]}"
        return (" × " if self.product else " − " if self.minus else " + ").join(self.headers)


SourceColumn = str | int | tuple[str, ...] | DerivedColumn
"""A header; a position counted from 1; headers of which the first that a file has is meant; or
how a column is made from several."""


RequestHeaders = tuple[tuple[str, str], ...]
"""Names of headers, each with the variable that has its value: `env:CRM_KPI_SECRET_…`."""


@dataclass(frozen=True)
class SourceSpec:
    """One block of a source: files that are read the same way. None means: find out."""

    table: str
    paths: tuple[str, ...]
    """Files and globs, already relative to the working directory; `-` is stdin."""
    query: Query | None = None
    """Read from a database in place of files."""
    request_headers: RequestHeaders = ()
    """Sent to the host of addresses among the paths."""
    preset: Preset | str | None = None
    """How a known program writes its files: the name of one that is shipped, `none`, or the
    user's own; None means: find out by the headers."""
    columns: dict[str, SourceColumn] = field(default_factory=dict)
    """Ours: theirs."""
    constants: dict[str, str] = field(default_factory=dict)
    otherwise: dict[str, str] = field(default_factory=dict)
    """The same for columns that a file lacks: what stands in the file comes first."""
    dates: DateFormat | dict[str, DateFormat] | None = None
    numbers: NumberStyle | dict[str, NumberStyle] | None = None
    locale: str | None = None
    """`vi`: an open date is day first, an open number `1.234,56`; None means: by the headers."""
    encoding: str | None = None
    timezone: str | None = None
    """Of times that have no offset beside them; None means the reporting one, or UTC where the
    header says so."""
    delimiter: str | None = None
    sheet: str | int | None = None
    """Of a workbook: a name, a pattern of names, or a position from 1."""
    sheets: str | None = None
    """`all` that have the table's columns."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """Per column of ours: their word: our word; `*` stands for any other word."""
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Per column (ours or theirs): values. Rows left out are counted, not rejected."""
    missing: tuple[str, ...] | None = None
    once: str | None = None
    """A column of ours: of the rows that share a value of it, the first alone is read; or
    `none`: each row is read."""
    status: dict[str, str] | str | None = None
    """What is done with rows by the class of their status: `open`, `void`, `returned`, `partly`:
    `count` or `exclude`; or `ignore`: every row counts."""
    walk_in: tuple[str, ...] | None = None
    """Ids of customers who are nobody in particular; None means: by what such ids usually are."""
    scale: Decimal | None = None
    """What amounts of money are multiplied by: 0.01 where they are in cents."""
    end: str | None = None
    """What an end is: `inclusive`, the last day, or `exclusive`, the first day without."""
    totals: str | None = None
    """`skip`: lines of totals are no rows, whatever they say; None means that they have to be the
    sums of the rows around them."""
    duplicates: str | None = None
    """`keep` or `drop`; None means as the table's nature asks."""
    apart: bool = False
    """Files of other headers were written by other programs: how their dates and numbers are
    written is found out of each such group for itself."""


@dataclass(frozen=True)
class Preset:
    """The export of one program: how it is known, and how it is read."""

    name: str
    title: str
    about: str
    """What is done with the export, for its user."""
    headers: tuple[str, ...]
    """A file that lacks one of these is another."""
    lacks: dict[str, str]
    """Required column of ours that the program does not export: what to do about it."""
    spec: SourceSpec
    """Without paths. What it names and a file lacks is passed over."""


@dataclass(frozen=True)
class DimensionFile:
    """A file with a row for each value of a column of a table."""

    path: str
    """Already relative to the working directory."""
    key: str | None = None
    """The header of the values; None means: find out."""
    columns: tuple[str, ...] = ()
    """The headers to take; none means all others."""


@dataclass(frozen=True)
class IdentitiesFile:
    """A file with a row for each customer, or for each pair of ids that one customer has."""

    path: str
    """Already relative to the working directory."""
    columns: tuple[str, ...] = ()
    """The headers of ids, the customer's own first; none means all."""


@dataclass(frozen=True)
class Identities:
    """Which ids are one customer's."""

    path: str
    customers: dict[str, str]
    """Id of a channel: the customer's own id, which names itself."""


@dataclass(frozen=True)
class RatesFile:
    """A file of exchange rates, one a row: of a currency, from a date on."""

    path: str
    """Already relative to the working directory."""
    columns: dict[str, str] = field(default_factory=dict)
    """date, currency, rate: theirs."""
    dates: DateFormat | None = None
    numbers: NumberStyle | None = None


@dataclass(frozen=True)
class DatedRates:
    """What one unit of a currency is worth, by date."""

    rates: tuple[tuple[date, date, Decimal], ...]
    """First day, last day and rate, by first day; of two that hold on a day, the later counts."""


@dataclass(frozen=True)
class ReadOptions:
    """What holds for all sources of one run."""

    as_of: date
    moment: datetime | None = None
    """Until when that day is known, in UTC without zone; None for its end."""
    timezone: str = "UTC"
    own_zone: bool = False
    """No time zone is declared: that of the calendar is the offset that all times of a file
    share."""
    currency: str | None = None
    """Of the report; None means the data's only one."""
    exchange_rates: dict[str, Decimal | DatedRates] = field(default_factory=dict)
    rates_file: tuple[str, str] | None = None
    """The file that they come from, and a line of it as `exchange_rates.read` says it; None for
    those of the config."""
    identities: Identities | None = None
    """Ids of several channels that are one customer's."""
    scales: dict[str, tuple[int, int]] = field(
        default_factory=lambda: {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
    )
    """Lowest and highest score per survey; a score outside is a reject."""
    declared_scales: frozenset[str] = frozenset()
    """Surveys of which the user has said the scale; of the others it is found out."""
    high_is_easy: bool | None = None
    """Whether a high score of ces means easy, where the user has said so."""
    rejected_rows: Decimal = Decimal("0.01")
    """Highest tolerated share of rejected rows per source."""
    texts: dict[str, frozenset[str]] = field(default_factory=dict)
    """Per table: the text columns that somebody reads, by our name or by the file's own
    header (for --by and --where). Typed columns are always read, so that a row is
    rejected or not whatever is asked."""
    named: frozenset[str] = frozenset()
    """Columns that the user names in --by, --where or a goal, whatever their tables."""
    needed: dict[str, frozenset[str]] | None = None
    """Per table: the columns that the asked KPIs name. Of others, ids that no row needs are left
    out where several headers can be them. None: whoever asks is not known."""
    locale: str | None = None
    """That of all sources which do not declare their own."""
    open_meaning: str = "error"
    """`note` takes the first outcome of a reading that is open; else it is refused."""
    until_data: bool = False
    """`as_of` is the newest day of the data, up to the day that stands here."""
    spent: dict[str, frozenset[str]] = field(default_factory=dict)
    """Per table: columns that nobody reads once its rows are judged, and that the frame is
    without then; ids only where no value of them stands twice."""
    everything: bool = False
    """Read and check every canonical column (`validate`); limits are not enforced."""


def declared_for(declared: str | dict[str, str] | None, column: str) -> str | None:
    """What a source declares of one column, whether of all alike or of each."""
    return declared.get(column) if isinstance(declared, dict) else declared
