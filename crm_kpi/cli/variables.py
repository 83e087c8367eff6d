"""Options in the environment: `--as-of` is CRM_KPI_AS_OF, in every command that has it.

    the command line, the environment, the config, the default

Several values are words as a shell has them: `CRM_KPI_BY="segment 'Customer group'"`. A flag is
true or false. A variable that is empty is not there.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from crm_kpi.cli import language, log_lines
from crm_kpi.config.tree import VARIABLE
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.messages import Message, text

PREFIX = "CRM_KPI_"
SECRET = "CRM_KPI_SECRET_"
"""How variables begin that are the user's own, and named in a config."""
_ELSEWHERE = (VARIABLE, language.VARIABLE, log_lines.RUN_ID)
"""Those of no option, or of one that more than a command reads."""

_LONGEST = "history"
"""The command of a KPI that has the options of every other."""

_TAKEN = ContextVar[Mapping[str, str]]("variables_taken", default=MappingProxyType({}))


def name_of(param: Any) -> str:
    """The variable of an option, by its long name."""
    option: str = max(param.opts, key=len)
    return PREFIX + option.lstrip("-").replace("-", "_").upper()


def values(params: Iterable[Any]) -> dict[str, Any]:
    """What the environment says to the options of a command, by the parameter's name.

    Raises:
        UsageError: a quote in a variable is not closed.
    """
    found: dict[str, Any] = {}
    for param in _options(params):
        name = name_of(param)
        word = os.environ.get(name)
        if word and name not in _ELSEWHERE:
            found[param.name] = _words(name, word) if param.multiple else word
    return found


def take(params: Iterable[Any], context: Any) -> None:
    """Remember which options the environment has said, for messages and `config show`."""
    mine = [param for param in _options(params) if has_said(param, context)]
    _TAKEN.set({max(param.opts, key=len): name_of(param) for param in mine})


def has_said(param: Any, context: Any) -> bool:
    """Whether the value of an option comes from the environment."""
    source = context and context.get_parameter_source(param.name)
    return source is not None and source.name == "DEFAULT_MAP"


def origin(option: str, value: str) -> str:
    """Who says it: `--every week`, or `CRM_KPI_EVERY=week`."""
    name = _TAKEN.get().get(option)
    return f"{name}={value}" if name else f"{option} {value}"


def variable(option: str) -> str | None:
    """The variable that has said an option; None where the command line has."""
    return _TAKEN.get().get(option)


def unknown(context: Any) -> list[Message]:
    """What to say of variables that are those of no option of any command."""
    ours = [name for name in os.environ if name.startswith(PREFIX)]
    if not set(ours) - {*_ELSEWHERE}:
        return []
    program = context.find_root().command
    commands = [program.get_command(context, name) for name in (*program.commands, _LONGEST)]
    known = {name_of(param) for each in commands for param in _options(each.params)}
    known |= {*_ELSEWHERE}
    lost = sorted(n for n in ours if n not in known and not n.startswith(SECRET))
    return [
        text("cli.no_variable", name=name, hint=did_you_mean(name, known) or text("cli.see_help"))
        for name in lost
    ]


def _options(params: Iterable[Any]) -> list[Any]:
    return [param for param in params if param.param_type_name == "option" and param.name != "help"]


def _words(name: str, value: str) -> list[str]:
    """Words between blanks; quotes hold one together, and a backslash is one, as in C:\\data."""
    words = shlex.shlex(value, posix=True, punctuation_chars=False)
    words.whitespace_split, words.commenters, words.escape = True, "", ""
    try:
        return [*words]
    except ValueError as error:
        raise UsageError(text("cli.open_quote", name=name), hint=text("cli.quote_words")) from error
