"""The words that an option or an argument can have, where no type says it: `option(complete=…)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from crm_kpi import catalogue
from crm_kpi.cli import language

OfferedWord = tuple[str, str]
"""A word, and what it is about."""
Complete = Callable[[Path | None, str], Iterable[OfferedWord]]
"""From the config that is named and what the word begins with."""


def names(config: Path | None, start: str) -> list[OfferedWord]:
    """The KPIs by id, with their titles; a word with a dash is the name of the command. Then those
    of the config."""
    from crm_kpi.cli import completion_words

    entries = catalogue.entries().values()
    ours = [
        (entry.command if "-" in start else entry.id, language.say(entry.title_said))
        for entry in entries
    ]
    return [*ours, *_plain(completion_words.of_own_metrics(config))]


def views(config: Path | None, start: str) -> list[OfferedWord]:
    from crm_kpi.cli import completion_words

    return _plain(completion_words.of_views(config))


def recipients(config: Path | None, start: str) -> list[OfferedWord]:
    """Who is told by `notify`."""
    from crm_kpi.cli import completion_words

    return _plain(completion_words.of_recipients(config))


def columns(config: Path | None, start: str) -> list[OfferedWord]:
    """The columns of the config's sources."""
    from crm_kpi.cli import completion_words

    return _plain(completion_words.of_columns(config))


def conditions(config: Path | None, start: str) -> list[OfferedWord]:
    """The same, each followed by what stands before a value; after that the values that the
    first rows have."""
    from crm_kpi.cli import completion_words

    column, equals, _ = start.partition("=")
    if not equals:
        return [(f"{name}=", "") for name, _ in columns(config, start)]
    values = completion_words.of_values(config, column)
    return [(f"{column}={value}", "") for value in values]


def _plain(words: Iterable[str]) -> list[OfferedWord]:
    return [(word, "") for word in words]
