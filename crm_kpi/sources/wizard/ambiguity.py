"""A column that the loader cannot read by itself: the ways in which it could be read.

Each way is tried on all rows, so that an answer is offered with what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from crm_kpi import messages
from crm_kpi.errors import DataError
from crm_kpi.messages import Message, joined
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.columns import choice_words, typed
from crm_kpi.sources.parsing.date_formats import COUNTED
from crm_kpi.sources.parsing.dates import OpenDates
from crm_kpi.sources.parsing.text_ops import tidy
from crm_kpi.sources.wizard.config_line import ConfigLine
from crm_kpi.tables import Kind

DATES = (Kind.DATE, Kind.TIME)
_DATES = (("%d/%m/%Y", "%d-%m-%Y"), ("%m/%d/%Y", "%m-%d-%Y"))
_NUMBERS = (("1,234.56",), ("1.234,56",))
"""The ways between which rows may leave open which it is; of each group, one fits best."""
_OTHER_DATES = (*COUNTED, "%Y%m%d")
"""Ways to write a date that are never taken without being declared."""
_MOST_WORDS = 12
"""With more words that are not known, a column is taken for another than ours."""


@dataclass(frozen=True)
class Choice:
    """What the files do not tell. The first answer is the most likely one."""

    text: str
    answers: tuple[str, ...]
    hint: str | None = None
    """How to answer it without being asked."""
    must: bool = True
    """Nothing can be read without an answer."""
    open: bool = False
    """Another answer is as likely as the first, which is not taken unasked."""


Prompt = Callable[[Choice], int | None]
"""The position of the answer that is chosen; None if there is nobody to choose."""


@dataclass
class Resolution:
    """How one column is declared: nothing where the loader reads it by itself."""

    dates: str | None = None
    numbers: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    column: TypedColumn = field(default_factory=lambda: TypedColumn([]))
    assumed: Message | None = None
    open: tuple[ConfigLine, ...] = ()
    """The ways to declare it of which nobody has chosen one."""


Attempt = TypedColumn | DataError
"""What the loader makes of a column by itself."""


def attempt(text: pl.Series, context: ColumnContext) -> Attempt:
    try:
        return typed(text, context)
    except DataError as error:
        if isinstance(error, OpenDates):
            error.again = lambda order: typed(text, replace(context, order=order))
        return error


def resolve(
    text: pl.Series, context: ColumnContext, tried: Attempt, ask: Prompt, usual: Iterable[str]
) -> Resolution:
    """Leave a column as the loader reads it; where that fails, declare what can be, or ask.

    `usual` are the ways in which other columns of the file are written, likely here too.
    """
    kind = context.column.kind
    if isinstance(tried, DataError):
        name, groups = ("dates", _DATES) if kind in DATES else ("numbers", _NUMBERS)
        ways = [_best(text, context, name, group) for group in groups]
        return _asked(text, context, ask, tried, name, ways, {way[:2] for way in usual})
    if tried.faults and kind in DATES:
        return _other_date(text, context, tried)
    if tried.faults and kind in (Kind.CHOICE, Kind.FLAG):
        return _words(text, context, ask, tried)
    return Resolution(column=tried)


def _best(
    text: pl.Series, context: ColumnContext, name: str, ways: Iterable[str]
) -> tuple[str, TypedColumn]:
    """The way that rejects the fewest rows."""
    tried = [(way, typed(text, _declared(context, name, way))) for way in ways]
    return min(tried, key=lambda pair: _rejected(pair[1]))


def _asked(
    text: pl.Series,
    context: ColumnContext,
    ask: Prompt,
    error: DataError,
    name: str,
    ways: list[tuple[str, TypedColumn]],
    usual: set[str],
) -> Resolution:
    examples = _examples(text, [column for _, column in ways])

    def rank(pair: tuple[str, TypedColumn]) -> tuple[int, bool]:
        return _rejected(pair[1]), pair[0][:2] not in usual

    if name == "numbers":
        # Most amounts with three digits behind the mark are thousands, and so is 1.250 for 1250.
        ways = sorted(ways, key=lambda pair: not _whole(pair[1]))
    ways = sorted(ways, key=rank)
    (first, _), (second, _) = ways
    hint = messages.text(
        "wizard.declare_way",
        option=f"sources.{context.spec.table}.{name}",
        column=context.name,
        first=first,
        second=second,
    )
    answers = tuple(_answer(*pair, examples) for pair in ways)
    answer = ask(Choice(error.message, answers, hint, open=True))
    if answer is None:
        lines = (
            ConfigLine((name, context.name), f'"{way}"', said)
            for (way, _), said in zip(ways, answers, strict=True)
        )
        return Resolution(column=ways[0][1], open=tuple(lines))
    way, column = ways[answer]
    assumed = messages.text("wizard.written", column=context.name, way=way)
    declared: dict[str, Any] = {name: way}
    return Resolution(column=column, assumed=assumed, **declared)


def _examples(text: pl.Series, ways: list[TypedColumn]) -> list[tuple[int, str]]:
    """Two rows that the ways read differently, else the first two."""
    first, second = (column.series[0] for column in ways)
    differ = (first != second).fill_null(first.is_null() != second.is_null())
    rows = differ.arg_true().to_list() or tidy(text).is_not_null().arg_true().to_list()
    shown: dict[str, int] = {}
    for row in rows:
        shown.setdefault(str(text[row]).strip(), row)
        if len(shown) == 2:
            break
    return [(row, value) for value, row in shown.items()]


def _answer(way: str, column: TypedColumn, examples: list[tuple[int, str]]) -> Message:
    """A way to read a column, and what becomes of some of its cells."""
    values = column.series[-1]  # of a time, its local day
    cells = joined(
        messages.text("wizard.cell_not_read", cell=cell)
        if values[row] is None
        else messages.text("wizard.cell_is", cell=cell, value=_plain(values[row]))
        for row, cell in examples
    )
    if rejected := _rejected(column):
        cells = messages.text("wizard.rows_not_read", cells=cells, number=rejected)
    return messages.text("wizard.way", way=way, cells=cells)


def _plain(value: object) -> str:
    """A day as ISO writes it, a number without padding zeros."""
    text = str(value)
    return messages.as_number(re.sub(r"\.?0+\Z", "", text)) if "." in text else text


def _whole(column: TypedColumn) -> bool:
    """All numbers of it are whole."""
    numbers = column.series[0].drop_nulls().cast(pl.Float64)
    return bool((numbers == numbers.round()).all())


def _rejected(column: TypedColumn) -> int:
    return sum(len(fault.rows) for fault in column.faults)


def _declared(context: ColumnContext, name: str, way: str) -> ColumnContext:
    each: dict[str, Any] = {name: {context.name: way}}
    return replace(context, spec=replace(context.spec, **each))


def _other_date(text: pl.Series, context: ColumnContext, column: TypedColumn) -> Resolution:
    """Dates that only a declaration reads, where one alone reads every row."""
    ways = []
    for way in _OTHER_DATES:
        declared = typed(text, _declared(context, "dates", way))
        if not declared.faults:
            ways.append((way, declared))
    if len(ways) != 1:
        return Resolution(column=column)
    way, declared = ways[0]
    return Resolution(dates=way, column=declared)


def _words(text: pl.Series, context: ColumnContext, ask: Prompt, column: TypedColumn) -> Resolution:
    """Words that stand for none of ours: each is asked for, or all of them left empty."""
    name, ours = context.name, context.column.choices or ("yes", "no")
    faults = column.faults
    words = sorted({str(v).strip() for f in faults if f.values is not None for v in f.values})
    path, line = context.place(int(faults[0].rows[0]))
    hint = messages.text("wizard.map_words", table=context.spec.table, column=name)
    empty = messages.text("wizard.read_as_empty")
    if len(words) > _MOST_WORDS:
        shown = joined(map(repr, words[:_MOST_WORDS]), ", ")
        what = messages.text(
            "wizard.unknown_words",
            path=path,
            line=line,
            column=name,
            number=len(words),
            words=shown,
        )
        ask(Choice(what, (empty,), hint))
        known = {str(value).strip() for value in text.unique().drop_nulls()} - {"", *words}
        meant = choice_words(context.column) if context.column.choices else {}
        values = {word: meant.get(key(word), word) for word in sorted(known)} | {"*": ""}
        assumed = messages.text("wizard.words_empty", column=name, number=len(words))
        return Resolution(values=values, column=column, assumed=assumed)
    values = {}
    for word in words:
        what = messages.text("wizard.unknown_word", path=path, line=line, column=name, word=word)
        answer = ask(Choice(what, (empty, *ours), hint))
        values[word] = ("", *ours)[answer or 0]
    left = [repr(word) for word, meant in values.items() if not meant]
    if not left:
        return Resolution(values=values, column=column)
    assumed = messages.text("wizard.word_empty", column=name, words=", ".join(left))
    return Resolution(values=values, column=column, assumed=assumed)
