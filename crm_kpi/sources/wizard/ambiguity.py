"""A column that the loader cannot read by itself: the ways in which it could be read.

Each way is tried on all rows, so that an answer is offered with what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.columns import choice_words, typed
from crm_kpi.sources.parsing.date_formats import COUNTED
from crm_kpi.sources.parsing.text_ops import tidy
from crm_kpi.tables import Kind

DATES = (Kind.DATE, Kind.TIME)
_DATES = (("%d/%m/%Y", "%d-%m-%Y"), ("%m/%d/%Y", "%m-%d-%Y"))
_NUMBERS = (("1,234.56",), ("1.234,56",))
"""The ways between which rows may leave open which it is; of each group, one fits best."""
_OTHER_DATES = (*COUNTED, "%Y%m%d")
"""Ways to write a date that are never taken without being declared."""
_MOST_WORDS = 12
"""With more words that are not known, a column is taken for another than ours."""

EMPTY = "none of them: read it as empty"


@dataclass(frozen=True)
class Choice:
    """What the files do not tell. The first answer is the most likely one."""

    text: str
    answers: tuple[str, ...]
    hint: str | None = None
    """How to answer it without being asked."""
    must: bool = True
    """Nothing can be read without an answer."""


Prompt = Callable[[Choice], int | None]
"""The position of the answer that is chosen; None if there is nobody to choose."""


@dataclass
class Resolution:
    """How one column is declared: nothing where the loader reads it by itself."""

    dates: str | None = None
    numbers: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    found: TypedColumn = field(default_factory=lambda: TypedColumn([]))
    assumed: str | None = None


Attempt = TypedColumn | DataError
"""What the loader makes of a column by itself."""


def attempt(text: pl.Series, context: ColumnContext) -> Attempt:
    try:
        return typed(text, context)
    except DataError as error:
        return error


def proved(tried: Attempt) -> str | None:
    """How a column is written, where its rows prove it."""
    notes = tried.notes if isinstance(tried, TypedColumn) else []
    found = [re.search(r"read as (.+), which its rows prove", note) for note in notes]
    return next((one[1] for one in found if one), None)


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
    return Resolution(found=tried)


def _best(
    text: pl.Series, context: ColumnContext, name: str, ways: Iterable[str]
) -> tuple[str, TypedColumn]:
    """The way that rejects the fewest rows."""
    tried = [(way, typed(text, _declared(context, name, way))) for way in ways]
    return min(tried, key=lambda one: _rejected(one[1]))


def _asked(
    text: pl.Series,
    context: ColumnContext,
    ask: Prompt,
    error: DataError,
    name: str,
    ways: list[tuple[str, TypedColumn]],
    usual: set[str],
) -> Resolution:
    examples = _examples(text, [found for _, found in ways])

    def rank(one: tuple[str, TypedColumn]) -> tuple[int, bool]:
        return _rejected(one[1]), one[0][:2] not in usual

    if name == "numbers":
        # Most amounts with three digits behind the mark are thousands, and so is 1.250 for 1250.
        ways = sorted(ways, key=lambda one: not _whole(one[1]))
    ways = sorted(ways, key=rank)
    labels = tuple(f"{way}: {_shown(found, examples)}" for way, found in ways)
    option = f"sources.{context.spec.table}.{name}"
    hint = f'{option}: {{{context.name}: "{ways[0][0]}"}} or "{ways[1][0]}" declares it'
    answer = ask(Choice(error.message, labels, hint))
    way, found = ways[answer or 0]
    declared: dict[str, Any] = {name: way}
    return Resolution(found=found, assumed=f"{context.name} is written {way}", **declared)


def _examples(text: pl.Series, ways: list[TypedColumn]) -> list[tuple[int, str]]:
    """Two rows that the ways read differently, else the first two."""
    one, other = (found.series[0] for found in ways)
    differ = (one != other).fill_null(one.is_null() != other.is_null())
    rows = differ.arg_true().to_list() or tidy(text).is_not_null().arg_true().to_list()
    shown: dict[str, int] = {}
    for row in rows:
        shown.setdefault(str(text[row]).strip(), row)
        if len(shown) == 2:
            break
    return [(row, value) for value, row in shown.items()]


def _shown(found: TypedColumn, examples: list[tuple[int, str]]) -> str:
    values = found.series[-1]  # of a time, its local day
    read = "; ".join(
        f"{text} is {'not read' if values[row] is None else _plain(values[row])}"
        for row, text in examples
    )
    rejected = _rejected(found)
    return f"{read} ({rejected:,} rows are not read)" if rejected else read


def _plain(value: object) -> str:
    """A day as ISO writes it, a number without padding zeros."""
    text = str(value)
    return re.sub(r"\.?0+\Z", "", text) if "." in text else text


def _whole(found: TypedColumn) -> bool:
    """All numbers of it are whole."""
    numbers = found.series[0].drop_nulls().cast(pl.Float64)
    return bool((numbers == numbers.round()).all())


def _rejected(found: TypedColumn) -> int:
    return sum(len(fault.rows) for fault in found.faults)


def _declared(context: ColumnContext, name: str, way: str) -> ColumnContext:
    each: dict[str, Any] = {name: {context.name: way}}
    return replace(context, spec=replace(context.spec, **each))


def _other_date(text: pl.Series, context: ColumnContext, found: TypedColumn) -> Resolution:
    """Dates that only a declaration reads, where one alone reads every row."""
    ways = []
    for way in _OTHER_DATES:
        declared = typed(text, _declared(context, "dates", way))
        if not declared.faults:
            ways.append((way, declared))
    if len(ways) != 1:
        return Resolution(found=found)
    way, declared = ways[0]
    return Resolution(dates=way, found=declared)


def _words(text: pl.Series, context: ColumnContext, ask: Prompt, found: TypedColumn) -> Resolution:
    """Words that stand for none of ours: each is asked for, or all of them left empty."""
    ours = context.column.choices or ("yes", "no")
    words = sorted({str(v).strip() for f in found.faults if f.values is not None for v in f.values})
    what = f"{context.place(int(found.faults[0].rows[0]))}: column {context.name}"
    option = f"sources.{context.spec.table}.values"
    hint = f"{option}: {{{context.name}: {{theirs: ours}}}} maps what is known"
    if len(words) > _MOST_WORDS:
        shown = f"{', '.join(map(repr, words[:_MOST_WORDS]))} …"
        ask(Choice(f"{what}: {len(words):,} words are not known: {shown}", (EMPTY,), hint))
        known = {str(one).strip() for one in text.unique().drop_nulls()} - {"", *words}
        meant = choice_words(context.column) if context.column.choices else {}
        values = {word: meant.get(key(word), word) for word in sorted(known)} | {"*": ""}
        return Resolution(
            values=values,
            found=found,
            assumed=f"{context.name}: {len(words):,} words read as empty",
        )
    values = {}
    for word in words:
        answer = ask(Choice(f"{what}: {word!r} is not known; what is it?", (EMPTY, *ours), hint))
        values[word] = ("", *ours)[answer or 0]
    empty = ", ".join(repr(word) for word, meant in values.items() if not meant)
    assumed = f"{context.name}: read as empty: {empty}" if empty else None
    return Resolution(values=values, found=found, assumed=assumed)
