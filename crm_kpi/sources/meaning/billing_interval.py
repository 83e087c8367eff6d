"""How often a subscription's amount is paid: the words of its interval, and where they stand.

A column that is mapped is read with all words that are known, `6 months` and `nửa năm` too. One
that nobody mapped is taken where it is the only one and each of its words is known. Without any,
an amount is one of a month, and said.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from crm_kpi.messages import Message, first_of, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.mapping.headers import known_keys
from crm_kpi.sources.meaning import interval_words
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.interval_words import Interval
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.recurring_amounts import has, monthly
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.text_ops import plain
from crm_kpi.sources.spec import DerivedColumn, ReadOptions
from crm_kpi.tables import INTERVALS, ROW

_OPTION = "sources.subscriptions"
_WHOLE = r"\A\s*[0-9]{1,3}(?:\.0+)?\s*\z"
_MOST_COLUMNS = 50
"""Columns that are looked at for words of an interval where no header speaks of one."""


class IntervalWords(Question):
    """What the words mean that a mapped column of intervals holds."""

    name = "interval_words"
    title = text("meaning.interval_words")
    tables = frozenset({"subscriptions"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.of_rows: pl.DataFrame | None = None
        self.spans: dict[str, Interval] = {}
        self.count = 0

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        mapped = has(view, "interval") and "interval" not in view.spec.constants
        return HeaderAnswer(looks_at=("interval",) if mapped else ())

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return None  # words that are none of ours are rejected there

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        self.of_rows = None
        column = frame["interval"] if "interval" in frame.columns else None
        few = words(column) if column is not None and column.dtype == pl.String else None
        if column is None or not few:
            return frame
        declared = {plain(word).casefold() for word in self.block.spec.values.get("interval", {})}
        known = {
            word: found
            for word in few
            if word not in INTERVALS
            and plain(word).casefold() not in declared
            and (found := interval_words.meaning(word)) is not None
        }
        if not known:
            return frame
        several = {word: count for word, (_, count) in known.items() if count != 1}
        if several:
            counts = column.replace_strict(several, default=None, return_dtype=pl.Int64)
            self.of_rows = frame.select(ROW, counts.alias("times")).drop_nulls()
            self.spans |= {word: known[word] for word in several}
        units = {word: unit for word, (unit, _) in known.items()}
        return frame.with_columns(column.replace(units).alias("interval"))

    def rows(self, rows: BlockRows) -> None:
        if self.of_rows is None:
            return
        frame = rows.frame.join(self.of_rows, on=ROW, how="left", maintain_order="left")
        if "interval_count" in frame.columns:
            count = pl.col("interval_count").fill_null(1)
        else:
            count = pl.lit(1, pl.Int64)
            rows.make("interval_count", "interval")
        times = (count * pl.col("times").fill_null(1)).alias("interval_count")
        rows.frame = frame.with_columns(times).drop("times")
        self.count += self.of_rows.height

    def readings(self) -> Iterable[Reading]:
        if self.spans:
            yield Reading(
                self.block.headers("interval")[0],
                text("meaning.interval_spans", spans=_shown(self.spans)),
                How.PROVED,
                text("meaning.all_words_known"),
                self.count,
            )


class IntervalColumn(Question):
    """Which column holds the interval, where none is mapped."""

    name = "interval"
    title = text("meaning.interval_column")
    tables = frozenset({"subscriptions"})

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.reading: Reading | None = None

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        if has(view, "interval") or has(view, "mrr") or has(view, "arr"):
            return HeaderAnswer()
        free = _free(view)
        spoken = [header for header in free if interval_words.of_interval(header)]
        counts = [header for header in free if interval_words.counts_months(header)]
        return HeaderAnswer(
            reads=tuple(dict.fromkeys([*(spoken or free[:_MOST_COLUMNS]), *counts]))
        )

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        return not any({"interval", "mrr", "arr"} & part.has.keys() for part in block.parts)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for header in cls.headers(view).reads:
            few = words(header) or ()
            if few and any(interval_words.meaning(word) for word in few):
                return text("meaning.interval_in_place", column=header)
        return None

    def rows(self, rows: BlockRows) -> None:
        if any(map(interval_words.period_of, self.block.headers("amount"))):
            return  # the header of the amount says it
        found: dict[str, dict[str, Interval]] = {}
        doubtful: dict[str, dict[str, Interval]] = {}
        for header in self.asked:
            few = words(column) if (column := rows.text(header)) is not None else None
            known = _known(few or (), self.block)
            spoken = interval_words.of_interval(header)
            if few and len(known) == len(few) and (spoken or len(set(known.values())) > 1):
                found[header] = known
            elif spoken and known:
                doubtful[header] = known
        if len(found) == 1 and not doubtful:
            ((header, known),) = found.items()
            self._take(rows, header, known)
        elif found or doubtful:
            self._ask(rows, [*found, *doubtful], doubtful.keys())
        elif months := self._months(rows):
            self._ask_for_months(rows, *months)
        else:
            what = text("meaning.by_month")
            why = text("meaning.no_interval")
            self.reading = Reading("amount", what, How.CONVENTIONAL, why, rows.frame.height,
                                   short=text("meaning.by_month_short"))  # fmt: skip

    def _take(self, rows: BlockRows, header: str, known: Mapping[str, Interval]) -> None:
        column = rows.text(header)
        assert column is not None
        count = _replaced(column, {word: n for word, (_, n) in known.items()}, pl.Int64)
        beside = self._count_beside(rows, header)
        if beside is not None:
            count = count * beside[1].fill_null(1)
        unit = _replaced(column, {word: unit for word, (unit, _) in known.items()}, pl.String)
        rows.make("interval", header)
        rows.make("interval_count", beside[0] if beside else header)
        rows.frame = rows.frame.with_columns(
            unit.cast(pl.Enum(INTERVALS)).alias("interval"), count.alias("interval_count")
        )
        shown = text("meaning.is_interval", spans=_shown(known))
        if beside is not None:
            shown = text("meaning.is_interval_times", spans=_shown(known), column=beside[0])
        self.reading = Reading(
            header,
            shown,
            How.PROVED,
            text("meaning.all_words_known"),
            rows.frame.height,
            short=text("meaning.interval_from", column=header),
        )

    def _count_beside(self, rows: BlockRows, header: str) -> tuple[str, pl.Series] | None:
        """The whole numbers under a header that speaks of the same, and of how many."""
        if any("interval_count" in part.has for part in self.block.parts):
            return None
        named = {*self.asked} - {header}
        stem = set(interval_words.tokens(header))
        for other in sorted(named):
            column = rows.text(other)
            shares = stem & set(interval_words.tokens(other))
            if column is None or not shares or not interval_words.of_count(other):
                continue
            if (count := _whole_numbers(column)) is not None:
                return other, count
        return None

    def _months(self, rows: BlockRows) -> tuple[str, pl.Series] | None:
        """A column of how many months each row is for, where that is not one everywhere."""
        if any("interval_count" in part.has for part in self.block.parts):
            return None
        for header in filter(interval_words.counts_months, self.asked):
            column = rows.text(header)
            count = None if column is None else _whole_numbers(column)
            if count is not None and (count > 1).any() and not (count < 1).any():
                return header, count
        return None

    def _ask_for_months(self, rows: BlockRows, header: str, count: pl.Series) -> None:
        """Whether an amount is for one month or for as many as stand beside it."""
        amounts = _amounts(rows.frame)
        several = rows.frame.with_columns(count.alias("interval_count"))
        option, name = f"{_OPTION}.columns.interval_count", json.dumps(header, ensure_ascii=False)
        outcomes = [
            Outcome(
                what,
                option,
                value,
                None if amounts is None else monthly(frame, amounts, self.options),
            )
            for what, option, value, frame in (
                (text("meaning.by_month"), f"{_OPTION}.constants.interval", "month", rows.frame),
                (text("meaning.by_column", column=header), option, name, several),
            )
        ]
        why = text("meaning.months_beside", column=header)
        self.reading = Reading(
            header, outcomes[0].what, How.OPEN, why, rows.frame.height, tuple(outcomes)
        )

    def _ask(self, rows: BlockRows, names: Sequence[str], doubtful: Collection[str]) -> None:
        amounts = _amounts(rows.frame)
        by_month = Outcome(
            text("meaning.by_month"),
            f"{_OPTION}.constants.interval",
            "month",
            None if amounts is None else monthly(rows.frame, amounts, self.options),
        )
        outcomes = [
            _with_words(rows, name)
            if name in doubtful
            else _as_column(rows, name, amounts, self.options)
            for name in names
        ]
        why = (
            text("meaning.several_intervals", columns=first_of(map(repr, names), 0))
            if len(names) > 1
            else text("meaning.unknown_interval", words=_unknown(rows, names[0]))
        )
        self.reading = Reading(
            names[0], by_month.what, How.OPEN, why, rows.frame.height, (by_month, *outcomes)
        )

    def readings(self) -> Iterable[Reading]:
        if self.reading is not None:
            yield self.reading


def _replaced(
    column: pl.Series, meant: Mapping[str, object], dtype: type[pl.DataType]
) -> pl.Series:
    return column.replace_strict(meant, default=None, return_dtype=dtype)


def _known(few: Iterable[str], block: MappedBlock) -> dict[str, Interval]:
    """Word: its interval, as `values: {interval: …}` says or as it is known."""
    told = {plain(w).casefold(): unit for w, unit in block.spec.values.get("interval", {}).items()}
    declared = {w: (unit, 1) for w in few if (unit := told.get(plain(w).casefold())) is not None}
    known = {w: found for w in few if (found := interval_words.meaning(w)) is not None}
    return known | declared


def _whole_numbers(column: pl.Series) -> pl.Series | None:
    """The numbers of a column; None where a cell is no whole number, or all are blank."""
    texts = column.cast(pl.String)
    filled = texts.drop_nulls()
    if not len(filled) or not filled.str.contains(_WHOLE).all():
        return None
    return texts.str.strip_chars().str.to_decimal().cast(pl.Int64)


def _amounts(frame: pl.DataFrame) -> pl.Series | None:
    return next((frame[name] for name in ("amount", "unit_amount") if name in frame.columns), None)


def _as_column(
    rows: BlockRows, header: str, amounts: pl.Series | None, options: ReadOptions
) -> Outcome:
    column = rows.text(header)
    assert column is not None
    known = _known(words(column) or (), rows.block)
    unit = _replaced(column, {word: unit for word, (unit, _) in known.items()}, pl.String)
    count = _replaced(column, {word: n for word, (_, n) in known.items()}, pl.Int64)
    frame = rows.frame.with_columns(unit.alias("interval"), count.alias("interval_count"))
    return Outcome(
        text("meaning.by_column", column=header),
        f"{_OPTION}.columns.interval",
        json.dumps(header, ensure_ascii=False),
        None if amounts is None else monthly(frame, amounts, options),
    )


def _with_words(rows: BlockRows, header: str) -> Outcome:
    """That the words which nobody knows mean a year, as an example that can be changed."""
    strange = dict.fromkeys(_strange(rows, header), "year")
    return Outcome(
        text("meaning.by_column", column=header),
        f"{_OPTION}.values.interval",
        json.dumps(strange, ensure_ascii=False),
    )


def _strange(rows: BlockRows, header: str) -> list[str]:
    column = rows.text(header)
    few = words(column) if column is not None else None
    return sorted(set(few or ()) - _known(few or (), rows.block).keys())


def _unknown(rows: BlockRows, header: str) -> Message:
    strange = _strange(rows, header)
    return first_of(map(repr, strange[:3]), len(strange) - 3)


def _shown(spans: Mapping[str, Interval]) -> Message:
    items = [
        text("meaning.span", word=word, count=count, unit=unit)
        for word, (unit, count) in list(spans.items())[:3]
    ]
    return first_of(items, len(spans) - 3)


def _free(view: HeaderView) -> list[str]:
    """The headers that are no other column of ours; a plan may be a word of an interval."""
    known = known_keys(view.table.name)
    ours = {key(name) for name in view.table.names}
    taken: set[str] = set()
    for source in view.spec.columns.values():
        if isinstance(source, str | tuple):
            taken |= {key(name) for name in ([source] if isinstance(source, str) else source)}
        elif isinstance(source, DerivedColumn):
            taken |= {key(name) for name in source.headers}
    keys = [key(header) for header in view.headers]
    return [
        header
        for header, folded in zip(view.headers, keys, strict=True)
        if header
        and keys.count(folded) == 1
        and folded not in taken
        and (known.get(folded) == "plan" or folded == "plan" or folded not in known.keys() | ours)
    ]
