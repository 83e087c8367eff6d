"""In which language people are told what, decided here alone.

    --language, report.language of the config, $CRM_KPI_LANGUAGE, the locale of a terminal, English

Before options are parsed the command line is looked at for `--language`, as help and errors are
told, too. What machines read is the same in every language.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.messages import LANGUAGES, said, text

OPTION = "--language"
VARIABLE = "CRM_KPI_LANGUAGE"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set counts, as POSIX says."""

_current = "en"
_asked = False
"""Whether the command line says which."""


def begin(arguments: Sequence[str]) -> None:
    """The language of a run, as far as it is known without a config.

    Raises:
        UsageError: the command line or the environment names a language that there is not.
    """
    global _current, _asked
    _current, _asked = _of_locale(os.environ, terminal=_is_terminal()), False
    word = _option(arguments)
    if word is not None:
        choose(word)
    elif os.environ.get(VARIABLE):
        _current = _known(os.environ[VARIABLE], VARIABLE)


def choose(word: str) -> None:
    """The language that the command line asks for.

    Raises:
        UsageError: there is none of this name.
    """
    global _current, _asked
    _current, _asked = _known(word, OPTION), True


def configured(language: str | None) -> None:
    """The language of the config, where the command line does not say."""
    global _current
    if language is not None and not _asked:
        _current = language


def current() -> str:
    return _current


def say(words: object) -> str:
    """A message, or what holds messages such as a problem, in the language of the run."""
    return str(said(words, _current))


def _known(word: str, origin: str) -> str:
    if word in LANGUAGES:
        return word
    raise UsageError(
        text("cli.no_language", origin=origin, word=word, languages=", ".join(LANGUAGES)),
        hint=did_you_mean(word, LANGUAGES),
    )


def _option(arguments: Sequence[str]) -> str | None:
    """The last word given to `--language`, before a `--`."""
    words = [*arguments]
    if "--" in words:
        words = words[: words.index("--")]
    found = None
    for place, word in enumerate(words):
        if word == OPTION and place + 1 < len(words):
            found = words[place + 1]
        elif word.startswith(f"{OPTION}="):
            found = word.removeprefix(f"{OPTION}=")
    return found


def _of_locale(environment: Mapping[str, str], *, terminal: bool) -> str:
    if not terminal:
        return "en"
    locale = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    language = locale.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return language if language in LANGUAGES else "en"


def _is_terminal() -> bool:
    try:
        return sys.stdout.isatty()
    except ValueError:  # it is closed
        return False
