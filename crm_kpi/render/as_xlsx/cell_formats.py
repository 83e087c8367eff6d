"""How Excel shows the numbers of a unit, and dates: it writes the separators of its reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crm_kpi.currencies import MINOR_DIGITS
from crm_kpi.render.numbers import common_decimals, decimals_beside, decimals_of, own_decimals
from crm_kpi.render.speak import SIGNS, Speaker, is_money
from crm_kpi.results import Number, Result, Unit, exact

_MOST_DECIMALS = 15
_CODE = re.compile("[A-Z]{3}")
_UNGROUPED = (Unit.PERCENT, Unit.POINTS, Unit.SCORE)
_TIME = " hh:mm"
_DAYS = {"vi": "dd/mm/yyyy"}
_MONTHS = {"en": "mmm yyyy", "vi": "mm/yyyy"}


def of_number(
    number: Number, unit: str, speaker: Speaker, limits: Iterable[Number | None] = ()
) -> str:
    """As many decimals as the formats for people show; a rounded value never crosses its goal."""
    value = exact(number)
    return _written(unit, decimals_beside(value, decimals_of(unit, value), limits), speaker)


def of_result(result: Result, speaker: Speaker) -> str:
    """That of the value of a result."""
    if result.value is None:
        return "General"
    return of_number(result.value, result.unit, speaker, (result.target, result.warning))


def of_change(change: Number, unit: str, speaker: Speaker) -> str:
    """With its sign; a percentage changes by points."""
    form = of_number(change, Unit.POINTS if unit == Unit.PERCENT else unit, speaker)
    return ";".join(("+" + form, "-" + form, form))


def of_goal(target: Number, unit: str, higher_is_better: bool | None, speaker: Speaker) -> str:
    """Never rounded, with the direction in front: `≥ 90.0 %`."""
    value = exact(target)
    decimals = max(decimals_of(unit, value), own_decimals(value))
    direction = {True: '"≥ "', False: '"≤ "', None: ""}[higher_is_better]
    return direction + _written(unit, decimals, speaker)


def of_column(values: Iterable[Any], currency: str | None, speaker: Speaker) -> str:
    """The same down a column of a table: money where there are amounts, which are decimals."""
    numbers = [
        v for v in values if isinstance(v, (int, float, Decimal)) and not isinstance(v, bool)
    ]
    if any(isinstance(number, Decimal) for number in numbers):
        unit = currency or Unit.MONEY.value
        return _written(unit, MINOR_DIGITS.get(unit, 2), speaker)
    return _grouped(common_decimals([exact(number) for number in numbers]))


def of_period(label: str, speaker: Speaker) -> str:
    """That of the first day of a period, by which its column is known."""
    if re.fullmatch(r"\d{4}-\d{2}", label):
        return _MONTHS.get(speaker.language, _MONTHS["en"])
    return "yyyy" if re.fullmatch(r"\d{4}", label) else date_format(speaker)


def of_axis(label: str, speaker: Speaker) -> str:
    """The same in short."""
    return of_period(label, speaker).replace("yyyy", "yy") if label[4:] else "yyyy"


def date_format(speaker: Speaker, *, with_time: bool = False) -> str:
    day = _DAYS.get(speaker.language, "yyyy-mm-dd")
    return day + _TIME if with_time else day


def _written(unit: str, decimals: int, speaker: Speaker) -> str:
    form = _grouped(decimals)
    if unit in _UNGROUPED:
        form = form.removeprefix("#,##")
    if is_money(unit):
        suffix = f" {SIGNS.get(unit, unit)}" if _CODE.fullmatch(unit) else ""
    else:
        suffix = speaker.suffix(unit)
    return f'{form}"{suffix}"' if suffix else form


def _grouped(decimals: int) -> str:
    decimals = min(decimals, _MOST_DECIMALS)
    return "#,##0" + ("." + "0" * decimals if decimals else "")
