"""The config as a whole, as it is after reading: typed, complete, frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    InstanceOf,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from crm_kpi import marked
from crm_kpi.config.benchmarks_block import BenchmarksBlock
from crm_kpi.config.currency_rates import ExchangeRates, RateTable, dated, refuse_impossible
from crm_kpi.config.dimension import PathOrDimension
from crm_kpi.config.engine import Engine, NamedEngine
from crm_kpi.config.goal import Milestone, OwnGoal, Plan
from crm_kpi.config.identities_block import PathOrIdentities
from crm_kpi.config.notify_block import Recipient
from crm_kpi.config.own_metric import OwnMetric
from crm_kpi.config.report_keys import ReportKeys
from crm_kpi.config.scalars import (
    Currency,
    Day,
    Folder,
    Known,
    Moment,
    Month,
    Natural,
    Positive,
    Share,
    Size,
    Text,
    Timezone,
    listed,
    wrong,
)
from crm_kpi.config.sections import Section
from crm_kpi.config.source import Source, within
from crm_kpi.config.threshold import Threshold
from crm_kpi.durations import Duration
from crm_kpi.errors import did_you_mean
from crm_kpi.messages import text
from crm_kpi.periods import parse_moment
from crm_kpi.sources.spec import (
    DatedRates,
    DimensionFile,
    IdentitiesFile,
    Preset,
    RatesFile,
    SourceSpec,
)
from crm_kpi.tables import TABLES

__all__ = [
    "Checks",
    "Config",
    "Custom",
    "Limits",
    "Periods",
    "Source",
    "Threshold",
    "Variant",
    "is_label",
]


class Custom(Section):
    """A period of your own, such as a holiday or a campaign."""

    name: Text = Field(description="Its label in the output.")
    start: Day = Field(description="Its first day.")
    end: Day = Field(description="Its last day, which is in it.")

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: date, info: ValidationInfo) -> date:
        if end < info.data.get("start", end):
            raise wrong(text("config.before_start"))
        return end


class Periods(Section):
    """How time is cut into periods."""

    every: Literal["day", "week", "month", "quarter", "year", "all"] = Field(
        default="month", description="Length of a period; all makes one period of the whole time."
    )
    fiscal_year_start: Month = Field(
        default=1, description="Month, 1 to 12, in which the year begins."
    )
    week_start: Literal["monday", "sunday"] = Field(
        default="monday",
        description="Day on which a week begins. One from Sunday has the number of the ISO week "
        "that begins the day after.",
    )
    from_: Moment | None = Field(
        default=None,
        validation_alias="from",
        description="First day, or a period such as 2024-Q1. Default: the first date in the data.",
    )
    to: Moment | None = Field(
        default=None,
        description="Last day, which is included, or a period such as 2024-Q4. Default: as_of.",
    )
    last: Positive | None = Field(default=None, description="Show only the last so many periods.")
    custom: tuple[Custom, ...] = Field(default=(), description="Periods beside the regular ones.")

    @field_validator("to")
    @classmethod
    def _after_from(cls, to: str | None, info: ValidationInfo) -> str | None:
        start, fiscal = info.data.get("from_"), info.data.get("fiscal_year_start", 1)
        sunday = info.data.get("week_start") == "sunday"
        parse = partial(parse_moment, fiscal=fiscal, sunday=sunday)
        if start and to and parse(start)[0] >= parse(to)[1]:
            raise wrong(text("config.before_from", start=start))
        return to

    @field_validator("custom")
    @classmethod
    def _own_names(cls, custom: tuple[Custom, ...]) -> tuple[Custom, ...]:
        names = [period.name for period in custom]
        for name in names:
            if names.count(name) > 1:
                raise wrong(text("config.name_twice", name=name))
            if is_label(name):
                raise wrong(text("config.name_taken", name=name))
        return custom


def is_label(text: str) -> bool:
    """Whether a regular period may be called so."""
    try:
        parse_moment(text)
    except ValueError:
        return text == "all"
    return True


class Limits(Section):
    """What a run tolerates."""

    rejected_rows: Share = Field(
        default=Decimal("0.01"),
        description="Highest share of rejected rows of a source, such as 1%; above it the run "
        "ends with code 3.",
    )
    open_meaning: Literal["error", "note"] = Field(
        default="error",
        description="What is done where the files leave open what a column means and a number "
        "depends on it: end with code 3, or take the first reading and say so.",
    )
    low_n: Natural = Field(
        default=30, description="Below so many observations a result's status is low_n."
    )
    download_size: Size = Field(
        default=100 << 20,
        description="Highest number of bytes of a table that is fetched, such as 100MiB, when it "
        "is unpacked; a larger one ends with code 3.",
    )
    download_seconds: Annotated[Positive, Field(le=3600)] = Field(
        default=60,
        description="Within so many seconds a table that is fetched has to be here.",
    )
    memory: Size | None = Field(
        default=None,
        description="Memory that a run may take, such as 512MiB; tables that need more are kept in "
        "temporary files, which takes DuckDB. Default: half of what the cgroup "
        "or the machine has.",
    )


class Checks(Section):
    """What `check` asks of the data before it trusts a goal that is met."""

    freshness: dict[Text, Duration] = Field(
        default_factory=dict,
        description="Table: how old its newest row may be; older data end with code 3.",
    )
    no_data: Literal["error", "ok"] = Field(
        default="error", description="What a goal without a value is: an error with code 3, or ok."
    )

    @field_validator("freshness")
    @classmethod
    def _known(cls, freshness: dict[str, Duration]) -> dict[str, Duration]:
        for table in freshness:
            if table not in TABLES:
                raise wrong(
                    text("config.no_table", table=table),
                    did_you_mean(table, TABLES) or text("config.tables", tables=", ".join(TABLES)),
                )
        return freshness


@dataclass(frozen=True)
class Variant:
    """The definition in force of a metric, or of a second variant of it."""

    metric: str
    definition: BaseModel


Sources = Annotated[
    tuple[Source, ...], BeforeValidator(listed, json_schema_input_type=Source | list[Source])
]
Thresholds = Annotated[
    tuple[Threshold, ...],
    BeforeValidator(listed, json_schema_input_type=Threshold | list[Threshold]),
]


class Config(Section):
    """Config of crm-kpi."""

    timezone: Timezone = Field(
        default="UTC", description="Reporting time zone, an IANA name such as Asia/Ho_Chi_Minh."
    )
    currency: Currency | None = Field(
        default=None, description="Currency of the report. Default: the only one in the data."
    )
    exchange_rates: ExchangeRates = Field(
        default_factory=dict,
        description="Currency code: what one unit of it is worth in `currency`, one number or one "
        "per month such as 2024-01; or a file of rates by date. A rate that changes is taken at "
        "the date of each row: that of a transaction or cost, the start of a subscription, the "
        "end of a deal or, while it is open, its beginning.",
    )
    locale: Literal["vi"] | None = Field(
        default=None, description="The same for all sources as `locale` of each."
    )
    as_of: Known | None = Field(
        default=None,
        description="Until when is known: the end of a day, a moment such as 2024-12-31 14:30, "
        "`today` in `timezone`, or `data`: the newest date in the data up to today on which "
        "something happened. Default: today; data, where files are given without a config.",
    )
    periods: Periods = Field(default=Periods(), description="How time is cut into periods.")
    sources: dict[str, Sources] = Field(
        default_factory=dict,
        description="Table: the files that feed it, a block or a list of them.",
    )
    dimensions: dict[Text, PathOrDimension] = Field(
        default_factory=dict,
        description="Column of a table, such as owner: a file with a row for each of its values, "
        "whose other columns, such as team, serve --by, --where and `by` in every table that has "
        "the column. The file's path, or a block.",
    )
    identities: PathOrIdentities | None = Field(
        default=None,
        description="A file with the ids that one customer has in several programs, a customer a "
        "row: in every table they become the id of the first column that is filled. The file's "
        "path, or a block.",
    )
    definitions: Annotated[dict[str, InstanceOf[Variant]], WithJsonSchema({"type": "object"})] = (
        Field(
            default_factory=dict,
            description="Metric id: the variant in force; or a name of yours: a second variant, "
            "with `metric:` for the metric that it varies.",
        )
    )
    metrics: dict[str, InstanceOf[OwnMetric] | OwnMetric] = Field(
        default_factory=dict,
        description="Name of yours: a KPI of your own, computed from others by a `formula`, or a "
        "`metric` of the rows that `where` keeps.",
    )
    thresholds: dict[str, Thresholds | Milestone | Plan] = Field(
        default_factory=dict,
        description="Metric id, or name of a variant: the goal for it, a block or a list of them; "
        "or a name of yours for something to be done, or for a goal that is made of others.",
    )
    benchmarks: BenchmarksBlock = Field(
        default=BenchmarksBlock(), description="What others have, told beside one's own results."
    )
    checks: Checks = Field(default=Checks(), description="What `check` asks of the data.")
    report: ReportKeys = Field(
        default=ReportKeys(), description="What a report for people holds, and its views."
    )
    notify: dict[Text, Recipient] = Field(
        default_factory=dict,
        description="Name: who is told by `crm-kpi notify`, of what, and how often.",
    )
    limits: Limits = Field(default=Limits(), description="What a run tolerates.")
    engine: NamedEngine = Field(default=Engine(), description="What computes.")
    cache: Folder = Field(
        default=False,
        description="Keep the tables as they were read, for the next run over the same files: "
        "true for the user's cache folder, or a folder relative to the config file, in which "
        "`.crm-kpi-cache` is made.",
    )

    _path: Path | None = PrivateAttr(None)
    _settings: tuple[str, ...] = PrivateAttr(())
    _presets: Mapping[tuple[str, str], Preset] = PrivateAttr(default_factory=dict)

    @field_validator("exchange_rates")
    @classmethod
    def _to_currency(cls, rates: ExchangeRates, info: ValidationInfo) -> ExchangeRates:
        currency = info.data.get("currency", "")
        if rates and currency is None:
            raise wrong(text("config.needs_currency"), text("config.add_currency"))
        if not isinstance(rates, RateTable):
            refuse_impossible(rates, currency)
        return rates

    @property
    def dated_rates(self) -> dict[str, Decimal | DatedRates]:
        """The rates that stand here."""
        if isinstance(self.exchange_rates, RateTable):
            return {}
        return {code: dated(rate) for code, rate in self.exchange_rates.items()}

    @property
    def rates_file(self) -> RatesFile | None:
        """The file in which they stand, its path seen from the working directory."""
        if not isinstance(self.exchange_rates, RateTable):
            return None
        fields: dict[str, Any] = dict(self.exchange_rates)
        return RatesFile(within(self.folder, fields.pop("path")), **fields)

    @property
    def dimension_files(self) -> dict[str, DimensionFile]:
        """The file of each dimension, its path seen from the working directory."""
        return {
            name: DimensionFile(within(self.folder, each.path), each.key, each.columns)
            for name, each in self.dimensions.items()
        }

    @property
    def identities_file(self) -> IdentitiesFile | None:
        """The file of ids, its path seen from the working directory."""
        each = self.identities
        if each is None:
            return None
        return IdentitiesFile(within(self.folder, each.path), each.columns)

    @property
    def benchmarks_path(self) -> str | None:
        """The file of benchmarks, its path seen from the working directory."""
        path = self.benchmarks.path
        return None if path is None else within(self.folder, path)

    @property
    def lookup_paths(self) -> list[str]:
        """The files that are looked things up in, which feed no table."""
        rates = [self.rates_file.path] if self.rates_file else []
        ids = [self.identities_file.path] if self.identities_file else []
        return [
            *rates,
            *ids,
            *([self.benchmarks_path] if self.benchmarks_path else []),
            *(file.path for file in self.dimension_files.values()),
        ]

    @property
    def folder(self) -> Path | None:
        """That of its file, from which its paths go."""
        return self.path.parent if self.path else None

    @property
    def kpi_thresholds(self) -> dict[str, tuple[Threshold, ...]]:
        """The goals of KPIs and variants."""
        return {name: t for name, t in self.thresholds.items() if isinstance(t, tuple)}

    @property
    def goals(self) -> dict[str, OwnGoal]:
        """The goals that are no KPI's."""
        return {name: t for name, t in self.thresholds.items() if not isinstance(t, tuple)}

    @property
    def path(self) -> Path | None:
        """The file it was read from; None for the defaults."""
        return self._path

    @property
    def settings(self) -> tuple[str, ...]:
        """KEY=VALUE of what was set over the file."""
        return self._settings

    def at(
        self,
        path: Path | None,
        settings: Iterable[str],
        presets: Mapping[tuple[str, str], Preset],
    ) -> Self:
        """The same, as read from `path` with `settings` over it; `presets` are those of a table
        that are files of the user's own, by table and name."""
        config = self.model_copy()
        config._path, config._settings, config._presets = path, tuple(settings), presets
        return config

    def cache_folder(self) -> Path | None:
        """Where tables are kept between runs: a folder of our own; None where they are not."""
        if isinstance(self.cache, str):
            return (self.path.parent if self.path else Path()) / self.cache / ".crm-kpi-cache"
        return marked.user_folder() if self.cache else None

    def specs(self) -> dict[str, tuple[SourceSpec, ...]]:
        """For the loader: per table, the blocks with paths seen from the working directory."""
        return {
            table: tuple(
                block.spec(table, self.folder, self._presets.get((table, block.preset or "")))
                for block in blocks
            )
            for table, blocks in self.sources.items()
        }
