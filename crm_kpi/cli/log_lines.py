"""How stderr says it: in the words of a person, or one JSON object a line for a program.

    --log-format, $CRM_KPI_LOG_FORMAT, text

Every line of a run has its run id: $CRM_KPI_RUN_ID, or one made up. What programs read is English
in every language, as the machine formats of answers are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from crm_kpi.addresses import hide
from crm_kpi.cli import language
from crm_kpi.cli.arguments import last_value
from crm_kpi.errors import Problem, ProblemKind
from crm_kpi.messages import split_place

OPTION = "--log-format"
VARIABLE = "CRM_KPI_LOG_FORMAT"
RUN_ID = "CRM_KPI_RUN_ID"
LONGEST_LINE = 1000
"""Letters of a line: a cell may hold a book."""


class LogLevel(StrEnum):
    ERROR = "error"
    """The run ends with it."""
    WARNING = "warning"
    """It may change what the answer is worth."""
    INFO = "info"


@dataclass(frozen=True)
class LogStyle:
    """How the lines of a run are written."""

    as_json: bool = False
    run_id: str = field(default_factory=lambda: os.environ.get(RUN_ID) or os.urandom(16).hex())


_TEXT = LogStyle(run_id="")
_STYLE = ContextVar("log_style", default=_TEXT)


def begin(arguments: Sequence[str]) -> None:
    """The style of a run. A format that there is not is told by whoever parses the options."""
    asked = last_value(arguments, OPTION) or os.environ.get(VARIABLE)
    _STYLE.set(LogStyle(as_json=asked == "json"))
    if is_json():
        import crm_kpi.render.as_json  # noqa: F401  where files run out later, it could not be


def run_id() -> str:
    return _STYLE.get().run_id


def is_json() -> bool:
    return _STYLE.get().as_json


def say(
    words: object, level: LogLevel = LogLevel.INFO, *, hint: str | None = None, indent: str = ""
) -> None:
    """A line: a message, a problem, or problems of a kind.

    Args:
        hint: what to do, for programs; people are told it apart.
        indent: for people.
    """
    if isinstance(words, str):
        words = hide(words)
    if not is_json():
        from crm_kpi.render.text import visible

        print(indent + visible(language.say(words)), file=sys.stderr)
        return
    from crm_kpi.render.as_json import encode

    fields = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "run_id": run_id(),
        "level": level.value,
        **dict.fromkeys(("message", "hint", "path", "line", "column")),
        **_fields(words),
    }
    if hint is not None:
        fields["hint"] = str(hint)
    print(encode(fields), file=sys.stderr)


def shortened(line: str) -> str:
    """A line for people, safe to show."""
    from crm_kpi.render.text import visible

    shown = visible(line)
    return shown if len(shown) <= LONGEST_LINE else f"{shown[:LONGEST_LINE]}…"


def _fields(words: object) -> dict[str, Any]:
    """What is said and of which place, apart."""
    if isinstance(words, ProblemKind):
        first = words.first[0]
        if words.count == 1:
            return _fields(first)
        place = {"path": first.path, "line": first.line, "column": first.column}
        return {"message": str(words), "hint": _text(first.hint), **place}
    if isinstance(words, Problem):
        what = Problem(words.reason, value=words.value)
        place = {"path": words.path, "line": words.line, "column": words.column}
        return {"message": str(what), "hint": _text(words.hint), **place}
    message, path, line = split_place(words if isinstance(words, str) else str(words))
    return {"message": str(message).strip(), "path": path, "line": line}


def _text(hint: str | None) -> str | None:
    return None if hint is None else str(hint)
