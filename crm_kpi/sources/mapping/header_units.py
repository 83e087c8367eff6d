"""Units that a header, or a title above it, says of amounts: `(nghìn đồng)`, `T€`, `in_cents`.

A header is compared without its unit; who reads amounts under it multiplies them
(`meaning.units`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from crm_kpi.currencies import NAMES, SYMBOLS
from crm_kpi.sources.parsing.magnitudes import factors
from crm_kpi.sources.unicode import normalized

_CENTS = r"in[_ ]cents?|cents?|minor(?:[_ ]units?)?|subunits?|pence|centavos?|centimes?|rappen|øre"
_IN_WORDS = ("đồng", "vnđ", "dollar", "dollars", "euro", "euros", "reais", "pesos", "soles", "yen")
_MONEY = rf"(?:(?:of |de |d['’])?(?:{SYMBOLS}|{'|'.join(_IN_WORDS)}))"
_CURRENCIES = frozenset((*NAMES, *_IN_WORDS))
_SAID = r"(?:đvt|đv tính|đv|đơn vị(?: tính)?(?: tiền)?|unit|units|einheit|währung|in|en|em|x|×)"
_THOUSANDS = r"1?[.,' ]?000(?P<more>[.,' ]?000)?s?"


@dataclass(frozen=True)
class HeaderUnit:
    """What a header says of its amounts."""

    bare: str
    """The header without it."""
    factor: Decimal
    """What an amount is multiplied by."""
    words: str
    """The unit as it is written."""


def _words() -> str:
    """Those that need no currency beside them; one letter of ours may mean anything."""
    words = (re.escape(w) for w in factors() if len(w) > 1 or not w.isascii())
    return "|".join(sorted(words, key=len, reverse=True))


@cache
def _unit() -> str:
    """A unit; of one letter it is where a currency stands beside it."""
    words = _words()
    near = rf"[\s.'’]?{_MONEY}?"
    return (
        rf"(?:{_MONEY}[\s.'’]?)?(?:(?P<number>{_THOUSANDS})|(?P<word>{words})\.?){near}"
        rf"|(?P<one>[ktm])(?:[\s.]?{_MONEY}|eur|usd)|(?:{_MONEY})\s?(?P<other>[km])"
    )


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    unit = _unit()
    return (
        re.compile(
            rf"(?i)(?P<bare>.{{1,200}}?)\s{{0,9}}[(\[（](?:{_SAID}[\s:.]\s*)?(?:{unit}|(?P<letter>k))[)\]）]\s{{0,9}}"
        ),
        re.compile(
            rf"(?i)(?P<bare>.{{1,200}}?)[\s_,:-]{{1,9}}(?:{_SAID}[\s:.]\s*)(?:{unit})\s{{0,9}}"
        ),
        re.compile(rf"(?i)(?P<bare>.{{1,200}}?)[\s_,:-]{{1,9}}(?:{_beside_money()})\s{{0,9}}"),
    )


def _beside_money() -> str:
    """A unit that nothing announces, but a currency stands beside it."""
    words = _words()
    return (
        rf"(?P<word>{words})[\s.]{{0,2}}{_MONEY}|{_MONEY}[\s.'’]?(?P<number>{_THOUSANDS})"
        rf"|(?P<one>[ktm])(?:[\s.]?{_MONEY}|eur|usd)|(?:{_MONEY})\s?(?P<other>[km])"
    )


_OF_CENTS = re.compile(
    rf"(?i)(?P<bare>.{{1,200}}?)(?:[\s_-]{{1,9}}|\s{{0,9}}[(\[（])(?P<cents>{_CENTS})[)\]）]?\s{{0,9}}"
)


@lru_cache(maxsize=10_000)
def unit_of(header: str) -> HeaderUnit | None:
    """The unit that a header says; None where it says none.

    >>> unit_of("Thành tiền (nghìn đồng)").factor, unit_of("amount_in_cents").bare
    (Decimal('1000'), 'amount')
    >>> unit_of("売上（万円）").factor, unit_of("金額")
    (Decimal('10000'), None)
    """
    header = normalized("NFC", header).strip()
    found = _OF_CENTS.fullmatch(header)
    if found:
        return HeaderUnit(found["bare"], Decimal("0.01"), found["cents"])
    if not _may_say(header):
        return None
    for form in _forms():
        found = form.fullmatch(header)
        if found and not _of_two_meanings(found, header[len(found["bare"]) :]):
            words = header[len(found["bare"]) :].strip(" ()[]（）_-:,")
            return HeaderUnit(found["bare"].rstrip(), _factor(found), words)
    return None


def _may_say(header: str) -> bool:
    """Whether the forms are worth their making: most files have no header with a unit.

    A word of a unit stands by itself, or is glued to a currency.
    """
    if any(sign in header for sign in _signs()):
        return True
    units = _units()
    for word in re.findall(r"[^\W_]+", header.casefold()):
        halves = ((word[:at], word[at:]) for at in range(1, len(word)))
        if word in units or any(
            (a in units and b in _CURRENCIES) or (a in _CURRENCIES and b in units)
            for a, b in halves
        ):
            return True
    return False


@cache
def _units() -> frozenset[str]:
    return frozenset((*factors(), "k", "t", "m"))


@cache
def _signs() -> tuple[str, ...]:
    asian = (word for word in factors() if not word.isascii() and len(word) < 3)
    return ("(", "[", "（", "000", *(word for word in NAMES if not word.isalnum()), *asian)


def _of_two_meanings(unit: re.Match[str], words: str) -> bool:
    """`(mil)` without a currency is a thousand to some and a million to others."""
    word = unit.groupdict().get("word") or ""
    return word.casefold() in _TWO and re.search(_MONEY, words, re.IGNORECASE) is None


_TWO = ("mil", "bin", "mm")


def in_title(titles: str) -> HeaderUnit | None:
    """The unit that the lines above a header say of all amounts: `ĐVT: 1.000 đồng`."""
    if not titles:
        return None
    for line in normalized("NFC", titles).splitlines():
        found = _title().search(line)
        if found:
            return HeaderUnit("", _factor(found), found[0].strip(' ()[]:;,"'))
    return None


@cache
def _title() -> re.Pattern[str]:
    return re.compile(
        rf"(?i)(?<!\w){_SAID}(?:\s{{0,9}}[:：]\s{{0,9}}|\s{{1,9}})(?:{_unit()})(?!\w)"
    )


def _factor(unit: re.Match[str]) -> Decimal:
    groups = unit.groupdict()
    if groups.get("number"):
        return Decimal(1_000_000 if groups.get("more") else 1_000)
    word = groups.get("word")
    if word:
        return Decimal(factors()[word.casefold()])
    letter = groups.get("one") or groups.get("other") or groups.get("letter") or "k"
    return Decimal(1_000_000 if letter.casefold() == "m" else 1_000)
