"""The options that all commands share: one name, one meaning everywhere."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crm_kpi.errors import ConfigError, UsageError
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from crm_kpi.config.model import Config

Every = Literal["day", "week", "month", "quarter", "year", "all"]
Format = Literal["table", "json", "ndjson", "csv", "markdown"]
Engine = Literal["polars", "duckdb", "spark"]


def option(
    kind: Any, default: Any, *names: str, help: str, panel: str, metavar: str | None = None
) -> inspect.Parameter:
    name = names[-1].lstrip("-").replace("-", "_")
    option = typer.Option(*names, help=help, rich_help_panel=panel, metavar=metavar)
    return inspect.Parameter(
        {"from": "from_", "set": "set_", "format": "format"}.get(name, name),
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, option],
    )


_DATA, _TIME, _OUT = "Data", "Periods", "Output"

CONFIG = (
    option(
        Path | None,
        None,
        "-c",
        "--config",
        help="Config file; default $CRM_KPI_CONFIG, then crm-kpi.yaml here.",
        panel=_DATA,
        metavar="FILE",
    ),
    option(
        list[str] | None,
        None,
        "--set",
        help="Set any config key, dotted: --set limits.low_n=10.",
        panel=_DATA,
        metavar="KEY=VALUE",
    ),
)
DATA = (
    *CONFIG,
    *(
        option(
            Path | None,
            None,
            f"--{table.replace('_', '-')}",
            help=f"File with {table.replace('_', ' ')}.",
            panel="Files",
            metavar="FILE",
        )
        for table in TABLES
    ),
    option(
        list[str] | None,
        None,
        "--by",
        help="Split by a column; repeatable.",
        panel=_DATA,
        metavar="COLUMN",
    ),
    option(
        list[str] | None,
        None,
        "--where",
        help="Keep only rows with this value; repeatable.",
        panel=_DATA,
        metavar="COLUMN=VALUE",
    ),
    option(bool, False, "--strict", help="Not a single rejected row is tolerated.", panel=_DATA),
    option(Engine | None, None, "--engine", help="What computes; same answers.", panel=_DATA),
)
TIME = (
    option(Every | None, None, "--every", help="Length of a period.", panel=_TIME),
    option(
        str | None,
        None,
        "--from",
        help="First day or period: 2024-01-31, 2024-03, 2024-Q1.",
        panel=_TIME,
        metavar="WHEN",
    ),
    option(
        str | None, None, "--to", help="Last day or period, inclusive.", panel=_TIME, metavar="WHEN"
    ),
    option(int | None, None, "--last", help="Only the last N periods.", panel=_TIME, metavar="N"),
    option(
        str | None,
        None,
        "--as-of",
        help="The last day that is known; default today.",
        panel=_TIME,
        metavar="DATE",
    ),
)
OUT = (
    option(Format, "table", "-f", "--format", help="How the answer is written.", panel=_OUT),
    option(
        Path | None,
        None,
        "-o",
        "--output",
        help="Write to a file, whole or not at all.",
        panel=_OUT,
        metavar="FILE",
    ),
    option(bool, False, "-q", "--quiet", help="Errors only on stderr.", panel=_OUT),
    option(
        bool,
        False,
        "-v",
        "--verbose",
        help="Say everything that was assumed or noticed.",
        panel=_OUT,
    ),
)
SHARED = (*DATA, *TIME, *OUT)


@dataclass(frozen=True)
class Options:
    """The shared options as they were given."""

    config: Path | None = None
    set_: list[str] | None = None
    by: list[str] | None = None
    where: list[str] | None = None
    strict: bool = False
    engine: str | None = None
    every: str | None = None
    from_: str | None = None
    to: str | None = None
    last: int | None = None
    as_of: str | None = None
    format: str = "table"
    output: Path | None = None
    quiet: bool = False
    verbose: bool = False
    sources: Mapping[str, Path] = field(default_factory=dict)
    """Table: the file given for it on the command line."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What only this command has."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        known = {f.name for f in fields(cls)}
        files = {k: v for k, v in given.items() if k in TABLES and isinstance(v, Path)}
        return cls(
            **{k: v for k, v in given.items() if k in known},
            sources=files,
            extra={k: v for k, v in given.items() if k not in known and k not in files},
        )

    def load_config(self) -> Config:
        """The config with the options over it; `--engine` leaves alone where Spark is."""
        config = self._load_config()
        if self.engine is None:
            return config
        engine = config.engine.model_copy(update={"name": self.engine})
        return config.model_copy(update={"engine": engine})

    def _load_config(self) -> Config:
        """A fault of an option is told by its own name."""
        from crm_kpi.config import load_config

        said = {
            f"--set {key}={value}": name if name == "--strict" else f"{name} {value}"
            for name, key, value in self._keys
        }
        words = [*(self.set_ or []), *(word.removeprefix("--set ") for word in said)]
        try:
            return load_config(self.config, words)
        except ConfigError as error:
            paths = [*self._paths(error)]
            if paths:  # --set sources.TABLE.dates=… beside a FILE, without a config
                return load_config(self.config, [*paths, *words])
            problems = [
                replace(problem, path=said[problem.path], column=None)
                if problem.path in said
                else problem
                for problem in error.problems
            ]
            raise ConfigError(error.message, hint=error.hint, problems=problems) from error

    def _paths(self, error: ConfigError) -> Iterator[str]:
        """What says to a source without a path that its file stands on the command line."""
        for problem in error.problems:
            keys = (problem.column or "").split(".")
            if keys[:1] == ["sources"] and keys[2:] == ["path"]:
                file = self.sources.get(keys[1]) or self.extra.get("file")
                if file is not None:
                    path = file if str(file) == "-" else Path(file).absolute()
                    yield f"sources.{keys[1]}.path={json.dumps(str(path))}"

    @property
    def _keys(self) -> list[tuple[str, str, Any]]:
        """The options that are config keys under another name: option, key, value."""
        keys = (
            ("--every", "periods.every", self.every),
            ("--from", "periods.from", self.from_),
            ("--to", "periods.to", self.to),
            ("--last", "periods.last", self.last),
            ("--as-of", "as_of", self.as_of),
            ("--strict", "limits.rejected_rows", "0" if self.strict else None),
        )
        return [key for key in keys if key[2] is not None]

    @property
    def filters(self) -> dict[str, list[str | None]]:
        """--where by column; several values of one column are alternatives, a blank is null."""
        from crm_kpi.sources.folders import is_utf8

        found: dict[str, list[str | None]] = {}
        for word in self.where or []:
            name, equals, value = word.partition("=")
            if not (name and equals):
                raise UsageError(
                    f"--where {word}: should be COLUMN=VALUE",
                    hint="for example --where 'region=Hà Nội'",
                )
            if not word.isascii() and not is_utf8(word):
                raise UsageError(f"--where {word}: is not UTF-8", hint="type it in a UTF-8 locale")
            found.setdefault(name.strip(), []).append(value or None)
        return found


def command(
    run: Callable[[Options], int], *groups: tuple[inspect.Parameter, ...]
) -> Callable[..., Callable[[], int]]:
    """A function with these options as its signature, as typer wants it.

    It returns what is to be done, so that it is done outside of typer, which has ways of its
    own with a broken pipe.
    """
    parameters = [parameter for group in groups for parameter in group]

    def function(**given: Any) -> Callable[[], int]:
        return partial(run, Options.of(given))

    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in parameters}
    return function


def argument(
    name: str,
    kind: Any,
    default: Any,
    help: str,
    complete: Callable[[str], list[tuple[str, str]]] | None = None,
) -> inspect.Parameter:
    """An argument; `complete` gives the words that begin so, each with what it is about."""
    argument = typer.Argument(help=help, metavar=name.upper(), autocompletion=complete)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, argument],
    )
