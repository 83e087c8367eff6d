"""The options that all commands share: one name, one meaning everywhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from crm_kpi.errors import UsageError
from crm_kpi.tables import TABLES

Every = Literal["day", "week", "month", "quarter", "year", "all"]
Format = Literal["table", "json", "ndjson", "csv", "markdown"]
Engine = Literal["polars"]


def _option(
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
    _option(
        Path | None,
        None,
        "-c",
        "--config",
        help="Config file; default $CRM_KPI_CONFIG, then crm-kpi.yaml here.",
        panel=_DATA,
        metavar="FILE",
    ),
    _option(
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
        _option(
            Path | None,
            None,
            f"--{table.replace('_', '-')}",
            help=f"File with {table.replace('_', ' ')}.",
            panel="Files",
            metavar="FILE",
        )
        for table in TABLES
    ),
    _option(
        list[str] | None,
        None,
        "--by",
        help="Split by a column; repeatable.",
        panel=_DATA,
        metavar="COLUMN",
    ),
    _option(
        list[str] | None,
        None,
        "--where",
        help="Keep only rows with this value; repeatable.",
        panel=_DATA,
        metavar="COLUMN=VALUE",
    ),
    _option(bool, False, "--strict", help="Not a single rejected row is tolerated.", panel=_DATA),
    _option(Engine | None, None, "--engine", help="What computes.", panel=_DATA),
)
TIME = (
    _option(Every | None, None, "--every", help="Length of a period.", panel=_TIME),
    _option(
        str | None,
        None,
        "--from",
        help="First day or period: 2024-01-31, 2024-03, 2024-Q1.",
        panel=_TIME,
        metavar="WHEN",
    ),
    _option(
        str | None, None, "--to", help="Last day or period, inclusive.", panel=_TIME, metavar="WHEN"
    ),
    _option(int | None, None, "--last", help="Only the last N periods.", panel=_TIME, metavar="N"),
    _option(
        str | None,
        None,
        "--as-of",
        help="The last day that is known; default today.",
        panel=_TIME,
        metavar="DATE",
    ),
)
OUT = (
    _option(Format, "table", "-f", "--format", help="How the answer is written.", panel=_OUT),
    _option(
        Path | None,
        None,
        "-o",
        "--output",
        help="Write to a file, whole or not at all.",
        panel=_OUT,
        metavar="FILE",
    ),
    _option(bool, False, "-q", "--quiet", help="Errors only on stderr.", panel=_OUT),
    _option(
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
    files: Mapping[str, Path] = field(default_factory=dict)
    """Table: the file given for it on the command line."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What only this command has."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        known = {f.name for f in fields(cls)}
        return cls(
            **{k: v for k, v in given.items() if k in known},
            files={k: v for k, v in given.items() if k in TABLES and v is not None},
            extra={k: v for k, v in given.items() if k not in known and k not in TABLES},
        )

    @property
    def overrides(self) -> list[str]:
        """The options that are config keys under another name."""
        keys = {
            "periods.every": self.every,
            "periods.from": self.from_,
            "periods.to": self.to,
            "periods.last": self.last,
            "as_of": self.as_of,
            "engine": self.engine,
        }
        given = [f"{key}={value}" for key, value in keys.items() if value is not None]
        if self.strict:
            given.append("limits.rejected_rows=0")
        return [*(self.set_ or []), *given]

    @property
    def filters(self) -> dict[str, list[str | None]]:
        """--where by column; several values of one column are alternatives, a blank is null."""
        found: dict[str, list[str | None]] = {}
        for word in self.where or []:
            name, equals, value = word.partition("=")
            if not (name and equals):
                raise UsageError(
                    f"--where {word}: should be COLUMN=VALUE", hint="for example --where region=HN"
                )
            found.setdefault(name.strip(), []).append(value or None)
        return found


def command(
    run: Callable[[Options], int], *groups: tuple[inspect.Parameter, ...]
) -> Callable[..., int]:
    """A function with these options as its signature, as typer wants it, that calls `run`."""
    parameters = [parameter for group in groups for parameter in group]

    def function(**given: Any) -> int:
        return run(Options.of(given))

    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in parameters}
    return function


def argument(name: str, kind: Any, default: Any, help: str) -> inspect.Parameter:
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, typer.Argument(help=help, metavar=name.upper())],
    )
