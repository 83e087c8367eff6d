"""Options declared as annotated fields of a class become the parameters that typer wants."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

import typer

from crm_kpi.tables import TABLES

LOG_FORMATS = Literal["text", "json"]
FILES_PER_TABLE = "files for each table"
"""Marks a field that stands for an option for each table, called like the table; repeatable."""


def option(
    *names: str, help: str, panel: str, metavar: str | None = None, complete: Any = None
) -> Any:
    """`complete` as of an argument."""
    declared = typer.Option(*names, help=help, rich_help_panel=panel, metavar=metavar)
    declared.complete = complete  # we complete words, not typer
    return declared


def argument(name: str, help: str, complete: Any = None) -> Any:
    """`complete` gives its words, as `completion` says."""
    declared = typer.Argument(help=help, metavar=name)
    declared.complete = complete
    return declared


_Asked = TypeVar("_Asked")


def command(
    run: Callable[[_Asked], int], options: type[_Asked]
) -> Callable[..., Callable[[], int]]:
    """A function with these options as its signature, as typer wants it.

    Every command has `--log-format` too, which is read before anything else is.

    It returns what is to be done, so that it is done outside of typer, which has ways of its
    own with a broken pipe.
    """
    declared = parameters(options)
    by_table = TABLES if TABLES.keys() <= {one.name for one in declared} else ()

    def function(**values: Any) -> Callable[[], int]:
        del values[_LOG_FORMAT.name]
        paths = {table: values.pop(table) for table in by_table}
        if by_table:
            values["files"] = {table: several for table, several in paths.items() if several}
        return partial(run, options(**values))

    function.__signature__ = inspect.Signature(declared)  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in declared}
    return function


def parameters(options: Any) -> list[inspect.Parameter]:
    """The options and arguments of a command, declared as typer wants them."""
    return [*_parameters(options), _LOG_FORMAT]


def _parameters(options: Any) -> Iterator[inspect.Parameter]:
    for one in fields(options):
        if FILES_PER_TABLE in getattr(one.type, "__metadata__", ()):
            yield from map(_files_of, TABLES)
        else:
            default = inspect.Parameter.empty if one.default is MISSING else one.default
            yield _parameter(one.name, one.type, default)


def _files_of(table: str) -> inspect.Parameter:
    files = option(
        f"--{table.replace('_', '-')}",
        help=f"File with {table.replace('_', ' ')}; repeatable.",
        panel="Files",
        metavar="FILE",
    )
    return _parameter(table, Annotated[list[str] | None, files], None)


def _parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    only = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, only, default=default, annotation=kind)


_LOG_FORMAT = _parameter(
    "log_format",
    Annotated[
        LOG_FORMATS | None,
        option(
            "--log-format",
            help="How stderr says it: text, or json: an object a line, with the run's id.",
            panel="Output",
        ),
    ],
    None,
)
