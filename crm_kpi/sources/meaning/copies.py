"""Which rows of several files are the same: exports that overlap, and exports of what has changed.

It takes an id to know. One that stands in two files whose days overlap is read once: rows that are
equal are copies; of rows that differ, those of the file with the newer rows replace the others.
Neither newer, or different orders under one number: open. Without ids all rows are kept, which is
open where half of a day's rows stand in two files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl

from crm_kpi.messages import Message, as_number, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.rejects import Locator
from crm_kpi.tables import PLACE, ROW, Table, day

KEEP, DROP = "keep", "drop"
"""Of `sources.TABLE.duplicates`."""
HALF = 0.5
"""Share of a day's rows from which two files seem to hold the same; share of orders in two files
that are equal, from which the others seem to have changed."""

_EVENTS = ("updated_at", "solved_at", "closed_at", "converted_at", "churn_date", "canceled_at")
"""Columns of what happens to a row later, which make a file newer."""
_FILE, _KEY, _HASH, _DAY = "\0file", "\0key", "\0hash", "\0day"


def id_of(table: Table, columns: Iterable[str]) -> str | None:
    """The column that says which rows are one thing."""
    name = table.id or "transaction_id"
    return name if name in table and name in columns else None


@dataclass
class _Fate:
    """What becomes of the ids that stand in several files: rows by id and file."""

    copies: list[tuple[str, int]] = field(default_factory=list)
    older: list[tuple[str, int]] = field(default_factory=list)
    doubtful: list[tuple[str, int]] = field(default_factory=list)
    strangers: bool = False
    """Of the doubtful ones, some seem to be another order under the same number."""


@dataclass(frozen=True)
class _Version:
    """The rows of one id in one file."""

    file: int
    row: int
    """The first of them."""
    hashes: tuple[int, ...]
    days: frozenset[date]
    customers: frozenset[str]
    amounts: frozenset[object]
    incomplete: bool
    """Some of its rows were left out."""

    def equals(self, other: _Version) -> bool:
        return self.hashes == other.hashes and not (self.incomplete or other.incomplete)


@dataclass(frozen=True)
class Settled:
    """The rows that are left, and what was taken of the others."""

    frame: pl.DataFrame
    readings: Sequence[Reading] = ()
    dropped: int = 0


def across_files(
    frame: pl.DataFrame,
    gone: pl.DataFrame,
    table: Table,
    header: str,
    policy: str | None,
    locator: Locator,
    as_of: date,
    *,
    every: pl.LazyFrame | None = None,
    sure: bool = False,
) -> Settled:
    """The rows without those that another file has, too.

    Args:
        frame: rows with ids, of which each may stand by itself.
        gone: `ROW`, id and day of rows that were left out: a row may have changed to be one.
        header: what the files call the id.
        policy: `keep`, `drop` or None, as `duplicates:` says.
        every: all rows, where those of the frame are some that share an id.
        sure: leave alone what is open.
    """
    name = id_of(table, frame.columns)
    if len(locator.bases) < 2 or policy == KEEP or table.dated not in frame.columns:
        return Settled(frame)
    if name is None:
        asked = not (sure or policy == DROP)
        return Settled(frame, _without_ids(frame, table, locator, every) if asked else ())
    keyed = frame.with_columns(_file_of(frame[ROW], locator), _key(frame, table, name))
    versions = _versions(keyed, gone, table, name, locator)
    if not versions:
        return Settled(frame)
    spans = _spans(frame.lazy() if every is None else every, gone, table, as_of, locator)
    fate = _fate(versions, spans, table, locator, declared=policy == DROP)
    if sure or table.id is not None:
        fate.doubtful.clear()  # else the later rows are rejected
    others = _Others.than(frame, every)
    left, readings = _apply(fate, keyed, table, header, policy, others)
    return Settled(left.drop(_FILE, _KEY), readings, frame.height - left.height)


def _file_of(rows: pl.Series, locator: Locator) -> pl.Series:
    bases = pl.Series(locator.bases, dtype=pl.UInt32)
    parts = bases.search_sorted(rows, side="right") - 1
    return pl.Series(locator.numbers, dtype=pl.UInt32).gather(parts).alias(_FILE)


def _key(frame: pl.DataFrame, table: Table, name: str) -> pl.Expr:
    """What names a thing: its id; one response may answer several surveys."""
    ids = pl.col(name)
    if table.name == "surveys" and "survey" in frame.columns:
        ids = pl.concat_str(name, pl.col("survey").cast(pl.String).fill_null(""), separator="\0")
    return ids.alias(_KEY)


def _versions(
    frame: pl.DataFrame, gone: pl.DataFrame, table: Table, name: str, locator: Locator
) -> dict[str, list[_Version]]:
    """Of each id in several files: its rows in each."""
    ids = frame.select(_KEY, _FILE)
    left = gone.select(pl.col(name).alias(_KEY), _file_of(gone[ROW], locator), ROW)
    files = pl.concat([ids, left.drop(ROW)]).drop_nulls(_KEY).unique()
    first = pl.col(ROW).min()
    shared = files.filter(pl.col(_KEY).is_duplicated())[_KEY].unique().sort()
    if shared.is_empty():
        return {}
    rows = frame.filter(pl.col(_KEY).is_in(shared.implode()))
    content = rows.drop(ROW, _FILE, _KEY, PLACE, strict=False).hash_rows()
    has_customer = "customer_id" in rows.columns and name != "customer_id"
    customer = pl.col("customer_id") if has_customer else pl.lit(None, pl.String)
    amount = pl.col("amount") if "amount" in rows.columns else pl.lit(None)
    grouped = (
        rows.with_columns(content.alias(_HASH))
        .group_by(_KEY, _FILE, maintain_order=True)
        .agg(
            pl.col(ROW).min(),
            pl.col(_HASH).sort(),
            pl.col(table.dated).unique().alias(_DAY),
            customer.unique().alias("customers"),
            amount.unique().alias("amounts"),
        )
    )
    left = left.filter(left[_KEY].is_in(shared.implode())).group_by(_KEY, _FILE).agg(first)
    incomplete = {(key, file): row for key, file, row in left.sort(ROW).iter_rows()}
    versions: dict[str, list[_Version]] = {}
    for key, file, row, hashes, days, customers, amounts in grouped.iter_rows():
        versions.setdefault(key, []).append(
            _Version(
                file,
                row,
                tuple(hashes),
                frozenset(days) - {None},
                frozenset(customers) - {None},
                frozenset(amounts) - {None},
                (key, file) in incomplete,
            )
        )
    there = {(key, version.file) for key, of in versions.items() for version in of}
    for (key, file), row in incomplete.items():
        if (key, file) not in there:
            nothing = frozenset[date](), frozenset[str](), frozenset[object]()
            versions.setdefault(key, []).append(_Version(file, row, (), *nothing, incomplete=True))
    return {key: of for key, of in versions.items() if len(of) > 1}


def _spans(
    rows: pl.LazyFrame, gone: pl.DataFrame, table: Table, as_of: date, locator: Locator
) -> dict[int, tuple[date, date, date]]:
    """Of each file: its first and last day, and the day of its newest event."""
    schema = rows.collect_schema()
    events = [n for e in _EVENTS for n in (e, day(e)) if schema.get(n) == pl.Date]
    known = [pl.col(e).filter(pl.col(e) <= as_of).max().alias(e) for e in events]
    at = pl.col(table.dated)
    ends = at.min().alias("first"), at.max().alias("last")
    spans: dict[int, tuple[date, date, date]] = {}
    for number, base, end in zip(
        locator.numbers, locator.bases, [*locator.bases[1:], None], strict=True
    ):
        inside = pl.col(ROW) >= base if end is None else pl.col(ROW).is_between(base, end - 1)
        there = rows.filter(inside).select(*ends, *known).collect(engine="streaming")
        left = gone.filter(inside).select(*ends)
        found = pl.concat([there, left], how="diagonal")
        days = [d for column in found for d in column if d is not None]
        days += spans.get(number, ())
        if days:
            first = [d for d in found["first"] if d is not None] or days
            last = [d for d in found["last"] if d is not None] or days
            before = spans.get(number, (min(first), max(last), max(days)))
            spans[number] = (min(*first, before[0]), max(*last, before[1]), max(days))
    return spans


def _fate(
    versions: dict[str, list[_Version]],
    spans: dict[int, tuple[date, date, date]],
    table: Table,
    locator: Locator,
    *,
    declared: bool,
) -> _Fate:
    fate = _Fate()
    newest = {file: newest for file, (_, _, newest) in spans.items()}

    def rank(version: _Version) -> tuple[date, int]:
        return newest.get(version.file, date.min), version.file

    pairs = []
    for key, of in versions.items():
        *others, last = sorted(of, key=rank)
        pairs += [(key, other, last) for other in others]
    equal = [other.equals(last) for _, other, last in pairs]
    mostly_equal = sum(equal) >= HALF * len(equal)
    for (key, other, last), same in zip(pairs, equal, strict=True):
        if same:
            fate.copies.append((key, other.file))
        elif _overlap(spans, other.file, last.file) or _is_same_day(other, last, table, locator):
            one_order = _is_one(other, last, mostly_equal=mostly_equal)
            newer = rank(last)[0] > rank(other)[0]
            if declared or (one_order and newer):
                fate.older.append((key, other.file))
            else:
                fate.doubtful.append((key, other.file))
                fate.strangers = fate.strangers or not one_order
    return fate


def _overlap(spans: dict[int, tuple[date, date, date]], file: int, other: int) -> bool:
    if file not in spans or other not in spans:
        return True
    return max(spans[file][0], spans[other][0]) <= min(spans[file][1], spans[other][1])


def _is_same_day(version: _Version, other: _Version, table: Table, locator: Locator) -> bool:
    """Of rows that were left out unread: whether they are dated alike."""
    if version.hashes and other.hashes:
        return False
    return locator.cell(version.row, table.at) == locator.cell(other.row, table.at)


def _is_one(version: _Version, other: _Version, *, mostly_equal: bool) -> bool:
    """Whether the two seem to be one order that has changed, not two with one number."""
    if not (version.hashes and other.hashes):  # of which only the id is known
        return True
    if version.customers or other.customers:
        return bool(version.customers & other.customers)
    if not version.days & other.days:
        return False
    return mostly_equal or not version.amounts or bool(version.amounts & other.amounts)


def _apply(
    fate: _Fate,
    frame: pl.DataFrame,
    table: Table,
    header: str,
    policy: str | None,
    others: _Others,
) -> tuple[pl.DataFrame, list[Reading]]:
    """The frame with one version of each id, and what is said of it."""
    how = How.DECLARED if policy == DROP else None
    readings = []
    for kind, of in (("copies", fate.copies), ("older", fate.older)):
        before = frame.height
        frame = _without(frame, of)
        count = before - frame.height
        if count:
            same = kind == "copies"
            short = text("meaning.copied_short", count=count)
            replaced = text("meaning.replaced_short", count=count)
            readings.append(
                Reading(
                    header,
                    text("meaning.read_once") if same else text("meaning.newer_replaces"),
                    how or (How.PROVED if same else How.CONVENTIONAL),
                    text("meaning.equal_in_files") if same else text("meaning.changed_in_files"),
                    count,
                    short=short if same else replaced,
                )
            )
    if fate.doubtful:
        once = _without(frame, fate.doubtful)
        count = frame.height - once.height
        if not count:
            return frame, readings
        evidence = text("meaning.same_ids_differ", count=len({key for key, _ in fate.doubtful}))
        outcomes = _outcomes(table, frame, once, others)
        taken = frame if fate.strangers else once
        first = outcomes[::-1] if fate.strangers else outcomes
        readings.append(Reading(header, first[0].what, How.OPEN, evidence, count, first))
        frame = taken
    return frame, readings


def _without(frame: pl.DataFrame, of: Sequence[tuple[str, int]]) -> pl.DataFrame:
    """Without the rows of these ids in these files."""
    if not of:
        return frame
    rows = pl.DataFrame(of, {_KEY: pl.String, _FILE: pl.UInt32}, orient="row")
    return frame.join(rows, on=[_KEY, _FILE], how="anti", maintain_order="left")


@dataclass(frozen=True)
class _Others:
    """Rows that a frame does not hold, and what they add up to."""

    rows: int = 0
    total: Decimal = Decimal()

    @staticmethod
    def than(frame: pl.DataFrame, every: pl.LazyFrame | None) -> _Others:
        if every is None:
            return _Others()
        money = "amount" in frame.columns
        total = pl.col("amount").cast(pl.Decimal(38, 4)).sum() if money else pl.lit(0)
        count = pl.len().alias("rows"), total.alias("total")
        rows, added = every.select(count).collect(engine="streaming").row(0)
        here, held = frame.select(count).row(0)
        return _Others(rows - here, Decimal(added) - Decimal(held))


def _outcomes(
    table: Table, every: pl.DataFrame, once: pl.DataFrame, others: _Others
) -> tuple[Outcome, ...]:
    option = f"sources.{table.name}.duplicates"
    return (
        Outcome(text("meaning.read_once"), option, DROP, _adds_up(once, others)),
        Outcome(text("meaning.each_is_read"), option, KEEP, _adds_up(every, others)),
    )


def _adds_up(frame: pl.DataFrame, others: _Others) -> Message:
    if "amount" not in frame.columns:
        return text("meaning.so_many_rows", rows=frame.height + others.rows)
    total = frame.select(pl.col("amount").cast(pl.Decimal(38, 4)).sum()).item() + others.total
    return text("meaning.adds_up_to", total=as_number(f"{total.normalize():,f}"))


def _without_ids(
    frame: pl.DataFrame, table: Table, locator: Locator, every: pl.LazyFrame | None
) -> list[Reading]:
    """What is said of rows that no id names; they are kept."""
    repeated = repeated_across_files(frame, table, locator, every)
    if repeated.is_empty():
        return []
    once = frame.filter(~frame[ROW].is_in(repeated.implode()))
    evidence = text("meaning.equal_rows_of_a_day", count=len(repeated))
    outcomes = _outcomes(table, frame, once, _Others.than(frame, every))[::-1]
    return [Reading(table.at, outcomes[0].what, How.OPEN, evidence, len(repeated), outcomes)]


def repeated_across_files(
    frame: pl.DataFrame, table: Table, locator: Locator, every: pl.LazyFrame | None = None
) -> pl.Series:
    """Rows that an earlier file has, too, where that are half of the rows of a day or more;
    else none."""
    file = pl.col(ROW).map_batches(lambda rows: _file_of(rows, locator), return_dtype=pl.UInt32)
    at = pl.col(table.dated).alias(_DAY)
    dated = (frame.lazy() if every is None else every).select(at, file.alias(_FILE)).drop_nulls()
    sizes = dated.group_by(_DAY, _FILE).len().collect(engine="streaming")
    sizes = sizes.filter(pl.col(_DAY).is_duplicated())
    if sizes.is_empty():
        return pl.Series(dtype=pl.UInt32)
    rows = frame.select(
        ROW,
        at,
        _file_of(frame[ROW], locator),
        frame.drop(ROW, PLACE, strict=False).hash_rows().alias(_HASH),
    )
    rows = rows.join(sizes, on=[_DAY, _FILE], maintain_order="left")
    alike = rows.filter(pl.col(_FILE).n_unique().over(_HASH) > 1)
    seen: dict[tuple[tuple[str, str], ...], Counter[int]] = {}
    again: list[int] = []
    for row, number in alike.select(ROW, _FILE).iter_rows():
        files = seen.setdefault(locator.content(row), Counter())
        files[number] += 1
        if any(other < number and count >= files[number] for other, count in files.items()):
            again.append(row)
    repeated = pl.Series(again, dtype=pl.UInt32)
    same = pl.col(ROW).is_in(repeated.implode()).sum()
    shares = rows.group_by(_DAY, _FILE, "len").agg(same=same)
    return repeated if (shares["same"] >= HALF * shares["len"]).any() else repeated.clear()
