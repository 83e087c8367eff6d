"""Whether lines of totals are the sums of the rows around them.

The reader passes them over, or marks what may be one. A total has to be the sum of rows that
follow one another, right above it or right below, and from one line of a total to another or to
an end of the table, in every column of money and of counts that is read: of all rows, or of those
that no question leaves out, as those of cancelled orders. Then it is proved, and no row. Else rows
may be missing in the file, which nobody else could notice: what it comes to is open, until
`totals: skip` is declared. A marked line that proves nothing stays a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import and_

import polars as pl

from crm_kpi.messages import Message, as_number, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping.column_mapping import MappedBlock, MappedFile
from crm_kpi.sources.meaning.question import BlockRows, Question
from crm_kpi.sources.readers.csv.csv_file import CsvFile
from crm_kpi.sources.readers.csv.total_lines import AROUND, adds_up, words_alone
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import ROW, TABLES, Kind

SKIP = "skip"
"""Of `sources.T.totals`."""

_ADDED = (Kind.MONEY, Kind.COUNT)
_KEYS = (Kind.ID, Kind.DATE, Kind.TIME)
_NUMBER = re.compile(r"\d[\d.,'\u00a0\u202f ]*")
_ENDING = re.compile(r"[.,](\d{3})\Z")
_SEVERAL = 2
_FEW = 3
"""Rows of which a line without words has to be the sum."""


@dataclass
class _Sums:
    """One column of a file: what its rows come to between lines of totals."""

    of: list[Decimal]

    def near(self, place: int) -> Iterator[Decimal]:
        """Sums of rows that end above a line, or begin below it; the nearest first."""
        for parts in (self.of[place::-1], self.of[place + 1 :]):
            total = Decimal(0)
            for part in parts:
                total += part
                yield total


@dataclass
class _Marked:
    """The lines of totals of a file."""

    part: MappedFile
    file: CsvFile
    columns: dict[str, int]
    """Columns that can be added up, and where they stand."""
    sums: dict[str, _Sums] = field(init=False)
    left: dict[str, _Sums] = field(init=False)
    """Of the rows that no question leaves out."""

    def __post_init__(self) -> None:
        self.totals = self.file.totals
        self.rows = sorted(self.totals)
        self.places = {row: place for place, row in enumerate(self.rows)}
        self.sums, self.left = (
            {name: _Sums([Decimal(0)] * (len(self.rows) + 1)) for name in self.columns}
            for _ in range(2)
        )

    def add(self, frame: pl.DataFrame, sums: dict[str, _Sums]) -> None:
        """Rows that are typed."""
        base = self.part.base
        frame = frame.filter(
            pl.col(ROW).is_between(base, base + self.file.records - 1)
            & ~pl.col(ROW).is_in([base + row for row in self.rows])
        )
        marks = pl.Series([base + row for row in self.rows], dtype=frame.schema[ROW])
        places = marks.search_sorted(frame[ROW])
        by_place = frame.select(place=places, **{name: name for name in self.columns})
        for place, *values in by_place.group_by("place").sum().iter_rows():
            for name, value in zip(self.columns, values, strict=True):
                sums[name].of[place] += Decimal(value or 0)

    def differing(self, row: int, sums: dict[str, _Sums]) -> tuple[str, str] | None:
        """Our column in which a total is no sum of rows, and what it says; None where it is."""
        cells, place = self.totals[row], self.places[row]
        for name, at in self.columns.items():
            said = cells[at] if at < len(cells) else ""
            found = values(said)
            if found and not any(_same(total, found) for total in sums[name].near(place)):
                return name, said
        return None

    def compared(self, row: int) -> bool:
        """Whether a total has a number in a column that is read."""
        cells = self.totals[row]
        if not adds_up(next(filter(None, cells))):
            return False
        return any(values(cells[at]) for at in self.columns.values() if at < len(cells))


class Totals(Question):
    """What lines of totals come to."""

    name = "totals"
    title = text("meaning.totals")
    tables = frozenset(TABLES)
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.marked: list[_Marked] | None = None
        self.rows_seen = self.rows_left = 0
        self.frame: pl.DataFrame | None = None
        """The rows of which it is not known yet which of them are left out."""
        spec = block.spec
        self.unfiltered = not any(spec.where.values()) and not any(spec.exclude.values())
        """Whether all rows of the file are seen: a total counts those that are left out."""

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        return any(isinstance(part.file, CsvFile) for part in block.parts)

    def rows(self, rows: BlockRows) -> None:
        if self.marked is None:
            self.marked = [
                _Marked(part, part.file, self._columns(part, rows.frame))
                for part in self.block.parts
                if isinstance(part.file, CsvFile)
            ]
            self.marked = [marked for marked in self.marked if marked.rows]
        self.rows_seen += rows.frame.height
        for marked in self.marked:
            if marked.columns:
                marked.add(rows.frame, marked.sums)
        added = {name for marked in self.marked for name in marked.columns}
        self.frame = rows.frame.select(ROW, *added) if added else None
        if rows.whole:
            self._leave_out_proved(rows)
            self._leave_out_unnamed(rows)
            self._leave_out_named(rows)

    def left(self, rows: BlockRows) -> None:
        self.rows_left += rows.frame.height
        if self.frame is not None:
            # With the amounts that the file has, whatever questions made of them.
            frame = self.frame.filter(pl.col(ROW).is_in(rows.frame[ROW].implode()))
            for marked in self.marked or ():
                marked.add(frame, marked.left)
        self.frame = None

    def _columns(self, part: MappedFile, frame: pl.DataFrame) -> dict[str, int]:
        table = self.block.table
        return {
            name: at
            for name, at in part.reads.items()
            if name in table
            and table[name].kind in _ADDED
            and name in frame.columns
            and name not in part.others
            and frame.schema[name].is_numeric()
        }

    def _leave_out_proved(self, rows: BlockRows) -> None:
        """Marked lines that stand in the table still, and are sums of rows."""
        proved = [
            marked.part.base + row
            for marked in self.marked or ()
            for row in marked.rows
            if row not in marked.file.passed_over
            and marked.compared(row)
            and marked.differing(row, marked.sums) is None
        ]
        self._leave_out(rows, proved)

    def _leave_out_unnamed(self, rows: BlockRows) -> None:
        """The first or the last record of a file, without a word, which is the sum of the others:
        KiotViet writes totals right below the header."""
        table = self.block.table
        keys = [c.name for c in table.columns if c.kind in _KEYS and c.name in rows.frame.columns]
        added = [c.name for c in table.columns if c.kind in _ADDED and c.name in rows.frame.columns]
        if not keys or not added or not self.unfiltered:
            return
        candidates = reduce(and_, (pl.col(name).is_null() for name in keys))
        if len(self.block.parts) != 1 or rows.frame.height <= _FEW:
            return
        ends = pl.concat([rows.frame.head(1), rows.frame.tail(1)])
        for row in ends.filter(candidates)[ROW]:
            there = pl.col(ROW) == row
            line, others = rows.frame.filter(there), rows.frame.filter(~there)
            sums = [(line[name].item(), others[name].sum()) for name in added]
            filled = [(said, total) for said, total in sums if said]
            if filled and all(said == total for said, total in filled):
                self._leave_out(rows, [row])

    def _leave_out_named(self, rows: BlockRows) -> None:
        """Lines with a date whose customer or order is `Tổng cộng`, and no other is there, where
        all of them are sums: of several rows, of which none is nothing."""
        frame = rows.frame
        if "amount" not in frame.columns or not frame.height:
            return
        ids = [n for n in ("customer_id", "transaction_id") if n in frame.columns]
        said = [pl.col(n).cast(pl.String).str.strip_chars(AROUND).str.to_lowercase() for n in ids]
        if not said:
            return
        words = list(words_alone())
        alone = pl.sum_horizontal(pl.col(ids).is_not_null()) == 1
        called = pl.any_horizontal(s.is_in(words).fill_null(value=False) for s in said)
        named = frame.select(named=called & alone)["named"]
        if not named.any():
            return
        lines, others = frame.filter(named), frame.filter(~named)["amount"]
        if len(others) < _SEVERAL or not (others != 0).all():
            return
        of_all = lines.height == 1 and others.sum() == lines["amount"][0]
        if of_all or _each_is_a_sum(frame["amount"], named):
            self._leave_out(rows, lines[ROW].to_list())

    def _leave_out(self, rows: BlockRows, proved: Sequence[int]) -> None:
        if proved:
            rows.leave_out(
                rows.frame[ROW].is_in(list(proved)),
                self.name,
                lambda count, _: (
                    text("meaning.total_of_rows", count=count),
                    text("meaning.total_of_rows_short", count=count),
                ),
            )

    def readings(self) -> Iterable[Reading]:
        for marked in self.marked or ():
            passed = [row for row in marked.rows if row in marked.file.passed_over]
            compared = [row for row in passed if marked.compared(row)]
            differing = {
                row: found for row in compared if (found := marked.differing(row, marked.sums))
            }
            neither = (row for row in differing if marked.differing(row, marked.left))
            first = next(neither, None) if self.unfiltered else None
            if self.block.spec.totals == SKIP and passed:
                why = text("meaning.by_option", option=self._option)
                yield self._reading(marked, How.DECLARED, len(passed), why)
            elif first is not None:
                yield self._open(marked, first, differing[first])
            elif compared and self.unfiltered:
                why = text("meaning.sums_of_rows", rows=self.rows_seen)
                if differing:
                    why = text("meaning.sums_of_rows_left", rows=self.rows_left)
                yield self._reading(marked, How.PROVED, len(compared), why)

    @property
    def _option(self) -> str:
        return f"sources.{self.block.table.name}.totals"

    def _reading(self, marked: _Marked, proof: How, count: int, why: object) -> Reading:
        column = next((marked.part.has[name] for name in marked.columns), self.block.table.name)
        return Reading(column, text("meaning.totals_no_rows", count=count), proof, why, count)  # type: ignore[arg-type]

    def _open(self, marked: _Marked, row: int, differing: tuple[str, str]) -> Reading:
        name, cell = differing
        total = sum(marked.sums[name].of, Decimal(0))
        words = next(filter(None, marked.totals[row]))
        why = text(
            "meaning.sum_differs",
            path=marked.file.path,
            line=marked.file.lines([row])[0],
            words=words,
            total=cell,
            sum=_shown(total),
        )
        gives = text("meaning.adds_up_to", total=_shown(total))
        outcome = Outcome(text("meaning.total_left_out"), self._option, SKIP, gives)
        count = len(marked.rows)
        taken = text("meaning.totals_no_rows", count=count)
        return Reading(marked.part.has[name], taken, How.OPEN, why, count, (outcome,))


def _each_is_a_sum(amounts: pl.Series, totals: pl.Series) -> bool:
    """Whether each total is the sum of the rows above it, from the start or the total before."""
    every = part = Decimal(0)
    for amount, is_total in zip(amounts, totals, strict=True):
        if not is_total:
            every, part = every + (amount or 0), part + (amount or 0)
        elif amount not in (every, part):
            return False
        else:
            part = Decimal(0)
    return True


def values(cell: str) -> list[Decimal]:
    """What the number in a cell may be, by whatever style; nothing where there is none.

    >>> [str(value) for value in values("1.250,5 đ")], [str(value) for value in values("(1.250)")]
    (['1250.5'], ['-1.250', '-1250'])
    """
    found = _NUMBER.search(cell)
    if found is None:
        return []
    digits = re.sub(r"[^\d.,]", "", found[0]).strip(".,")
    before, behind = cell[: found.start()], cell[found.end() :].strip()
    sign = -1 if "(" in before or "-" in before or "−" in before or behind.startswith("-") else 1
    marks = [mark for mark in ".," if mark in digits]
    if len(marks) == 2:
        decimal = max(marks, key=digits.rfind)
        plain = [digits.replace(min(marks, key=digits.rfind), "").replace(decimal, ".", 1)]
    elif marks and digits.count(marks[0]) == 1:
        plain = [digits.replace(marks[0], ".")]
        if _ENDING.search(digits):
            plain.append(digits.replace(marks[0], ""))
    else:
        plain = [re.sub(r"[.,]", "", digits)]
    return [sign * Decimal(number) for number in plain if number.count(".") <= 1]


def _same(total: Decimal, written: Iterable[Decimal]) -> bool:
    """Whether a sum is a number that is written with so many digits, whatever its sign: some
    write what is paid back without one."""
    for value in written:
        exponent = value.as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        if abs(round(total, digits)) == abs(value) or abs(round(total, 2)) == abs(round(value, 2)):
            return True
    return False


def _shown(value: Decimal) -> Message:
    return as_number(f"{value:,.2f}".removesuffix(".00"))
