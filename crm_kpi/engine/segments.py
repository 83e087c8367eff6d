"""--by and --where: any column of a table, or a column of the customer or lead that a row names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import narwhals.stable.v2 as nw

from crm_kpi import messages
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.invisible import INVISIBLE
from crm_kpi.messages import Message
from crm_kpi.results import Result
from crm_kpi.tables import TABLES

Text = Callable[[str], nw.Expr]
_INVISIBLE = re.compile(f"[{INVISIBLE}]")


@dataclass
class Split:
    """The tables with their segment columns, filtered; the same with the columns alone that a
    table has itself; all rows, with `kept` beside, which says whether `where` keeps a row; the
    columns of each customer; which columns each table has itself, and which it lacks."""

    tables: dict[str, nw.LazyFrame]
    bare: dict[str, nw.LazyFrame] = field(default_factory=dict)
    marked: dict[str, nw.LazyFrame] = field(default_factory=dict)
    customers: nw.LazyFrame | None = None
    own: dict[str, set[str]] = field(default_factory=dict)
    lacking: dict[str, set[str]] = field(default_factory=dict)

    def lacks(self, table: str, names: Sequence[str]) -> str | None:
        return next((n for n in names if n in self.lacking.get(table, ())), None)


def column(name: str) -> str:
    """The internal name of a segment column, the same on every table."""
    return f"by:{stored(name)}"


def stored(name: str) -> str:
    """The name of a file's own column in a table: a dot would mean a field within to Spark."""
    return name.replace(".", "\x1f")


def split(
    tables: Mapping[str, nw.LazyFrame],
    by: Sequence[str],
    where: Mapping[str, Sequence[str | None]],
    headers: Iterable[str] = (),
    *,
    keep: Callable[[nw.LazyFrame], nw.LazyFrame],
    text: Text,
    unique: bool,
) -> Split:
    """Attach the segment columns and keep the rows that `where` asks for.

    `headers` are the files' own, for the hint when a column is not there. `keep` computes a
    frame that many queries read, `text` makes text of a column; `unique` says that each customer
    is one row.

    Raises:
        UsageError: no table has such a column.
    """
    names = list(dict.fromkeys([*by, *where]))
    columns = {table: set(frame.columns) for table, frame in tables.items()}
    for name in names:
        if not any(stored(name) in known for known in columns.values()):
            typed = {c for t in TABLES for c in columns.get(t, ()) if not c.endswith(":day")}
            known = sorted({*headers, *typed})
            option = "--by" if name in by else "--where"
            raise UsageError(
                messages.text("engine.no_such_segment", option=option, column=name),
                hint=did_you_mean(name, known)
                or messages.text("engine.there_are", columns=", ".join(known)),
            )
    lookup = None
    if "customers" in tables:
        rows = tables["customers"].filter(~nw.col("customer_id").is_null())
        own = [stored(name) for name in names if stored(name) in columns["customers"]]
        rows = rows if unique else _latest(rows, own)
        lookup = keep(_columns(rows, names, columns["customers"], text))
    result = Split({}, customers=lookup)
    leads, of_leads = None, set[str]()
    for table in sorted(tables, key=lambda table: table != "leads"):
        frame = tables[table]
        own = [name for name in names if stored(name) in columns[table]]
        theirs = (
            [n for n in names if n not in own and stored(n) in columns["customers"]]
            if lookup is not None and "customer_id" in columns[table]
            else []
        )
        segments = frame
        if own:
            segments = frame.with_columns(**{column(name): text(stored(name)) for name in own})
        bare = segments
        if theirs and lookup is not None:
            found = lookup.select("customer_id", *(column(name) for name in theirs))
            segments = segments.join(found, on="customer_id", how="left")
        through = of_leads - set(own) if "lead_id" in columns[table] else set()
        if leads is not None and through:
            segments = _through_leads(segments, leads, through, set(theirs))
            theirs += sorted(through)
        if table == "leads":
            leads, of_leads = segments, {*own, *theirs}
        result.own[table] = set(own)
        result.lacking[table] = set(names) - set(own) - set(theirs)
        absent = [
            nw.lit(None, nw.String).alias(column(n)) for n in by if n in result.lacking[table]
        ]
        segments = segments.with_columns(*absent) if absent else segments
        kept = [
            _is_any(nw.col(column(name)), wanted)
            for name, wanted in where.items()
            if name not in result.lacking[table]
        ]
        all_kept = nw.all_horizontal(nw.lit(value=True), *kept, ignore_nulls=False)
        result.marked[table] = segments.with_columns(kept=all_kept)
        result.tables[table] = segments.filter(*kept) if kept else segments
        # Where the customer decides which rows are kept, their columns are there already.
        result.bare[table] = result.tables[table] if kept else bare
    return result


def _latest(rows: nw.LazyFrame, columns: Sequence[str]) -> nw.LazyFrame:
    """One row per customer: of one who came back, the latest; of several that day, the one with
    the largest values."""
    order = ["signup_date", *columns]
    rank = nw.col("signup_date").cum_count(reverse=True).over("customer_id", order_by=order)
    return rows.with_columns(place=rank).filter(nw.col("place") == 1)


def _columns(
    rows: nw.LazyFrame, names: Sequence[str], there: Collection[str], text: Text
) -> nw.LazyFrame:
    """customer_id and the segment columns; one that customers do not have is null."""
    segments = {
        column(name): text(at) if at in there else nw.lit(None, nw.String)
        for name in names
        for at in [stored(name)]
    }
    return rows.select("customer_id", **segments)


def _through_leads(
    rows: nw.LazyFrame, leads: nw.LazyFrame, names: set[str], there: set[str]
) -> nw.LazyFrame:
    """The columns of the lead that a row names; where it names none, what is `there` stays."""
    columns = [column(name) for name in sorted(names)]
    theirs = {f"lead:{name}": name for name in columns}
    found = leads.unique(["lead_id"]).select("lead_id", **theirs, **{"lead:": nw.lit(value=True)})
    absent = {column(name): nw.lit(None, nw.String) for name in sorted(names - there)}
    rows = rows.with_columns(**absent) if absent else rows
    joined = rows.join(found, on="lead_id", how="left")
    named = ~nw.col("lead:").is_null()
    return joined.with_columns(
        **{c: nw.when(named).then(nw.col(f"lead:{c}")).otherwise(nw.col(c)) for c in columns}
    ).drop("lead:", *theirs)


def _is_any(value: nw.Expr, wanted: Sequence[str | None]) -> nw.Expr:
    texts = [text for text in wanted if text is not None]
    found = value.is_in(texts)
    return found | value.is_null() if None in wanted else found & ~value.is_null()


def alike(answers: Iterable[Result]) -> Iterator[Message]:
    """Segments that look the same, or nearly so: often one that is written in two ways."""
    segments: dict[str, set[str]] = {}
    for answer in answers:
        for name, value in answer.segment.items():
            if value is not None:
                segments.setdefault(name, set()).add(value)
    for name, values in segments.items():
        count = len(values) - len({_folded(value) for value in values})
        if count:
            yield messages.text("engine.alike_segments", column=name, number=count)


def _folded(text: str) -> str:
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return text.casefold()
