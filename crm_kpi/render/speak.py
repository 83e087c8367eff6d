"""Numbers, money, times and periods as a person reads them, in a language.

    Speaker("vi").amount(200 / 3, "percent")         66,7 %
    Speaker("vi").short(Decimal(287_123_456), "VND") 287 tr ₫
    Speaker("vi").period("2024-12")                  Tháng 12/2024

A renderer for people has one `Speaker` and says everything by it; those for machines have none.
`numbers` decides how many decimals a number has, and this how they are written. A rounded value
never crosses its goal, nor seems to lie at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm_kpi.messages import Message, separated, text
from crm_kpi.render.numbers import (
    decimals_beside,
    decimals_of,
    own_decimals,
    rounded,
    shown,
    significant_decimals,
    whole,
)
from crm_kpi.results import Number, Unit, exact

_SUFFIXES: dict[str, str] = {
    Unit.PERCENT: " %",
    Unit.POINTS: text("render.points"),
    Unit.HOURS: text("render.hours"),
    Unit.DAYS: text("render.days"),
    Unit.SCORE: "",
    Unit.RATIO: "",
    Unit.COUNT: "",
}
SIGNS = {Unit.MONEY.value: "", "VND": "₫", "EUR": "€", "GBP": "£"}
"""Signs that stand for one currency alone; of others the code is said, of unknown ones nothing."""
_IN_FULL = Decimal(1_000_000)
"""Amounts below are short enough as they are."""
_DIGITS = 3
"""Digits of a short amount: 97.1M, 287M, 1.91B."""
_MONTHS = text("speak.months")
_ARROWS = {"+": "▲", "-": "▼"}

_LABEL = re.compile(
    r"(?P<fiscal>FY)?(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d\d)|(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?))?"
)
"""The labels of `periods.Rhythm`; those of a config's own periods look otherwise."""


@dataclass(frozen=True, slots=True)
class Speaker:
    language: str = "en"

    def say(self, words: str) -> str:
        """A message in this language; other text, such as that of the data, as it is."""
        return words.in_language(self.language) if isinstance(words, Message) else words

    def number(self, value: Decimal, decimals: int, *, sign: bool = False) -> str:
        """Rounded half to even, with separators: `1,250,000.5`, `1.250.000,5`."""
        return separated(shown(value, decimals, sign=sign), self.language)

    def count(self, number: Number) -> str:
        return self.number(exact(number), 0)

    def bare(self, number: Number) -> str:
        """A number without a unit: whole as it is, else with two decimals."""
        value = exact(number)
        return self.number(value, 0 if whole(value) else significant_decimals(value, 2))

    def amount(self, number: Number, unit: str, *, limits: Iterable[Number | None] = ()) -> str:
        """A value with its unit: `25.0 %`, `1,250,000 VND`, `3.2 h`, `62.0 pts`, `4.08`.

        limits: its target and warning. A rounded value must not seem to lie on the
            other side of them, or at them, so it is then shown with more decimals:
            94.96 against 95 is 94.96, not 95.0.
        """
        value = exact(number)
        decimals = decimals_beside(value, decimals_of(unit, value), limits)
        return self.number(value, decimals) + self.suffix(unit)

    def short(
        self,
        number: Number,
        unit: str,
        *,
        limits: Iterable[Number | None] = (),
        sign: bool = False,
    ) -> str:
        """As `amount`, with money in three digits: `287M ₫`, `1.91B ₫`, `21,000 ₫`."""
        value, bounds = exact(number), [*limits]
        if not is_money(unit):
            decimals = decimals_beside(value, decimals_of(unit, value), bounds)
            return self.number(value, decimals, sign=sign) + self.suffix(unit)
        currency = SIGNS.get(unit, unit)
        power = _power(value)
        if not power:
            decimals = decimals_beside(value, decimals_of(unit, value), bounds)
            return f"{self.number(value, decimals, sign=sign)} {currency}".rstrip()
        scaled = value.scaleb(-power)
        decimals = max(0, _DIGITS - 1 - max(0, scaled.adjusted()))
        decimals = max(0, _DIGITS - 1 - rounded(scaled, decimals).adjusted())
        edges = [exact(bound).scaleb(-power) for bound in bounds if bound is not None]
        decimals = decimals_beside(scaled, decimals, edges)
        return self._in_power(self.number(scaled, decimals, sign=sign), power, currency).rstrip()

    def tick(self, number: Number, unit: str) -> str:
        """A number beside an axis, where a unit would crowd: `50%`, `2.5M`, `1,000`."""
        value = exact(number)
        power = _power(value)
        scaled = value.scaleb(-power)
        digits = self.number(scaled, own_decimals(scaled))
        if power:
            digits = self._in_power(digits, power, "").rstrip()
        return f"{digits}%" if unit == Unit.PERCENT else digits

    def change(self, change: Number, unit: str, *, short: bool = False) -> str:
        """`▲ +2.0 pts`; in the value's unit, a percentage changes by points, which is said.

        short: with the unit, and money in three digits: `▲ +97.1M ₫`.
        """
        of = Unit.POINTS if unit == Unit.PERCENT else unit
        if short:
            words = self.short(change, of, sign=True)
        else:
            value = exact(change)
            words = self.number(value, decimals_of(unit, value), sign=True)
            words += self.suffix(of) if unit == Unit.PERCENT else ""
        return f"{_ARROWS.get(words[0], '=')} {words}"

    def interval(self, low: Number | None, high: Number | None, unit: str, nothing: str) -> str:
        """`48.9 to 69.7`, with as many decimals on both sides; `nothing` for an open end."""
        ends = [exact(end) if end is not None else None for end in (low, high)]
        decimals = max((decimals_of(unit, end) for end in ends if end is not None), default=0)
        low_text, high_text = (
            nothing if end is None else self.number(end, decimals) for end in ends
        )
        return self.say(text("render.from_to", low=low_text, high=high_text))

    def limit(self, number: Number, unit: str) -> str:
        """A target: never rounded, at least the unit's decimals, no unit behind it."""
        value = exact(number)
        return self.number(value, max(decimals_of(unit, value), own_decimals(value)))

    def goal(self, target: Number, unit: str, higher_is_better: bool | None) -> str:
        """`≥ 90.0`"""
        direction = {True: "≥ ", False: "≤ ", None: ""}[higher_is_better]
        return direction + self.limit(target, unit)

    def suffix(self, unit: str) -> str:
        """What follows a value of this unit; a currency's code for money, in Vietnamese ₫."""
        if unit in _SUFFIXES:
            return self.say(_SUFFIXES[unit])
        if unit == Unit.MONEY:
            return ""
        return f" {self.say(text('speak.dong'))}" if unit == "VND" else f" {unit}"

    def period(self, label: str, *, axis: bool = False) -> str:
        """`Dec 2024`, `Q4 2024`; of a period that the config names, its name.

        axis: shorter, for the ends of a chart: `Dec 24`, `T12/24`.
        """
        if label == "all":
            return self.say(text("speak.all"))
        found = _LABEL.fullmatch(label)
        if found is None:
            return label
        parts = {name: int(part) for name, part in found.groupdict("0").items() if name != "fiscal"}
        year = f"{parts['year']:04}"
        if found["day"]:
            return self._day_of(parts["year"], parts["month"], parts["day"], label)
        if axis and not found["fiscal"]:
            return self.say(self._on_axis(parts, year))
        return self.say(self._in_full(parts, year, fiscal=bool(found["fiscal"])))

    def day(self, day: date) -> str:
        """`31 December 2024`, `31/12/2024`."""
        month = self._month(text("speak.months_of_days"), day.month)
        return self.say(text("speak.day", day=day.day, month=month, year=f"{day.year:04}"))

    def _day_of(self, year: int, month: int, day: int, label: str) -> str:
        try:
            return self.day(date(year, month, day))
        except ValueError:  # a name of the config's own
            return label

    def _in_full(self, parts: dict[str, int], year: str, *, fiscal: bool) -> Message:
        if fiscal:
            named = text("speak.fiscal_year", year=year)
            if not parts["quarter"]:
                return named
            return text("speak.fiscal_quarter", quarter=parts["quarter"], fiscal_year=named)
        if parts["month"]:
            return text("speak.month", month=self._month(_MONTHS, parts["month"]), year=year)
        if parts["quarter"]:
            return text("speak.quarter", quarter=parts["quarter"], year=year)
        if parts["week"]:
            return text("speak.week", week=f"{parts['week']:02}", year=year)
        return text("speak.year", year=year)

    def _on_axis(self, parts: dict[str, int], year: str) -> str:
        short = year[2:]
        if parts["month"]:
            return text(
                "speak.month_on_axis", month=self._month(_MONTHS, parts["month"]), year=short
            )
        if parts["quarter"]:
            return text("speak.quarter_on_axis", quarter=parts["quarter"], year=short)
        if parts["week"]:
            return text("speak.week_on_axis", week=f"{parts['week']:02}", year=short)
        return year

    def _in_power(self, digits: str, power: int, currency: str) -> str:
        if power == 6:
            return self.say(text("speak.millions", number=digits, currency=currency))
        if power == 9:
            return self.say(text("speak.billions", number=digits, currency=currency))
        return self.say(text("speak.trillions", number=digits, currency=currency))

    def _month(self, months: Message, number: int) -> str:
        return self.say(months).split()[number - 1]


ENGLISH = Speaker()


def is_money(unit: str) -> bool:
    """Whether a unit is that of money: a currency's code, or of one that nobody names."""
    return unit not in _SUFFIXES


def _power(value: Decimal) -> int:
    """The power of ten that a short amount is told in, once it is rounded; 0 for in full."""
    size = value.copy_abs()
    if size < _IN_FULL:
        return 0
    for power in (12, 9):
        if rounded(size.scaleb(3 - power), 0) >= 1000:
            return power
    return 6
