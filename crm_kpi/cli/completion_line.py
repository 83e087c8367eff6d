"""The words that may follow on a command line, from how the commands declare their options.

typer would make every command for that, with pydantic, which takes longer than all the rest.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from typer.models import ArgumentInfo, CommandInfo

from crm_kpi import catalogue, plugins
from crm_kpi.cli import app, help, language
from crm_kpi.cli.completion import Complete, OfferedWord
from crm_kpi.cli.completion_scripts import SHELLS
from crm_kpi.cli.parameters import parameters
from crm_kpi.errors import UsageError

_INSTALL = "Install completion for a shell."
_SHOW = "Show completion for a shell."
_HELP = "Show this message and exit."
"""What typer says of the options that it adds."""


@dataclass(frozen=True)
class _Parameter:
    """An option, or an argument, which has no names.

    flag: whether no value follows.
    several: whether it may be said again.
    """

    names: tuple[str, ...]
    about: str
    flag: bool = False
    several: bool = False
    complete: Complete | None = None


def offered(before: Sequence[str], start: str) -> list[OfferedWord]:
    """The words that begin so, each with what it is about.

    Args:
        before: the words between the program and this one.
    """
    with suppress(UsageError):  # a variable that names no language
        language.begin([])
    line = _Line()
    for word in before:
        line.take(word)
    return [word for word in line.words(start) if word[0].startswith(start)]


class _Line:
    """What has been said so far, and so which words may follow."""

    def __init__(self) -> None:
        self._command = ""
        self._parameters: Sequence[_Parameter] = _of_program()
        self._arguments: list[_Parameter] = []
        self._options_said: set[_Parameter] = set()
        self._open: _Parameter | None = None
        """The option whose value comes next."""
        self._config: Path | None = None
        self._options_end = False

    def take(self, word: str) -> None:
        if self._open:
            self._take_value(self._open, word)
        elif self._options_end or not word.startswith("-") or word == "-":
            self._take_argument(word)
        elif word == "--":
            self._options_end = True
        else:
            name, equals, value = word.partition("=")
            if not word.startswith("--"):
                name, equals, value = word[:2], word[2:], word[2:]
            self._open = option = self._option(name)
            if option:
                self._options_said.add(option)
            if option and (equals or option.flag):
                self._take_value(option, value)

    def _take_value(self, option: _Parameter, value: str) -> None:
        self._open = None
        if "--config" in option.names:
            self._config = Path(os.path.expanduser(value))
        elif "--plugin" in option.names:
            plugins.take_files([*plugins.files(), Path(os.path.expanduser(value))])

    def _take_argument(self, word: str) -> None:
        if not self._command:
            self._command, self._options_end = word, False
            self._parameters = _of_command(word)
            self._arguments = [one for one in self._parameters if not one.names]
        elif self._arguments and not self._arguments[0].several:
            del self._arguments[0]

    def words(self, start: str) -> Iterable[OfferedWord]:
        if self._open:
            return self._values(self._open, start)
        if start.startswith("-") and not self._options_end:
            name, equals, value = start.partition("=")
            option = self._option(name) if equals else None
            if option:
                return [(f"{name}={word}", about) for word, about in self._values(option, value)]
            left = [one for one in self._parameters if one.several or one not in self._options_said]
            return [(name, one.about) for one in left for name in one.names]
        if not self._command:
            return _commands()
        return self._values(self._arguments[0], start) if self._arguments else ()

    def _values(self, parameter: _Parameter, start: str) -> Iterable[OfferedWord]:
        return parameter.complete(self._config, start) if parameter.complete else ()

    def _option(self, name: str) -> _Parameter | None:
        return next((one for one in self._parameters if name in one.names), None)


def _fixed() -> dict[str, CommandInfo]:
    """The commands of no KPI."""
    return {one.name: one for one in app.app.registered_commands if one.name}


def _commands() -> list[OfferedWord]:
    fixed = [(name, help.help_text(name, one.help or "")) for name, one in _fixed().items()]
    kpis = [(entry.command, app.about(entry)) for entry in catalogue.entries().values()]
    return [*fixed, *kpis]


def _of_program() -> list[_Parameter]:
    own = inspect.signature(app.top, eval_str=True).parameters.values()
    return [
        *_read("", own),
        _of_shells("install_completion", _INSTALL),
        _of_shells("show_completion", _SHOW),
        _help(),
    ]


def _of_shells(name: str, about: str) -> _Parameter:
    """What typer adds."""
    option = f"--{name.replace('_', '-')}"
    return _Parameter((option,), help.option_text("", name, about), complete=_one_of(SHELLS))


def _of_command(word: str) -> list[_Parameter]:
    fixed = _fixed().get(word.lower())
    if fixed and fixed.callback:
        own = inspect.signature(fixed.callback).parameters.values()
        return [*_read(word.lower(), own), _help()]
    kpi = catalogue.find(word)
    if kpi is None:
        return []
    asked = app.asked_of(catalogue.entries()[kpi])
    return [*_read(help.KPI, parameters(asked)), _help()]


def _help() -> _Parameter:
    return _Parameter(("-h", "--help"), help.option_text("", "help", _HELP), flag=True)


def _read(command: str, declared: Iterable[inspect.Parameter]) -> Iterable[_Parameter]:
    for one in declared:
        kind, info = get_args(one.annotation)
        is_argument = isinstance(info, ArgumentInfo)
        names = () if is_argument else (info.default, *(info.param_decls or ()))
        words = _literals(kind)
        yield _Parameter(
            tuple(name for name in names if isinstance(name, str)),
            help.option_text(command, one.name, info.help or ""),
            flag=kind is bool,
            several=any(get_origin(part) is list for part in (kind, *get_args(kind))),
            complete=_one_of(words) if words else getattr(info, "complete", None),
        )


def _literals(kind: Any) -> list[str]:
    """The words that a type allows, if it says so."""
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    return [word for part in get_args(kind) for word in _literals(part)]


def _one_of(words: Iterable[str]) -> Complete:
    return lambda _config, _start: [(word, "") for word in words]
