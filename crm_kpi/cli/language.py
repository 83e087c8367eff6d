"""In which language people are told what, decided here alone.

    --language, report.language of the config, $CRM_KPI_LANGUAGE, the locale of a terminal, English

Before options are parsed the command line is looked at for `--language`, as help and errors are
told, too. What machines read is the same in every language.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace

from crm_kpi.cli import windows_console
from crm_kpi.cli.arguments import last_value
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.messages import LANGUAGES, spoken, text

OPTION = "--language"
VARIABLE = "CRM_KPI_LANGUAGE"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set counts, as POSIX says."""


@dataclass(frozen=True)
class Spoken:
    """
    asked: what the command line says.
    configured: what the config says that was read last.
    otherwise: what the environment and the terminal say.
    """

    asked: str | None = None
    configured: str | None = None
    otherwise: str = "en"

    @property
    def language(self) -> str:
        return self.asked or self.configured or self.otherwise


_ENGLISH = Spoken()
_SPOKEN = ContextVar("language", default=_ENGLISH)
"""Of the run: whoever speaks in a thread takes the context with it."""


def begin(arguments: Sequence[str]) -> None:
    """The language of a run, as far as it is known without a config.

    Raises:
        UsageError: the command line or the environment names a language that there is not.
    """
    _SPOKEN.set(Spoken(otherwise=_of_locale(os.environ, terminal=_is_terminal())))
    word = last_value(arguments, OPTION)
    if word is not None:
        _SPOKEN.set(Spoken(asked=_known(word, OPTION)))
    elif os.environ.get(VARIABLE):
        _SPOKEN.set(Spoken(otherwise=_known(os.environ[VARIABLE], VARIABLE)))


def take_configured(language: str | None) -> None:
    """The language of the config, which counts where the command line does not say."""
    _SPOKEN.set(replace(_SPOKEN.get(), configured=language))


def current() -> str:
    return _SPOKEN.get().language


def say(words: object) -> str:
    """A message, or what holds messages such as a problem, in the language of the run."""
    return str(spoken(words, current()))


def _known(word: str, origin: str) -> str:
    if word in LANGUAGES:
        return word
    raise UsageError(
        text("cli.no_language", origin=origin, word=word, languages=", ".join(LANGUAGES)),
        hint=did_you_mean(word, LANGUAGES),
    )


def _of_locale(environment: Mapping[str, str], *, terminal: bool) -> str:
    if not terminal:
        return "en"
    locale = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    locale = locale or windows_console.display_language()
    language = locale.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return language if language in LANGUAGES else "en"


def _is_terminal() -> bool:
    try:
        return sys.stdout.isatty()
    except ValueError:  # it is closed
        return False
