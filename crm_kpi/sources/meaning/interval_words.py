"""What the words of a billing interval mean, in twelve languages.

The words stand in `words/interval/`, a file a language, each with its source: units, spans that
have a word of their own (`half-yearly`), what may stand before them (`every`), and the words of
headers that speak of an interval or that say for how long an amount is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.columns import choice_words
from crm_kpi.sources.unicode import normalized
from crm_kpi.tables import TABLES

Interval = tuple[str, int]
"""One of the choices of `interval`, and how many of them."""

MONTHS = {"month": 1, "quarter": 3, "year": 12}

_FOLDER = Path(__file__).parent / "words" / "interval"
_ISO = {"d": "day", "w": "week", "m": "month", "y": "year"}
_DURATION = re.compile(r"(?i)p([0-9]{1,3})([dwmy])")
_COUNTED = re.compile(r"([0-9]{1,3})(.+)")
_OF_A_TERM = frozenset(("contract", "subscription", "plan", "of", "no", "in", "so", "hop", "dong",
                        "goi", "thue", "bao", "dang", "ky", "vertragslaufzeit", "laufzeit", "duree",
                        "contrat", "en", "duracion", "meses"))  # fmt: skip
_TOKEN = re.compile(r"[^\W\d_]+|/")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def _languages() -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads(file.read_text("utf-8")) for file in sorted(_FOLDER.glob("*.json")))


def _listed(name: str) -> Iterable[str]:
    return (word for words in _languages() for word in words[name])


@cache
def _units() -> Mapping[str, str]:
    """Key of a word: the unit that it names."""
    units = choice_words(TABLES["subscriptions"]["interval"])
    for words in _languages():
        for unit, names in words["units"].items():
            units |= {key(name): unit for name in names if key(name) not in units}
    return units


@cache
def _spans() -> Mapping[str, Interval]:
    """Key of a word: the interval of several units that it names."""
    spans: dict[str, Interval] = {}
    for words in _languages():
        for span, names in words["spans"].items():
            count, unit = span.split()
            spans |= {key(name): (unit, int(count)) for name in names}
    return spans


@cache
def _before() -> tuple[str, ...]:
    """What may stand before a unit, the longest first."""
    return tuple(sorted({key(word) for word in _listed("every")} - {""}, key=len, reverse=True))


def meaning(word: str) -> Interval | None:
    """The interval that a word means; None for a word that nobody knows.

    >>> meaning("every 6 months"), meaning("Halbjährlich"), meaning("3 tháng"), meaning("P1Y")
    (('month', 6), ('month', 6), ('month', 3), ('year', 1))
    """
    duration = _DURATION.fullmatch(word.strip())
    if duration:
        return _of_count(_ISO[duration[2].lower()], int(duration[1]))
    folded = key(word)
    found = _plain(folded)
    if found is not None:
        return found
    for beginning in _before():
        if folded.startswith(beginning):
            found = _plain(folded.removeprefix(beginning))
            if found is not None:
                return found
    return None


def _plain(folded: str) -> Interval | None:
    if folded in _spans():
        return _spans()[folded]
    if folded in _units():
        return _units()[folded], 1
    counted = _COUNTED.fullmatch(folded)
    if counted and counted[2] in _units():
        return _of_count(_units()[counted[2]], int(counted[1]))
    return None


def _of_count(unit: str, count: int) -> Interval | None:
    return (unit, count) if count else None


@cache
def _phrases(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tokens(word) for word in _listed(name))


def tokens(header: str) -> tuple[str, ...]:
    """The words of a header, folded.

    >>> tokens("BillingCycle (months)"), tokens("Giá/tháng")
    (('billing', 'cycle', 'months'), ('gia', '/', 'thang'))
    """
    words = _TOKEN.findall(_HUMP.sub(" ", normalized("NFC", header)))
    return tuple(key(word) or word for word in words)


def _speaks(header: str, name: str) -> bool:
    words = tokens(header)
    return any(
        words[start : start + len(phrase)] == phrase
        for phrase in _phrases(name)
        for start in range(len(words) - len(phrase) + 1)
    )


def of_interval(header: str) -> bool:
    """Whether a header speaks of billing, interval, cycle, period and the like."""
    return _speaks(header, "headers")


def of_count(header: str) -> bool:
    """Whether a header speaks of how many intervals."""
    return _speaks(header, "count_headers")


@cache
def counts_months(header: str) -> bool:
    """Whether a header says that it holds how many months a term has, and nothing else.

    >>> counts_months("Billing period (months)"), counts_months("Số tháng")
    (True, True)
    >>> counts_months("Months since signup"), counts_months("Term")
    (False, False)
    """
    words = set(tokens(header))
    months = {word for word in words if _units().get(word) == "month" and len(word) > 1}
    others = {word for name in ("headers", "count_headers") for p in _phrases(name) for word in p}
    return bool(months) and words - months <= others | _OF_A_TERM


@cache
def period_of(header: str) -> str | None:
    """For how long an amount is, as its header says: `month`, `year`, or None.

    >>> period_of("Annual fee"), period_of("Giá/tháng"), period_of("Price")
    ('year', 'month', None)
    """
    said = [unit for unit in ("month", "year") if _speaks(header, f"per_{unit}")]
    return said[0] if len(said) == 1 else None
