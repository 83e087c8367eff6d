"""A workbook: its sheets by name, its formats, and cells that are what they look like.

Text is written as text, whatever it begins with, and numbers with the digits that JSON has. One
that a spreadsheet would round visibly stands as text, with a comment that says so.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Context, Decimal
from io import BytesIO
from typing import Any

from crm_kpi.messages import text
from crm_kpi.records import has_own_text
from crm_kpi.render import cells
from crm_kpi.render.as_json import encode
from crm_kpi.render.as_xlsx.cell_formats import date_format
from crm_kpi.render.as_xlsx.excel_limits import (
    MOST_LETTERS,
    is_too_long,
    refuse_larger,
    sheet_name,
    shortened,
    unique_headings,
)
from crm_kpi.render.numbers import SIGNIFICANT, plain
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Number, exact

MOST_COMMENTS = 100
"""Of a sheet: each is drawn."""
_FIRST_YEAR = 1900
_ROUNDED = Context(prec=SIGNIFICANT)
_COMPUTES = ("=", "+", "-", "@")
"""Text that a spreadsheet would take for a formula, were it typed."""
_A4 = 9
_LINE = 15
"""Points of a line of text."""
_LETTER = 1.1
"""Letters of text in the width of a digit, in which columns are measured."""
WIDEST, _NARROWEST, _LOOKED_AT = 56, 9, 200

HEAD = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#215E9B",
    "text_wrap": True,
    "valign": "vcenter",
}
SOFT = {"font_color": "#566270"}
GOOD, WARN, BAD = "#0B6E69", "#865A00", "#B3401A"


@dataclass(frozen=True, slots=True)
class Formed:
    """A cell of a table that is shown otherwise than those above it."""

    value: Number | str
    look: Mapping[str, Any]


class Book:
    """All sheets, in the words of one language."""

    def __init__(self, title: str, as_of: date, speaker: Speaker) -> None:
        import xlsxwriter

        self.speaker = speaker
        self._bytes = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._workbook = xlsxwriter.Workbook(self._bytes, options)
        # The time of day would make the same answer another file.
        self._workbook.set_properties({"title": title, "created": datetime.combine(as_of, time())})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def sheet(self, name: str) -> BookSheet:
        """A new sheet, the last one; its name is that one as far as Excel takes it."""
        return BookSheet(
            self, self._workbook.add_worksheet(sheet_name(self.say(name), self._names))
        )

    def chart(self, kind: str, subtype: str | None = None) -> Any:
        return self._workbook.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})

    def format(self, **look: Any) -> Any:
        """The format of a look: each is made once."""
        if not look:
            return None
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(look)
        return self._formats[key]

    def closed(self) -> bytes:
        """The whole file."""
        self._workbook.close()
        return self._bytes.getvalue()

    def say(self, words: str) -> str:
        return self.speaker.say(words)


class BookSheet:
    """One sheet; `worksheet` is that of xlsxwriter, for what is no cell."""

    def __init__(self, book: Book, worksheet: Any) -> None:
        self.book, self.worksheet = book, worksheet
        self.name: str = worksheet.get_name()
        self._comments = 0
        worksheet.set_landscape()
        worksheet.set_paper(_A4)
        worksheet.fit_to_pages(1, 0)  # one page wide, as many long as it takes
        worksheet.set_footer("&C&P / &N")

    def refuse_larger(self, rows: int, columns: int, what: str | None = None) -> None:
        """Raises UsageError where a sheet does not hold so much: nothing is cut silently."""
        refuse_larger(what or self.name, rows, columns)

    def text(self, row: int, column: int, words: str, **look: Any) -> None:
        """Text, as text, in the language of the book."""
        shown = visible(self.book.say(words))
        if shown.startswith(_COMPUTES):
            look["quote_prefix"] = True  # it stays text when somebody edits the cell
        format = self.book.format(**look)
        self.worksheet.write_string(row, column, shortened(shown, MOST_LETTERS), format)

    def number(self, row: int, column: int, number: Number, **look: Any) -> bool:
        """A number with the digits of JSON; returns whether it is one in the sheet, too."""
        if isinstance(number, int) and abs(number) < 10**SIGNIFICANT:
            self.worksheet.write_number(row, column, number, self.book.format(**look))
            return True
        value = exact(Decimal(plain(number)))
        if is_too_long(value):
            look |= {"align": "right", "num_format": "@"}
            self.worksheet.write_string(row, column, plain(number), self.book.format(**look))
            self.comment(row, column, text("workbook.as_text"))
            return False
        rounded = value.normalize(_ROUNDED)
        whole = rounded == rounded.to_integral_value() and rounded.adjusted() < SIGNIFICANT
        written = int(rounded) if whole else rounded
        self.worksheet.write_number(row, column, written, self.book.format(**look))
        return True

    def day(self, row: int, column: int, day: date, **look: Any) -> None:
        """A date, which a spreadsheet counts from 1900 on; an earlier one is text."""
        if day.year < _FIRST_YEAR:
            self.text(row, column, day.isoformat(), **look)
            return
        moment = day.replace(tzinfo=None) if isinstance(day, datetime) else day
        with_time = isinstance(day, datetime)
        form = date_format(self.book.speaker, with_time=with_time)
        self.worksheet.write_datetime(
            row, column, moment, self.book.format(**{"num_format": form, "align": "left", **look})
        )

    def blank(self, row: int, column: int, **look: Any) -> None:
        """A look without a value."""
        self.worksheet.write_blank(row, column, None, self.book.format(**look))

    def value(self, row: int, column: int, value: Any, **look: Any) -> None:
        """Whatever it is; nothing where there is nothing."""
        if value is None or value == "":
            return
        if isinstance(value, str):
            self.text(row, column, value)
        elif isinstance(value, Formed):
            put: Any = self.text if isinstance(value.value, str) else self.number
            put(row, column, value.value, **value.look)
        elif isinstance(value, bool):
            self.worksheet.write_boolean(row, column, value)
        elif isinstance(value, (int, float, Decimal)):
            self.number(row, column, value, **look)
        elif isinstance(value, date):
            self.day(row, column, value)
        else:
            self.text(row, column, str(value) if has_own_text(value) else encode(value))

    def comment(self, row: int, column: int, words: str) -> None:
        self._comments += 1
        if self._comments <= MOST_COMMENTS:
            self.worksheet.write_comment(row, column, self.book.say(words), {"author": "crm-kpi"})

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[Any]],
        looks: Sequence[dict[str, Any]] | None = None,
        top: int = 0,
    ) -> int:
        """An Excel table, which can be sorted and filtered; returns the row after it.

        looks: of the numbers of each column.
        """
        if not rows or not headings:
            self.text(top, 0, text("render.no_rows_sentence"), **SOFT)
            return top + 1
        self.refuse_larger(top + 1 + len(rows), len(headings))
        names = unique_headings(map(self.book.say, headings), self.book.say(cells.BLANK))
        head = self.book.format(**HEAD)
        self.worksheet.add_table(
            top,
            0,
            top + len(rows),
            len(names) - 1,
            {
                "columns": [{"header": name, "header_format": head} for name in names],
                "style": "Table Style Light 9",
            },
        )
        for at, row in enumerate(rows, top + 1):
            for column, value in enumerate(row):
                if value is not None:
                    self.value(at, column, value, **(looks[column] if looks else {}))
        self.fit(top, names, rows)
        return top + 1 + len(rows)

    def fit(self, top: int, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Columns as wide as what stands in the first rows of them, headings as high as need be."""
        most = 1
        for column, heading in enumerate(headings):
            seen = (row[column] for row in rows[:_LOOKED_AT])
            widest = max((_width(value, self.book) for value in seen), default=0)
            # A heading may break between words, and has an arrow to filter by.
            widest = max(widest, *map(len, f"{heading} -".split()), len(heading) // 2) + 4
            width = max(_NARROWEST, min(WIDEST, widest))
            self.worksheet.set_column(column, column, width)
            most = max(most, lines_of(heading, width - 3))
        self.make_room(top, most)

    def make_room(self, row: int, lines: int) -> None:
        """Not every program makes a row higher for text that wraps."""
        if lines > 1:
            self.worksheet.set_row(row, lines * _LINE)


def lines_of(words: str, width: float) -> int:
    """How many lines a text needs that breaks between words, in a column so wide."""
    return max(1, len(textwrap.wrap(words, max(1, int(width * _LETTER)))))


def _width(value: Any, book: Book) -> int:
    if value is None:
        return 0
    if isinstance(value, Formed):
        value = value.value
    if isinstance(value, str):
        return len(book.say(value))
    return len(f"{value:,.2f}") if isinstance(value, (int, float, Decimal)) else 10
