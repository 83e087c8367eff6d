"""Everything that can go wrong for a user, as one small tree.

Every error carries what is wrong, where, and what to do about it. Nothing
outside `crm_kpi.cli` catches these: the boundary there prints them and turns
them into exit codes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Annotated, Any, ClassVar

from crm_kpi.addresses import hide
from crm_kpi.messages import Message, separated, spoken, text
from crm_kpi.records import FieldMetadata, Internal


class ExitCode(IntEnum):
    """What the process says to the shell. Scripts depend on these numbers."""

    OK = 0
    """Answered."""
    BUG = 1
    """A fault of crm-kpi itself; Python's own code for a crash, so it never means an alert."""
    USAGE = 2
    """The command line or the config is wrong."""
    DATA = 3
    """The input cannot be trusted."""
    MISSED = 4
    """Answered, and a threshold is missed."""
    OUTPUT = 5
    """The answer could not be written, or somebody not be told."""
    INTERRUPTED = 130
    PIPE = 141
    TERMINATED = 143


LONGEST_VALUE = 200
"""Letters of a cell in a message; a record has them all."""
FIRST_PLACES = 3
"""Places of a kind that are told."""
_LONGEST_OF_SEVERAL = 40
"""Letters of a cell beside others."""


@dataclass(frozen=True)
class Problem:
    """One fault in one place: a cell of a file, a line of the config."""

    RECORD: ClassVar = ("path", "line", "column", "value", "reason", "hint")

    reason: str
    path: str | None = None
    line: Annotated[
        int | None, FieldMetadata(schema={"type": ["integer", "null"], "minimum": 1})
    ] = None
    column: str | None = None
    value: str | None = None
    hint: str | None = None
    row: Annotated[str | None, Internal] = field(default=None, repr=False, compare=False)
    """The whole record, for a list of rejected rows that was asked for; said nowhere else."""

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        place = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        column = text("general.of_column", column=self.column) if self.column else ""
        value = f" ({_short(self.value)!r})" if self.value is not None else ""
        hint = f" - {spoken(self.hint, language)}" if self.hint else ""
        what = f"{spoken(column, language)}{spoken(self.reason, language)}"
        return f"{place + ': ' if place else ''}{what}{value}{hint}"

    def hidden(self, *names: str) -> Problem:
        """The same with what no message may hold taken out of these fields."""
        texts = {name: getattr(self, name) for name in names}
        changes: dict[str, Any] = {name: hide(text) for name, text in texts.items() if text}
        return replace(self, **changes)


def _short(value: str, longest: int = LONGEST_VALUE) -> str:
    """A cell may hold a book; its beginning is enough to find it by."""
    return value if len(value) <= longest else f"{value[:longest]}…"


@dataclass(frozen=True)
class ProblemKind:
    """Problems of one column that share a reason: how many, and the first of them."""

    count: int
    first: tuple[Problem, ...]

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """One line: count, column, reason, the first places, and what to do."""
        one = self.first[0]
        if self.count == 1:
            return one.in_language(language)
        count = separated(f"{self.count:,}", language)
        subject = f"{one.column}: " if one.column else ""
        places = ", ".join(self._places())
        more = " …" if self.count > len(self.first) else ""
        hint = f" - {spoken(one.hint, language)}" if one.hint else ""
        between = ": " if places else ""
        reason = spoken(one.reason, language)
        return f"{count} × {subject}{reason}{between}{places}{more}{hint}"

    def hidden(self, *names: str) -> ProblemKind:
        """The same with what no message may hold taken out."""
        return replace(self, first=tuple(problem.hidden(*names) for problem in self.first))

    def _places(self) -> Iterator[str]:
        """A file is named once."""
        path = None
        for problem in self.first:
            line = "" if problem.line is None else f":{problem.line}"
            place = line if problem.path == path else f"{problem.path or ''}{line}"
            value = problem.value
            shown = "" if value is None else repr(_short(value, _LONGEST_OF_SEVERAL))
            path = problem.path
            if place or shown:
                yield f"{place} {shown}".strip()


def by_kind(problems: Iterable[Problem]) -> list[ProblemKind]:
    """The kinds of problems, in the order of the first of each.

    >>> [str(kind) for kind in by_kind([Problem("blank", "a", 2), Problem("blank", "a", 5)])]
    ['2 × blank: a:2, :5']
    """
    kinds: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.reason, problem.column, problem.hint), []).append(problem)
    return [ProblemKind(len(found), (*found[:FIRST_PLACES],)) for found in kinds.values()]


class CrmKpiError(Exception):
    """Base of all errors that a user can mend. An address in its words is shown without user,
    password and options, whoever wrote them."""

    code = ExitCode.USAGE
    shown_fields: ClassVar[tuple[str, ...]] = ("reason", "path", "hint")
    """The fields of its problems that may hold an address."""

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        problems: Iterable[Problem] = (),
        kinds: Iterable[ProblemKind | Message] = (),
    ) -> None:
        """`kinds`: what of the problems is told, where they are rows by the thousand, and what
        is likely to be behind them."""
        self.message = hide(message)
        super().__init__(self.message)
        self.hint = None if hint is None else hide(hint)
        self.problems = tuple(problem.hidden(*self.shown_fields) for problem in problems)
        self.kinds = tuple(
            hide(kind) if isinstance(kind, str) else kind.hidden(*self.shown_fields)
            for kind in kinds
        )


class UsageError(CrmKpiError):
    """A word on the command line that cannot be used."""


class ConfigError(CrmKpiError):
    """The config file; `problems` lists every fault in it at once."""

    shown_fields: ClassVar[tuple[str, ...]] = (*CrmKpiError.shown_fields, "column", "value")


class DataError(CrmKpiError):
    """An input file that cannot be trusted."""

    code = ExitCode.DATA


class OutputError(CrmKpiError):
    """The answer cannot be written where it was asked to go, or a message not be delivered."""

    code = ExitCode.OUTPUT


class IdentityError(AssertionError):
    """An identity that must hold on every run does not: a fault of crm-kpi, exit 1."""


def did_you_mean(word: str, known: Iterable[str]) -> Message | None:
    """`did you mean 'x'?` for the closest known word, or None."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return text("general.did_you_mean", word=close[0]) if close else None
