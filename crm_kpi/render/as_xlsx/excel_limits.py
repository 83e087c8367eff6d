"""What Excel holds: how much, how long, and under which names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.render.numbers import SIGNIFICANT
from crm_kpi.render.text import visible

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_LETTERS = 32_767
"""Of a cell; as all lengths of Excel in UTF-16."""
MOST_LETTERS_OF_NAME = 31
MOST_LETTERS_OF_HEADING = 255
_WHOLE_DIGITS = 12
"""A number of more digits than a spreadsheet holds keeps three decimals where it has no more than
these before the point: a quotient is rounded, and money is not."""
_LARGEST_POWER = 307
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_RESERVED = "history"
"""A name that Excel keeps for itself."""


def refuse_larger(name: str, rows: int, columns: int) -> None:
    """Raises UsageError where a sheet does not hold so many."""
    hint = text("workbook.other_formats")
    if rows > MOST_ROWS:
        raise UsageError(
            text("workbook.too_many_rows", table=name, rows=rows, limit=MOST_ROWS), hint=hint
        )
    if columns > MOST_COLUMNS:
        raise UsageError(
            text("workbook.too_many_columns", table=name, columns=columns, limit=MOST_COLUMNS),
            hint=hint,
        )


def sheet_name(wanted: str, taken: set[str]) -> str:
    """The name of a new sheet, which is then taken, too: as wanted, as far as Excel takes it."""
    name = _FORBIDDEN.sub(" ", visible(wanted)).strip(" '")
    name = shortened(name, MOST_LETTERS_OF_NAME).strip(" '") or "–"
    if name.casefold() == _RESERVED:
        name += " 1"
    chosen = name
    number = 1
    while chosen.casefold() in taken:
        number += 1
        ending = f" ({number})"
        chosen = shortened(name, MOST_LETTERS_OF_NAME - len(ending)) + ending
    taken.add(chosen.casefold())
    return chosen


def is_too_long(value: Decimal) -> bool:
    """Whether a spreadsheet would show another number."""
    if value.adjusted() > _LARGEST_POWER:
        return True
    digits = "".join(map(str, value.as_tuple().digits)).rstrip("0")
    return len(digits) > SIGNIFICANT and value.adjusted() >= _WHOLE_DIGITS


def shortened(words: str, most: int) -> str:
    """The text in at most so many units of UTF-16, as Excel counts."""
    if 2 * len(words) <= most or len(words.encode("utf-16-le")) // 2 <= most:
        return words
    units = words.encode("utf-16-le")[: 2 * (most - 1)]
    return units.decode("utf-16-le", errors="ignore") + "…"


def unique_headings(names: Iterable[str], blank: str) -> list[str]:
    """Headings as the columns of an Excel table must have them: none empty, none there twice."""
    found: list[str] = []
    seen: set[str] = set()
    for name in names:
        heading = shortened(visible(name), MOST_LETTERS_OF_HEADING)
        heading = heading if heading.strip() else blank
        chosen, number = heading, 1
        while not seen.isdisjoint((chosen.lower(), chosen.casefold())):
            number += 1
            ending = f" ({number})"
            chosen = shortened(heading, MOST_LETTERS_OF_HEADING - len(ending)) + ending
        seen |= {chosen.lower(), chosen.casefold()}
        found.append(chosen)
    return found
