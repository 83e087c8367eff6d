"""The rows of the tables of a web page, by the parser of the standard library."""

from __future__ import annotations

from html.parser import HTMLParser

from crm_kpi.sources.readers.xlsx.cell_names import LAST_COLUMN

_UNSEEN = ("style", "script", "title", "template")
_DEEPEST = 50
"""Tables within one another."""


class HtmlRows(HTMLParser):
    """Rows of all tables; what stands in a table within a cell belongs to that table alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cells: list[list[str] | None] = []
        """For each open table the text of its open cell."""
        self._spans: list[dict[int, int]] = []
        """For each open table: column: the last row that a cell takes there."""
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table" and len(self._open) < _DEEPEST:
            rows: list[list[str]] = []
            self.tables.append(rows)
            self._open.append(rows)
            self._cells.append(None)
            self._spans.append({})
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag in ("br", "p", "div") and self._cells[-1]:
            self._cells[-1].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif not self._open:
            return
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            for stack in (self._open, self._cells, self._spans):
                stack.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._unseen:
            cell = self._cells[-1]
            if cell is not None:
                cell.append(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self.handle_endtag("table")

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        rows, spans = self._open[-1], self._spans[-1]
        if not rows:
            rows.append([])
        row = rows[-1]
        now = len(rows) - 1
        while spans.get(len(row), -1) >= now:
            row.append("")
        wide, high = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
        at = len(row)
        if at + wide > LAST_COLUMN:
            wide = 1
        for column in range(at, at + wide):
            spans[column] = now + high - 1
        row += [""] * wide
        self._cells[-1] = [f"{at}"]

    def _end_cell(self) -> None:
        cell, self._cells[-1] = self._cells[-1], None
        if cell is not None:
            at, *texts = cell
            self._open[-1][-1][int(at)] = " ".join("".join(texts).split())


def _span(number: str | None) -> int:
    number = (number or "").strip()
    return min(max(int(number), 1), 1000) if number.isascii() and number.isdigit() else 1
