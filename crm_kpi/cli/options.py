"""What each command can be asked, as one typed class a command; typer's options follow from it.

A field is annotated with its option: one name, one meaning everywhere.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_type_hints

import typer

from crm_kpi.cli import completion
from crm_kpi.errors import ConfigError, UsageError
from crm_kpi.render.formats import LIST_FORMATS, REPORT_FORMATS
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from crm_kpi.config import Setting
    from crm_kpi.config.model import Config

_DATA, _TIME, _OUT = "Data", "Periods", "Output"
_FILES = "a file for each table"


def _option(*names: str, help: str, panel: str, metavar: str | None = None) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=panel, metavar=metavar)


def _argument(name: str, help: str, complete: Any = None) -> Any:
    return typer.Argument(help=help, metavar=name, autocompletion=complete)


Every = Literal["day", "week", "month", "quarter", "year", "all"]
EngineName = Literal["polars", "duckdb", "spark"]
ReportFormat: Any = Literal[REPORT_FORMATS]
ListFormat: Any = Literal[LIST_FORMATS]

OutputFile = Annotated[
    Path | None,
    _option(
        "-o", "--output", help="Write to a file, whole or not at all.", panel=_OUT, metavar="FILE"
    ),
]
Quiet = Annotated[bool, _option("-q", "--quiet", help="Errors only on stderr.", panel=_OUT)]
Verbose = Annotated[
    bool,
    _option("-v", "--verbose", help="Say everything that was assumed or noticed.", panel=_OUT),
]
AsOf = Annotated[
    str | None,
    _option(
        "--as-of", help="The last day that is known; default today.", panel=_TIME, metavar="DATE"
    ),
]
Files = Annotated[Mapping[str, Path], _FILES]
"""Table: the file given for it, by an option called like the table."""


@dataclass(frozen=True, kw_only=True)
class ConfigOptions:
    """The config, and what is said over it on the command line."""

    config: Annotated[
        Path | None,
        _option(
            "-c",
            "--config",
            help="Config file; default $CRM_KPI_CONFIG, then crm-kpi.yaml here.",
            panel=_DATA,
            metavar="FILE",
        ),
    ] = None
    set_: Annotated[
        list[str] | None,
        _option(
            "--set",
            help="Set any config key, dotted: --set limits.low_n=10.",
            panel=_DATA,
            metavar="KEY=VALUE",
        ),
    ] = None

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        """The options that are config keys under another name: option: (key, value)."""
        return {}

    def load_config(self) -> Config:
        """The config with the options over it. A fault of an option is told by its own name.

        Raises:
            ConfigError: as `crm_kpi.config.load_config` says.
        """
        from crm_kpi.config import Setting, load_config

        settings = [Setting(word) for word in self.set_ or ()]
        for option, (key, value) in self.keys.items():
            if value is True:
                settings.append(Setting(f"{key}=0", option))
            elif value not in (None, False):
                settings.append(Setting(f"{key}={value}", f"{option} {value}"))
        try:
            return load_config(self.config, settings)
        except ConfigError as error:
            paths = [*self._paths(error)]
            if paths:  # --set sources.TABLE.dates=… beside a FILE, without a config
                return load_config(self.config, [*paths, *settings])
            options = {setting.origin for setting in settings if setting.origin}
            problems = [
                replace(problem, column=None) if problem.path in options else problem
                for problem in error.problems
            ]
            raise ConfigError(error.message, hint=error.hint, problems=problems) from error

    def file_of(self, table: str) -> str | None:
        """The file that the command line names for a table of the config."""
        return None

    def _paths(self, error: ConfigError) -> Iterator[Setting]:
        """What says to a source without a path that its file stands on the command line."""
        from crm_kpi.config import Setting

        for problem in error.problems:
            keys = (problem.column or "").split(".")
            if keys[:1] == ["sources"] and keys[2:] == ["path"]:
                file = self.file_of(keys[1])
                if file is not None:
                    path = file if file == "-" else str(Path(file).absolute())
                    yield Setting(f"sources.{keys[1]}.path={json.dumps(path)}")


@dataclass(frozen=True, kw_only=True)
class DataOptions(ConfigOptions):
    """Which data, and which part of them."""

    files: Files = field(default_factory=dict)
    by: Annotated[
        list[str] | None,
        _option("--by", help="Split by a column; repeatable.", panel=_DATA, metavar="COLUMN"),
    ] = None
    where: Annotated[
        list[str] | None,
        _option(
            "--where",
            help="Keep only rows with this value; repeatable.",
            panel=_DATA,
            metavar="COLUMN=VALUE",
        ),
    ] = None
    strict: Annotated[
        bool, _option("--strict", help="Not a single rejected row is tolerated.", panel=_DATA)
    ] = False
    engine: Annotated[
        EngineName | None, _option("--engine", help="What computes; same answers.", panel=_DATA)
    ] = None

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        return {"--strict": ("limits.rejected_rows", self.strict)}

    def load_config(self) -> Config:
        """`--engine` leaves alone where Spark is."""
        config = super().load_config()
        if self.engine is None:
            return config
        engine = config.engine.model_copy(update={"name": self.engine})
        return config.model_copy(update={"engine": engine})

    def file_of(self, table: str) -> str | None:
        return str(self.files[table]) if table in self.files else None

    @property
    def filters(self) -> dict[str, list[str | None]]:
        """--where by column; several values of one column are alternatives, a blank is null."""
        from crm_kpi.sources.io.folders import is_utf8

        filters: dict[str, list[str | None]] = {}
        for word in self.where or []:
            name, equals, value = word.partition("=")
            if not (name and equals):
                raise UsageError(
                    f"--where {word}: should be COLUMN=VALUE",
                    hint="for example --where 'region=Hà Nội'",
                )
            if not word.isascii() and not is_utf8(word):
                raise UsageError(f"--where {word}: is not UTF-8", hint="type it in a UTF-8 locale")
            filters.setdefault(name.strip(), []).append(value or None)
        return filters


@dataclass(frozen=True, kw_only=True)
class QueryOptions(DataOptions):
    """A question about the data: periods, and how the answer is written."""

    every: Annotated[Every | None, _option("--every", help="Length of a period.", panel=_TIME)] = (
        None
    )
    from_: Annotated[
        str | None,
        _option(
            "--from",
            help="First day or period: 2024-01-31, 2024-03, 2024-Q1.",
            panel=_TIME,
            metavar="WHEN",
        ),
    ] = None
    to: Annotated[
        str | None,
        _option("--to", help="Last day or period, inclusive.", panel=_TIME, metavar="WHEN"),
    ] = None
    last: Annotated[
        int | None, _option("--last", help="Only the last N periods.", panel=_TIME, metavar="N")
    ] = None
    as_of: AsOf = None
    format: Annotated[
        ReportFormat, _option("-f", "--format", help="How the answer is written.", panel=_OUT)
    ] = "table"
    output: OutputFile = None
    quiet: Quiet = False
    verbose: Verbose = False

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


@dataclass(frozen=True, kw_only=True)
class ReportOptions(QueryOptions):
    metrics: Annotated[
        list[str] | None,
        _argument("METRICS", "Ids of KPIs and analyses; default: all KPIs.", completion.names),
    ] = None


@dataclass(frozen=True, kw_only=True)
class MetricOptions(QueryOptions):
    """One KPI."""

    file: Annotated[str | None, _argument("FILE", "File for its main table; - is stdin.")] = None

    def file_of(self, table: str) -> str | None:
        return super().file_of(table) or self.file


@dataclass(frozen=True, kw_only=True)
class DefinitionOptions:
    definition: Annotated[
        list[str] | None,
        _option(
            "--definition",
            help="Which variant is meant, as under definitions: in the config; repeatable.",
            panel=_DATA,
            metavar="KEY=VALUE",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class AnalysisOptions(MetricOptions, DefinitionOptions):
    """One analysis; help names the definition first."""


@dataclass(frozen=True, kw_only=True)
class CheckOptions(QueryOptions):
    fail_on: Annotated[
        Literal["missed", "warning"],
        _option("--fail-on", help="What ends with exit code 4.", panel=_OUT),
    ] = "missed"
    exit_zero: Annotated[bool, _option("--exit-zero", help="End with 0 even so.", panel=_OUT)] = (
        False
    )


@dataclass(frozen=True, kw_only=True)
class ValidateOptions(DataOptions):
    paths: Annotated[
        list[str] | None, _argument("FILES", "Files to look at; default: the config's.")
    ] = None
    as_of: AsOf = None
    format: Annotated[
        ListFormat,
        _option(
            "-f",
            "--format",
            help="How the list is written; github: as annotations of a workflow.",
            panel=_OUT,
        ),
    ] = "table"
    output: OutputFile = None
    quiet: Quiet = False
    verbose: Verbose = False
    clean: Annotated[
        Path | None,
        _option(
            "--clean",
            metavar="DIR",
            panel=_OUT,
            help="Write each table as it was read, with our columns, other files as text, "
            "and rejects.csv.",
        ),
    ] = None
    quality: Annotated[
        bool,
        _option(
            "--quality",
            help="Also what lowers data quality: e-mails, phones, repeats, contradictions.",
            panel=_DATA,
        ),
    ] = False

    @property
    def keys(self) -> dict[str, tuple[str, Any]]:
        return {"--as-of": ("as_of", self.as_of), **super().keys}


@dataclass(frozen=True, kw_only=True)
class InitOptions:
    paths: Annotated[list[str] | None, _argument("FILES", "Files to look at.")] = None
    files: Files = field(default_factory=dict)
    output: OutputFile = None
    quiet: Quiet = False
    yes: Annotated[
        bool,
        _option(
            "-y",
            "--yes",
            help="Take the most likely answer to every question; replace the -o file.",
            panel=_OUT,
        ),
    ] = False
    no_input: Annotated[bool, _option("--no-input", help="Never ask.", panel=_OUT)] = False


@dataclass(frozen=True, kw_only=True)
class MetricsOptions(ConfigOptions):
    metric: Annotated[str | None, _argument("METRIC", "Id of a metric.", completion.names)] = None
    format: Annotated[
        ReportFormat, _option("-f", "--format", help="How the answer is written.", panel=_OUT)
    ] = "table"
    output: OutputFile = None
    quiet: Quiet = False
    verbose: Verbose = False


@dataclass(frozen=True, kw_only=True)
class SchemaOptions:
    what: Annotated[Literal["config", "output"], _argument("WHAT", "config or output")] = "config"
    output: OutputFile = None


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    folder: Annotated[Path, _argument("FOLDER", "Folder to write to.")]
    customers: Annotated[
        int, _option("--customers", help="How many customers.", panel=_DATA, metavar="N")
    ] = 400
    seed: Annotated[
        int, _option("--seed", help="Same seed, same data.", panel=_DATA, metavar="S")
    ] = 7
    quiet: Quiet = False


_Asked = TypeVar("_Asked")


def command(
    run: Callable[[_Asked], int], options: type[_Asked]
) -> Callable[..., Callable[[], int]]:
    """A function with these options as its signature, as typer wants it.

    It returns what is to be done, so that it is done outside of typer, which has ways of its
    own with a broken pipe.
    """
    parameters = [*_parameters(options)]
    by_table = TABLES if TABLES.keys() <= {one.name for one in parameters} else ()

    def function(**values: Any) -> Callable[[], int]:
        paths = {table: values.pop(table) for table in by_table}
        if by_table:
            values["files"] = {table: path for table, path in paths.items() if path is not None}
        return partial(run, options(**values))

    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in parameters}
    return function


def _parameters(options: type) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(options, include_extras=True)
    for one in fields(options):
        if _FILES in getattr(hints[one.name], "__metadata__", ()):
            yield from map(_file_of, TABLES)
        else:
            default = inspect.Parameter.empty if one.default is MISSING else one.default
            yield _parameter(one.name, hints[one.name], default)


def _file_of(table: str) -> inspect.Parameter:
    option = _option(
        f"--{table.replace('_', '-')}",
        help=f"File with {table.replace('_', ' ')}.",
        panel="Files",
        metavar="FILE",
    )
    return _parameter(table, Annotated[Path | None, option], None)


def _parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    only = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, only, default=default, annotation=kind)
