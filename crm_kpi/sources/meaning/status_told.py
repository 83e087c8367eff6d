"""What is said of the words of an order's status: what they add up to, and which are open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from crm_kpi.messages import Message, as_number, first_of, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.meaning.question import BlockRows, Told
from crm_kpi.sources.spec import ReadOptions

COUNT, EXCLUDE = "count", "exclude"

OLD = timedelta(days=14)
"""After so many days it is asked what an order that is still open means."""
MUCH_OPEN = Decimal("0.05")
"""Share of the rows' sum above which it is asked of open orders."""
MUCH_UNKNOWN = Decimal("0.01")
"""Share of the rows, or of their sum, above which it is asked of words that nobody knows."""

_SHOWN = 3
_OPTION = "sources.transactions.status"
LEFT_OUT: Mapping[str, Told] = {
    "void": lambda count, words: (
        text("meaning.left_void", count=count, words=words),
        text("meaning.void", count=count, words=words),
    ),
    "returned": lambda count, words: (
        text("meaning.left_returned", count=count, words=words),
        text("meaning.returned", count=count, words=words),
    ),
    "open": lambda count, words: (
        text("meaning.left_open", count=count, words=words),
        text("meaning.still_open", count=count, words=words),
    ),
    "partly": lambda count, words: (
        text("meaning.left_partly", count=count, words=words),
        text("meaning.partly", count=count, words=words),
    ),
}
"""What is said of rows of a class that are left out."""


@dataclass
class WordTally:
    """The rows of some words."""

    rows: int = 0
    total: Decimal = Decimal()
    size: Decimal = Decimal()
    """The sum of amounts without their signs."""
    first: date | None = None

    def __add__(self, other: WordTally) -> WordTally:
        dates = [day for day in (self.first, other.first) if day is not None]
        size, total = self.size + other.size, self.total + other.total
        return WordTally(self.rows + other.rows, total, size, min(dates, default=None))


@dataclass
class WordTallies:
    """What was counted by word and class; a class is null where nobody knows the word."""

    by: dict[tuple[str | None, str | None], WordTally] = field(default_factory=dict)
    newest: date | None = None

    def count(self, rows: BlockRows, word: str, of_class: str) -> None:
        """Add the rows up to as_of; those of an order that is read once, once."""
        frame = rows.frame
        if rows.once is not None and rows.once in frame.columns:
            named = pl.col(rows.once).is_null() | pl.col(rows.once).is_first_distinct()
            frame = frame.filter(named)
        frame = frame.filter((pl.col("date") <= rows.options.as_of).fill_null(value=True))
        amount = pl.col("amount").cast(pl.Decimal(38, 4))
        found = frame.group_by(word, of_class).agg(
            rows=pl.len(), total=amount.sum(), size=amount.abs().sum(), first=pl.col("date").min()
        )
        for one, kind, *tally in found.iter_rows():
            self.by[one, kind] = self.by.get((one, kind), WordTally()) + WordTally(*tally)
        newest = frame["date"].max()
        if isinstance(newest, date):
            self.newest = max(newest, self.newest or newest)

    def of_class(self, *kinds: str | None) -> WordTally:
        """All rows of these classes."""
        return sum((t for (_, kind), t in self.by.items() if kind in kinds), WordTally())

    def words(self, kind: str | None) -> dict[str, WordTally]:
        """Those of a class, most frequent first; blanks are no word."""
        of_kind = {w: t for (w, k), t in self.by.items() if k == kind and w is not None}
        return dict(sorted(of_kind.items(), key=lambda item: (-item[1].rows, item[0])))


def readings(
    column: str,
    tallies: WordTallies,
    done_with: Mapping[str, str],
    declared: frozenset[str],
    options: ReadOptions,
    *,
    net: bool,
) -> Iterable[Reading]:
    """What was taken of each class that has rows, and of words that nobody knows."""
    counted = WordTally()
    for (_, kind), tally in tallies.by.items():
        if done_with.get(kind or "", COUNT) == COUNT:
            counted += tally
    unknown = tallies.words(None)
    how = How.CONVENTIONAL if unknown else How.PROVED
    for kind in ("void", "returned", "partly"):
        tally = tallies.of_class(kind)
        if tally.rows:
            out = done_with[kind] == EXCLUDE
            yield Reading(
                column,
                text("meaning.left_out") if out else text("meaning.counted"),
                How.DECLARED if kind in declared else how,
                words_on_rows(tallies.words(kind)),
                tally.rows,
                short=None if out else _partly(tally.rows, net=net),
            )
    if tallies.of_class("open").rows:
        yield _open(column, tallies, counted, done_with["open"], "open" in declared, options)
    if unknown:
        yield _unknown(column, tallies, unknown, counted)


def _partly(count: int, *, net: bool) -> Message:
    if net:
        return text("meaning.partly_net", count=count)
    return text("meaning.partly_counted", count=count)


def _open(
    column: str,
    tallies: WordTallies,
    counted: WordTally,
    done: str,
    declared: bool,
    options: ReadOptions,
) -> Reading:
    tally = tallies.of_class("open")
    evidence = text(
        "meaning.open_rows", words=words_on_rows(tallies.words("open")), total=_sum(tally)
    )
    out = done == EXCLUDE
    what = text("meaning.left_out") if out else text("meaning.counted")
    if declared:
        return Reading(column, what, How.DECLARED, evidence, tally.rows)
    until = options.as_of
    if options.until_data and tallies.newest is not None:
        until = min(until, tallies.newest)
    old = tally.first is not None and tally.first < until - OLD
    share = tallies.of_class(*{kind for _, kind in tallies.by} - {"void", "returned"}).size
    much = tally.size > MUCH_OPEN * share
    if not (old or much):
        since = tally.first if out else None
        return Reading(column, what, How.CONVENTIONAL, evidence, tally.rows, since=since)
    outcomes = (
        Outcome(text("meaning.left_out"), _OPTION, "{open: exclude}", adds_up(counted)),
        Outcome(text("meaning.counted"), _OPTION, "{open: count}", adds_up(counted + tally)),
    )
    return Reading(column, what, How.OPEN, evidence, tally.rows, outcomes)


def _unknown(
    column: str, tallies: WordTallies, unknown: Mapping[str, WordTally], counted: WordTally
) -> Reading:
    tally = sum(unknown.values(), WordTally())
    everything = sum(tallies.by.values(), WordTally())
    option = "sources.transactions.values.status"
    evidence = text("meaning.unknown_words", words=words_on_rows(unknown))
    small = tally.rows <= MUCH_UNKNOWN * everything.rows
    if small and tally.size <= MUCH_UNKNOWN * everything.size:
        word = next(iter(unknown))
        short = text(
            "meaning.unknown_word_counted", word=word, count=unknown[word].rows, option=option
        )
        return Reading(
            column, text("meaning.counted"), How.CONVENTIONAL, evidence, tally.rows, short=short
        )
    less = WordTally(0, counted.total - tally.total)
    outcomes = (
        Outcome(text("meaning.counted"), option, as_values(unknown, "done"), adds_up(counted)),
        Outcome(text("meaning.left_out"), option, as_values(unknown, "void"), adds_up(less)),
    )
    return Reading(column, text("meaning.counted"), How.OPEN, evidence, tally.rows, outcomes)


def as_values(unknown: Iterable[str], ours: str) -> str:
    """Words of theirs as `values:` of one of ours, in YAML on one line."""
    pairs = (f"{json.dumps(word, ensure_ascii=False)}: {ours}" for word in unknown)
    return "{" + ", ".join(pairs) + "}"


def words_on_rows(of_words: Mapping[str, WordTally]) -> Message:
    """Words with the number of rows that each is on, some of them."""
    items = [
        text("meaning.word_on_rows", word=word, count=tally.rows)
        for word, tally in list(of_words.items())[:_SHOWN]
    ]
    return first_of(items, len(of_words) - _SHOWN)


def adds_up(tally: WordTally) -> Message:
    """What the amounts of rows come to."""
    return text("meaning.adds_up_to", total=_sum(tally))


def _sum(tally: WordTally) -> Message:
    plain = f"{tally.total:,f}"
    return as_number(plain.rstrip("0").rstrip(".") if "." in plain else plain)
