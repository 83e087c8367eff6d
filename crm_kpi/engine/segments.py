"""--by and --where: any column of a table, or a column of the customer or lead that a row names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import narwhals.stable.v2 as nw

from crm_kpi import messages
from crm_kpi.engine import dimensions, scan_in_place
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.frames.backend import Backend
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import SegmentedTables, Tables, segment_column, stored_name
from crm_kpi.invisible import INVISIBLE
from crm_kpi.messages import Message
from crm_kpi.results import Result
from crm_kpi.sources.loading.dimension_files import Dimension
from crm_kpi.sources.loading.loaded_table import ScannedTable, TableInput
from crm_kpi.tables import TABLES, rejected

AsText = Callable[[str], nw.Expr]
_INVISIBLE = re.compile(f"[{INVISIBLE}]")


def segmented_tables(
    backend: Backend,
    loaded: Mapping[str, TableInput],
    by: Sequence[str],
    where: Mapping[str, Sequence[str | None]],
    known: Callable[[nw.LazyFrame, str], nw.LazyFrame] = lambda rows, table: rows,
    lookups: Sequence[Dimension] = (),
    places: Mapping[str, str] = MappingProxyType({}),
) -> SegmentedTables:
    """The tables of a run with these columns to split and filter by.

    known: the rows of a table as far as they are known.
    lookups: the dimensions, in which some of these columns may stand.
    places: what names a column to filter by, where that is not `--where`.

    Raises:
        UsageError: no table has such a column.
    """
    unfiltered = {
        name: known(scan_in_place.rows(backend, table), name) for name, table in loaded.items()
    }
    scan_in_place.count_unknown_customers(backend, unfiltered, loaded)
    all_rows = unfiltered | {
        rejected(name): backend.scan(table.rejected.rename(stored_name))
        for name, table in loaded.items()
        if not isinstance(table, ScannedTable) and not table.rejected.is_empty()
    }
    unique = frozenset((name, each) for name, table in loaded.items() for each in table.unique)
    headers = [header for table in loaded.values() for header in table.headers]
    asked = [*by, *where]
    having = dimensions.that_have(lookups, asked)
    all_rows = dimensions.joined(backend, all_rows, having, asked, headers)
    headers += [column for each in lookups for column in each.columns]
    _refuse_absent(all_rows, by, where, headers, places)
    tables = _split(backend, all_rows, by, where, unique=("customers", "customer_id") in unique)
    return replace(
        tables,
        unfiltered=unfiltered,
        columns={name: table.columns for name, table in loaded.items()},
        headers={name: table.audit.columns for name, table in loaded.items()},
        unique_columns=unique,
        by=tuple(map(segment_column, by)),
    )


def lacks(tables: SegmentedTables, table: str, names: Sequence[str]) -> str | None:
    """The first of these columns that no row of a table has, by the user's name."""
    return next((n for n in names if segment_column(n) in tables.lacking.get(table, ())), None)


def segments_of_table(
    context: FrameContext, by: Sequence[str], main: str
) -> set[tuple[str | None, ...]]:
    """The segments that a table has; without `by` all of it is one."""
    if not by:
        return {()}
    tables, keys = context.tables, [segment_column(name) for name in by]
    rows = tables.filtered[main]
    theirs = [name for name in keys if name not in tables.own[main]]
    if theirs and tables.customer_segments is not None and context.has(main, "customer_id"):
        of_customers = ["customer_id", *(name for name in keys if name not in theirs)]
        rows = tables.without_customer_segments[main].select(of_customers).unique(of_customers)
        rows = tables.attach_customer_segments(rows, main)
    (segments,) = context.backend.fetch([rows.select(keys).unique(keys)])
    return {tuple([row[key] for key in keys]) for row in segments}


def _refuse_absent(
    tables: Tables,
    by: Sequence[str],
    where: Iterable[str],
    headers: Iterable[str],
    places: Mapping[str, str],
) -> None:
    """Refuses columns of nobody; `headers` are the files' own.

    Raises:
        UsageError: no table has such a column.
    """
    columns = {table: set(frame.columns) for table, frame in tables.items()}
    for name in dict.fromkeys([*by, *where]):
        if not any(stored_name(name) in known for known in columns.values()):
            typed = {c for t in TABLES for c in columns.get(t, ()) if not c.endswith(":day")}
            known = sorted({*headers, *typed})
            option = "--by" if name in by else places.get(name, "--where")
            raise UsageError(
                messages.text("engine.no_such_segment", option=option, column=name),
                hint=did_you_mean(name, known)
                or messages.text("engine.there_are", columns=", ".join(known)),
            )


def _split(
    backend: Backend,
    tables: Tables,
    by: Sequence[str],
    where: Mapping[str, Sequence[str | None]],
    *,
    unique: bool,
) -> SegmentedTables:
    """Each table with its segment columns, those of its customers and leads too.

    unique: each customer is one row.
    """
    names = list(dict.fromkeys([*by, *where]))
    by_customer = _customer_segments(backend, tables, names, unique=unique)
    there = set(tables["customers"].columns) if by_customer is not None else set()
    filtered, without, flagged = {}, {}, {}
    own, lacking = {}, {}
    leads, of_leads = None, set[str]()
    for table in sorted(tables, key=lambda table: table != "leads"):
        frame = tables[table]
        columns = set(frame.columns)
        mine = [name for name in names if stored_name(name) in columns]
        theirs = (
            [n for n in names if n not in mine and stored_name(n) in there]
            if by_customer is not None and "customer_id" in columns
            else []
        )
        segments = frame
        if mine:
            texts = {segment_column(name): backend.as_text(stored_name(name)) for name in mine}
            segments = frame.with_columns(**texts)
        bare = segments
        if theirs and by_customer is not None:
            found = by_customer.select("customer_id", *map(segment_column, theirs))
            segments = segments.join(found, on="customer_id", how="left")
        through = of_leads - set(mine) if "lead_id" in columns else set()
        if leads is not None and through:
            segments = _through_leads(segments, leads, through, set(theirs))
            theirs += sorted(through)
        if table == "leads":
            leads, of_leads = segments, {*mine, *theirs}
        absent = set(names) - set(mine) - set(theirs)
        nulls = [nw.lit(None, nw.String).alias(segment_column(n)) for n in by if n in absent]
        segments = segments.with_columns(*nulls) if nulls else segments
        kept = [
            _is_any(nw.col(segment_column(name)), wanted)
            for name, wanted in where.items()
            if name not in absent
        ]
        all_kept = nw.all_horizontal(nw.lit(value=True), *kept, ignore_nulls=False)
        flagged[table] = segments.with_columns(kept=all_kept)
        filtered[table] = segments.filter(*kept) if kept else segments
        # Where the customer decides which rows are kept, their columns are there already.
        without[table] = filtered[table] if kept else bare
        own[table] = frozenset(map(segment_column, mine))
        lacking[table] = frozenset(map(segment_column, absent))
    return SegmentedTables(
        filtered,
        without,
        tables,
        flagged,
        columns={},
        own=own,
        lacking=lacking,
        customer_segments=by_customer,
    )


def _customer_segments(
    backend: Backend, tables: Tables, names: Sequence[str], *, unique: bool
) -> nw.LazyFrame | None:
    """customer_id and the segment columns, one row per customer; None without customers."""
    if "customers" not in tables:
        return None
    there = set(tables["customers"].columns)
    rows = tables["customers"].filter(~nw.col("customer_id").is_null())
    own = [stored_name(name) for name in names if stored_name(name) in there]
    rows = rows if unique else _latest(rows, own)
    return backend.materialize(_columns(rows, names, there, backend.as_text))


def _latest(rows: nw.LazyFrame, columns: Sequence[str]) -> nw.LazyFrame:
    """One row per customer: of one who came back, the latest; of several that day, the one with
    the largest values."""
    order = ["signup_date", *columns]
    rank = nw.col("signup_date").cum_count(reverse=True).over("customer_id", order_by=order)
    return rows.with_columns(place=rank).filter(nw.col("place") == 1)


def _columns(
    rows: nw.LazyFrame, names: Sequence[str], there: Collection[str], text: AsText
) -> nw.LazyFrame:
    """customer_id and the segment columns; one that customers do not have is null."""
    segments = {
        segment_column(name): text(at) if at in there else nw.lit(None, nw.String)
        for name in names
        for at in [stored_name(name)]
    }
    return rows.select("customer_id", **segments)


def _through_leads(
    rows: nw.LazyFrame, leads: nw.LazyFrame, names: set[str], there: set[str]
) -> nw.LazyFrame:
    """The columns of the lead that a row names; where it names none, what is `there` stays."""
    columns = [segment_column(name) for name in sorted(names)]
    theirs = {f"lead:{name}": name for name in columns}
    found = leads.unique(["lead_id"]).select("lead_id", **theirs, **{"lead:": nw.lit(value=True)})
    absent = {segment_column(name): nw.lit(None, nw.String) for name in sorted(names - there)}
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
