"""Numbers as text: every digit for machines, rounded half to even for people.

`speak` writes the latter in a language.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal

from crm_kpi.currencies import MINOR_DIGITS
from crm_kpi.results import Number, Unit, exact

_WIDE = Context(prec=2000, rounding=ROUND_HALF_EVEN)
"""Wide enough for every float; the default context refuses more than 28 digits."""

_DECIMALS: dict[str, int] = {
    Unit.PERCENT: 1,
    Unit.POINTS: 1,
    Unit.HOURS: 1,
    Unit.DAYS: 1,
    Unit.SCORE: 2,
    Unit.RATIO: 2,
    Unit.COUNT: 0,
    Unit.MONEY: 2,
}
SIGNIFICANT = 15
"""Digits that survive in every float, whatever wrote them."""
_SHORT = SIGNIFICANT + 1
"""Letters of a number that has no more digits than that."""
_FAINTEST = 4
"""Decimals beyond which a number that is not zero may be shown as zero."""


def plain(number: Number) -> str:
    """No exponent; a negative zero is written as zero.

    Money and counts have all their digits; a float has the 15 that it holds for certain, and that
    a spreadsheet shows.

    >>> plain(1e-7), plain(1e22), plain(95.0), plain(20), plain(200 / 3)
    ('0.0000001', '10000000000000000000000.0', '95.0', '20', '66.6666666666667')

    Raises:
        IdentityError: NaN or infinity, which no result may hold.
    """
    if isinstance(number, int):
        return int.__repr__(number)
    if isinstance(number, Decimal):
        return format(exact(number), "f")
    text = float.__repr__(number)
    if len(text) > _SHORT:
        text = f"{number:.{SIGNIFICANT}g}"
    if not text.replace(".", "", 1).isdecimal():
        text = format(exact(Decimal(text)), "f")
    return text if "." in text else f"{text}.0"


def decimals_of(unit: str, value: Decimal) -> int:
    """How many decimals a value of this unit is shown with.

    percent, points, hours and days 1; score and ratio 2; a count none, or 2
    where it is not whole; money as many as its currency has minor digits. A
    value other than zero that this would show as zero gets its first two
    significant digits, up to four decimals.
    """
    if unit == Unit.COUNT and not whole(value):
        return significant_decimals(value, 2)
    return significant_decimals(value, _DECIMALS.get(unit, MINOR_DIGITS.get(unit, 2)))


def shown(value: Decimal, decimals: int, *, sign: bool = False) -> str:
    """Rounded half to even, with thousands separators: `1,250,000`.

    >>> shown(Decimal("-0.04"), 1), shown(Decimal("2.5"), 0), shown(Decimal(2), 1, sign=True)
    ('0.0', '2', '+2.0')
    """
    result = rounded(value, decimals)
    if result.is_zero():
        return format(result.copy_abs(), ",f")
    return format(result, "+,f" if sign else ",f")


def decimals_beside(value: Decimal, decimals: int, limits: Iterable[Number | None]) -> int:
    """As many decimals, or more: a rounded value must not seem to lie on the other side of its
    limits, or at them."""
    bounds = [exact(limit) for limit in limits if limit is not None]
    while decimals < own_decimals(value) and any(
        _side(rounded(value, decimals), bound) != _side(value, bound) for bound in bounds
    ):
        decimals += 1
    return decimals


def common_decimals(values: Iterable[Decimal]) -> int:
    """Decimals for a column of numbers without unit, the same down the column.

    None where all are whole, 4 where none exceeds 1 in size (shares,
    probabilities), else 2.
    """
    column = list(values)
    if all(whole(value) for value in column):
        return 0
    return 4 if all(value.copy_abs() <= 1 for value in column) else 2


def rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def significant_decimals(value: Decimal, decimals: int) -> int:
    """As many decimals, or more where a value other than zero would be shown as zero."""
    if value.is_zero() or not rounded(value, decimals).is_zero():
        return decimals
    enough = min(1 - value.adjusted(), own_decimals(value), _FAINTEST)
    return decimals if rounded(value, enough).is_zero() else enough


def own_decimals(value: Decimal) -> int:
    """Decimals that the number has, trailing zeros aside."""
    return max(0, -int(value.normalize(_WIDE).as_tuple().exponent))


def _side(value: Decimal, bound: Decimal) -> int:
    return (value > bound) - (value < bound)
