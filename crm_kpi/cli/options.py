"""What each command can be asked, as one typed class a command; typer's options follow from it.

A field is annotated with its option: one name, one meaning everywhere.
"""

# No postponed annotations: every start, that of help too, would evaluate them again.

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from crm_kpi import catalogue
from crm_kpi.addresses import is_address
from crm_kpi.cli import answer_options, completion, fetching, language, variables
from crm_kpi.cli.answer_options import FORMAT, AnswerOptions, Language, OutputFile, Quiet
from crm_kpi.cli.parameters import FILES_PER_TABLE, argument, option
from crm_kpi.errors import ConfigError, UsageError
from crm_kpi.messages import text
from crm_kpi.render.formats import CATALOGUE_FORMATS, FORMATS, LIST_FORMATS

if TYPE_CHECKING:
    from crm_kpi.config import Setting
    from crm_kpi.config.model import Config

DATA, TIME, _OUT = "Data", "Periods", answer_options.PANEL


Every = Literal["day", "week", "month", "quarter", "year", "all"]
EngineName = Literal["polars", "duckdb", "spark"]
ListFormat: Any = Literal[LIST_FORMATS] | None
CatalogueFormat: Any = Literal[CATALOGUE_FORMATS] | None


def by_option(help: str) -> Any:
    return option("--by", help=help, panel=DATA, metavar="COLUMN", complete=completion.columns)


def where_option(help: str) -> Any:
    return option(
        "--where", help=help, panel=DATA, metavar="COLUMN=VALUE", complete=completion.conditions
    )


AsOf = Annotated[
    str | None,
    option(
        "--as-of",
        help="Until when is known: a date, with a time or without, today, or data (the newest "
        "date in it); default today, for files without a config data.",
        panel=TIME,
        metavar="DATE",
    ),
]
Files = Annotated[Mapping[str, Sequence[str]], FILES_PER_TABLE]
"""Table: the files given for it, by an option called like the table."""
AllowNet = Annotated[
    list[str] | None,
    option(
        "--allow-net",
        help="Fetch FILES that are https addresses from this host; .HOST: and from all below it; "
        "repeatable.",
        panel=DATA,
        metavar="HOST",
    ),
]


Strict = Annotated[
    bool, option("--strict", help="Not a single rejected row is tolerated.", panel=DATA)
]


@dataclass(kw_only=True, eq=False, repr=False)
class ConfigOptions:
    """The config, and what is said over it on the command line."""

    config: Annotated[
        Path | None,
        option(
            "-c",
            "--config",
            help="Config file; default $CRM_KPI_CONFIG, then, where no file of data is named, "
            "crm-kpi.yaml here.",
            panel=DATA,
            metavar="FILE",
        ),
    ] = None
    set_: Annotated[
        list[str] | None,
        option(
            "--set",
            help="Set any config key, dotted: --set limits.low_n=10.",
            panel=DATA,
            metavar="KEY=VALUE",
        ),
    ] = None

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        """The options that are config keys under another name: option: (key, value)."""
        return {}

    @property
    def settings(self) -> list["Setting"]:
        """What is set over the config, and by which option or variable."""
        from crm_kpi.config import Setting

        variable = variables.variable("--set")
        settings = [
            Setting(word, f"{variable} {word.partition('=')[0]}" if variable else None)
            for word in self.set_ or ()
        ]
        for name, (key, value) in self.keys.items():
            if value is True:
                settings.append(Setting(f"{key}=0", variables.variable(name) or name))
            elif value is not None and value is not False:
                settings.append(Setting(f"{key}={value}", variables.origin(name, value)))
        return settings

    @property
    def names_files(self) -> bool:
        """Whether files of data are named, so that no config is looked for."""
        return False

    @property
    def allowed_hosts(self) -> Sequence[str]:
        """Those that the command line allows to fetch from."""
        return ()

    def load_config(self) -> "Config":
        """The config with the options over it. A fault of an option is told by its own name.

        Raises:
            ConfigError: as `crm_kpi.config.load_config` says.
        """
        config = self._config()
        fetching.allow(self.allowed_hosts, config)
        return config

    def _config(self) -> "Config":
        from crm_kpi.config import load_config

        settings = self.settings
        try:
            config = load_config(self.config, settings, discover=not self.names_files)
            language.take_configured(config.report.language)
            return config
        except ConfigError as error:
            paths = [*self._paths(error)]
            if paths:  # --set sources.TABLE.dates=… beside a FILE, without a config
                settings = [*paths, *settings]
                config = load_config(self.config, settings, discover=not self.names_files)
                language.take_configured(config.report.language)
                return config
            options = {setting.origin for setting in settings if setting.origin}
            problems = [
                replace(problem, column=None) if problem.path in options else problem
                for problem in error.problems
            ]
            raise ConfigError(error.message, hint=error.hint, problems=problems) from error

    def files_of(self, table: str) -> list[str]:
        """The files that the command line names for a table of the config."""
        return []

    def _paths(self, error: ConfigError) -> Iterator["Setting"]:
        """What says to a source without a path that its files stand on the command line."""
        from crm_kpi.config import Setting

        for problem in error.problems:
            keys = (problem.column or "").split(".")
            if keys[:1] == ["sources"] and keys[2:] == ["path"]:
                files = self.files_of(keys[1])
                if files:
                    paths = [*map(_absolute, files)]
                    yield Setting(f"sources.{keys[1]}.path={json.dumps(paths)}")


def _absolute(file: str) -> str:
    return file if file == "-" or is_address(file) else str(Path(file).absolute())


@dataclass(kw_only=True, eq=False, repr=False)
class DataOptions(ConfigOptions):
    """Which data, and which part of them."""

    files: Files = field(default_factory=dict)
    by: Annotated[list[str] | None, by_option("Split by a column; repeatable.")] = None
    where: Annotated[
        list[str] | None, where_option("Keep only rows with this value; repeatable.")
    ] = None
    strict: Strict = False
    engine: Annotated[
        EngineName | None, option("--engine", help="What computes; same answers.", panel=DATA)
    ] = None
    allow_net: AllowNet = None

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        return {"--strict": ("limits.rejected_rows", self.strict)}

    def load_config(self) -> "Config":
        """`--engine` leaves alone where Spark is."""
        config = super().load_config()
        if self.engine is None:
            return config
        engine = config.engine.model_copy(update={"name": self.engine})
        return config.model_copy(update={"engine": engine})

    @property
    def names_files(self) -> bool:
        return bool(self.files)

    @property
    def allowed_hosts(self) -> Sequence[str]:
        return self.allow_net or ()

    def files_of(self, table: str) -> list[str]:
        return [*map(str, self.files.get(table, ()))]

    @property
    def filters(self) -> dict[str, list[str | None]]:
        """--where by column; several values of one column are alternatives, a blank is null."""
        from crm_kpi.sources.io.folders import is_utf8

        filters: dict[str, list[str | None]] = {}
        for word in self.where or []:
            name, equals, value = word.partition("=")
            if not (name and equals):
                raise UsageError(
                    text("cli.where_not_column_value", word=word), hint=text("cli.where_example")
                )
            if not word.isascii() and not is_utf8(word):
                raise UsageError(text("cli.where_not_utf8", word=word), hint=text("cli.type_utf8"))
            filters.setdefault(name.strip(), []).append(value or None)
        return filters


@dataclass(kw_only=True, eq=False, repr=False)
class TimeOptions(ConfigOptions):
    """Periods, and the last day that is known."""

    every: Annotated[Every | None, option("--every", help="Length of a period.", panel=TIME)] = None
    from_: Annotated[
        str | None,
        option(
            "--from",
            help="First day or period: 2024-01-31, 2024-03, 2024-Q1.",
            panel=TIME,
            metavar="WHEN",
        ),
    ] = None
    to: Annotated[
        str | None,
        option("--to", help="Last day or period, inclusive.", panel=TIME, metavar="WHEN"),
    ] = None
    last: Annotated[
        int | None, option("--last", help="Only the last N periods.", panel=TIME, metavar="N")
    ] = None
    as_of: AsOf = None

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        return {
            "--every": ("periods.every", self.every),
            "--from": ("periods.from", self.from_),
            "--to": ("periods.to", self.to),
            "--last": ("periods.last", self.last),
            "--as-of": ("as_of", self.as_of),
            **super().keys,
        }


@dataclass(kw_only=True, eq=False, repr=False)
class QueryOptions(AnswerOptions, TimeOptions, DataOptions):
    """A question about the data. Fields come in the order of help: those of the last base first."""

    theme: Annotated[
        Literal["light", "dark"] | None,
        option(
            "--theme",
            help="Of a page or a picture; default: as the reader's system has it, light.",
            panel=_OUT,
        ),
    ] = None
    log: Annotated[
        str | None,
        option(
            "--log",
            help="Add the values of whole periods that are reported for the first time to a file; "
            "crm-kpi restated shows what has changed since.",
            panel=_OUT,
            metavar="FILE.ndjson",
        ),
    ] = None


@dataclass(kw_only=True, eq=False, repr=False)
class ReportOptions(QueryOptions):
    """Several KPIs."""

    metrics: Annotated[
        list[str] | None,
        argument("METRICS", "Ids of KPIs and analyses; default: all KPIs.", completion.names),
    ] = None
    view: Annotated[
        str | None,
        option(
            "--view",
            help="The KPIs of a view: before_sale, after_sale, or one of report.views.",
            panel=DATA,
            metavar="NAME",
            complete=completion.views,
        ),
    ] = None
    detail: Annotated[
        bool,
        option(
            "--detail",
            help="Every period of every KPI, with intervals and definitions, as a table.",
            panel=_OUT,
        ),
    ] = False
    all_: Annotated[
        bool, option("--all", help="A line for every KPI in the overview.", panel=_OUT)
    ] = False
    watch: Annotated[
        bool,
        option(
            "--watch",
            help="Write the -o file anew whenever a file that is read changes, until Ctrl-C.",
            panel=_OUT,
        ),
    ] = False

    def __post_init__(self) -> None:
        """On a terminal people get the overview, unless they say otherwise."""
        asked = self.format
        super().__post_init__()
        if self.detail and self.format != "table":
            raise UsageError(
                text("cli.detail_is_a_table", format=self.format), hint=text("cli.without_format")
            )
        plain = not (asked or self.detail or self.output or self.excel)
        if plain and sys.stdout is not None and sys.stdout.isatty():
            self.format = "overview"


@dataclass(kw_only=True, eq=False, repr=False)
class OpenOptions(ReportOptions):
    """The report as a file for people, which is opened."""

    def __post_init__(self) -> None:
        if self.output is None:
            self.output = f"report{FORMATS[self.format or 'html'].ending}"
        super().__post_init__()


@dataclass(kw_only=True, eq=False, repr=False)
class MetricOptions(QueryOptions):
    """One KPI."""

    paths: Annotated[
        list[str] | None,
        argument("FILES", "Files for its main table, which add up; - is stdin."),
    ] = None

    @property
    def names_files(self) -> bool:
        return bool(self.files or self.paths)

    def files_of(self, table: str) -> list[str]:
        return super().files_of(table) or self.paths or []


@dataclass(kw_only=True, eq=False, repr=False)
class DefinitionOptions:
    """Which variant is meant."""

    definition: Annotated[
        list[str] | None,
        option(
            "--definition",
            help="Which variant is meant, as under definitions: in the config; repeatable.",
            panel=DATA,
            metavar="KEY=VALUE",
        ),
    ] = None


@dataclass(kw_only=True, eq=False, repr=False)
class AnalysisOptions(MetricOptions, DefinitionOptions):
    """One analysis; help names the definition first."""


@dataclass(kw_only=True, eq=False, repr=False)
class CustomerOptions:
    """Whom it is about."""

    customer: Annotated[str, argument("CUSTOMER", "Id of a customer.")]


@dataclass(kw_only=True, eq=False, repr=False)
class HistoryOptions(AnalysisOptions, CustomerOptions):
    """The analysis of one customer, who is named first."""


@dataclass(kw_only=True, eq=False, repr=False)
class NamedMetricOptions:
    """Which metric it is about."""

    metric: Annotated[
        str | None,
        argument("METRIC", "Metric of money or count; default revenue.", completion.names),
    ] = None


@dataclass(kw_only=True, eq=False, repr=False)
class ChangeOptions:
    """What has moved, and between which periods."""

    metric: Annotated[str, argument("METRIC", "Id of a KPI.", completion.names)]
    period: Annotated[
        str | None,
        option(
            "--period",
            help="The later of two periods, such as 2024-03 or 2024-Q1; default the last whole "
            "one.",
            panel=TIME,
            metavar="PERIOD",
        ),
    ] = None
    against: Annotated[
        str | None,
        option(
            "--against",
            help="The period that it is set against; default the one before it.",
            panel=TIME,
            metavar="PERIOD",
        ),
    ] = None


@dataclass(kw_only=True, eq=False, repr=False)
class DriversOptions(AnalysisOptions, ChangeOptions):
    """The analysis of a change, with the KPI first."""


@dataclass(kw_only=True, eq=False, repr=False)
class ForecastOptions(AnalysisOptions, NamedMetricOptions):
    """The analysis that is made of a metric, which may be named first."""

    def __post_init__(self) -> None:
        """The first word may be a file as well."""
        super().__post_init__()
        word = self.metric
        is_file = word is not None and (word == "-" or Path(word).is_file())
        if word is not None and is_file and catalogue.find(word) is None:
            self.metric, self.paths = None, [word, *(self.paths or ())]

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        name = self.metric and (catalogue.find(self.metric) or self.metric.replace("-", "_"))
        return {**super().keys, "METRIC": ("definitions.forecast.metric", name)}


OF_ANALYSES: Mapping[str, type[AnalysisOptions]] = {
    "drivers": DriversOptions,
    "forecast": ForecastOptions,
    "history": HistoryOptions,
}
"""What analyses are asked that begin with something to name."""


@dataclass(kw_only=True, eq=False, repr=False)
class CheckOptions(QueryOptions):
    """Thresholds, and what a missed one means."""

    unusual: Annotated[
        bool,
        option(
            "--unusual",
            help="Also every KPI whose last whole period is unlike those before; ends with 4 when "
            "one is.",
            panel=DATA,
        ),
    ] = False

    fail_on: Annotated[
        Literal["missed", "warning"],
        option("--fail-on", help="What ends with exit code 4.", panel=_OUT),
    ] = "missed"
    exit_zero: Annotated[bool, option("--exit-zero", help="End with 0 even so.", panel=_OUT)] = (
        False
    )


@dataclass(kw_only=True, eq=False, repr=False)
class ValidateOptions(AnswerOptions, DataOptions):
    """What is looked at, and how the list of problems is written."""

    formats: ClassVar[Sequence[str]] = LIST_FORMATS
    paths: Annotated[
        list[str] | None, argument("FILES", "Files to look at; default: the config's.")
    ] = None
    as_of: AsOf = None
    format: Annotated[
        ListFormat,
        option(
            "-f",
            "--format",
            help="How the list is written; default: what the ending of -o says, or table; "
            "github: as annotations of a workflow.",
            panel=_OUT,
        ),
    ] = None
    output: OutputFile = None
    clean: Annotated[
        Path | None,
        option(
            "--clean",
            metavar="DIR",
            panel=_OUT,
            help="Write each table as it was read, with our columns, other files as text, "
            "and rejects.csv.",
        ),
    ] = None
    quality: Annotated[
        bool,
        option(
            "--quality",
            help="Also what lowers data quality: e-mails, phones, repeats, contradictions.",
            panel=DATA,
        ),
    ] = False

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        return {"--as-of": ("as_of", self.as_of), **super().keys}

    @property
    def names_files(self) -> bool:
        return bool(self.files or self.paths)


@dataclass(kw_only=True, eq=False, repr=False)
class InitOptions:
    """Files to look at, and who answers the questions."""

    paths: Annotated[list[str] | None, argument("FILES", "Files to look at.")] = None
    files: Files = field(default_factory=dict)
    allow_net: AllowNet = None
    output: OutputFile = None
    quiet: Quiet = False
    yes: Annotated[
        bool,
        option(
            "-y",
            "--yes",
            help="Take what is proved or usual and leave the rest open, as lines of the config to "
            "choose from; replace the -o file.",
            panel=_OUT,
        ),
    ] = False
    no_input: Annotated[bool, option("--no-input", help="Never ask.", panel=_OUT)] = False
    language: Language = None


@dataclass(kw_only=True, eq=False, repr=False)
class MetricsOptions(AnswerOptions, ConfigOptions):
    """The catalogue, or one KPI of it."""

    formats: ClassVar[Sequence[str]] = CATALOGUE_FORMATS
    format: Annotated[CatalogueFormat, FORMAT] = None
    output: OutputFile = None
    metric: Annotated[str | None, argument("METRIC", "Id of a metric.", completion.names)] = None


@dataclass(kw_only=True, eq=False, repr=False)
class BenchmarksOptions(MetricsOptions):
    """What others have, of all KPIs or of one."""

    industry: Annotated[
        list[str] | None,
        option(
            "--industry", help="Only those of an industry; repeatable.", panel=DATA, metavar="NAME"
        ),
    ] = None


@dataclass(kw_only=True, eq=False, repr=False)
class SchemaOptions:
    """Which schema."""

    what: Annotated[Literal["config", "output"], argument("WHAT", "config or output")] = "config"
    output: OutputFile = None
    language: Language = None


@dataclass(kw_only=True, eq=False, repr=False)
class ConfigCommandOptions(TimeOptions):
    """What is done with the config that a report with these options would have."""

    strict: Strict = False
    what: Annotated[
        Literal["show", "check"],
        argument("WHAT", "show: the config in force, as YAML; check: whether it is right."),
    ] = "show"
    origin: Annotated[
        bool,
        option(
            "--origin",
            help="Say of every value where it comes from: file and line, option, variable or "
            "default.",
            panel=_OUT,
        ),
    ] = False
    output: OutputFile = None
    language: Language = None
    quiet: Quiet = False

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        return {"--strict": ("limits.rejected_rows", self.strict), **super().keys}


@dataclass(kw_only=True, eq=False, repr=False)
class ManOptions:
    """Where the manual goes; what it says of itself can be asked for in a language."""

    output: OutputFile = None
    language: Language = None


@dataclass(kw_only=True, eq=False, repr=False)
class DemoOptions:
    """Where the sample data go, how many and which."""

    folder: Annotated[Path, argument("FOLDER", "Folder to write to.")]
    customers: Annotated[
        int, option("--customers", help="How many customers.", panel=DATA, metavar="N")
    ] = 400
    seed: Annotated[
        int, option("--seed", help="Same seed, same data.", panel=DATA, metavar="S")
    ] = 7
    language: Language = None
    quiet: Quiet = False
