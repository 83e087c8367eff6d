"""Tables that the engine reads where they lie: typed Parquet that need not fit into this machine.

What the loader proves of text is known of typed columns, so that only values have to be judged:
rejected rows are counted by reason, as the loader counts them, in one pass of the engine. They
are not shown one by one, and files are not hashed. What would need more than that is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.engine import sizes
from crm_kpi.engine.base import Engine
from crm_kpi.engine.found import Found, InPlace
from crm_kpi.engine.in_place_columns import Rule, Typed, typed
from crm_kpi.engine.plan import Asked, Read, Specs
from crm_kpi.engine.segments import stored
from crm_kpi.errors import DataError, UsageError
from crm_kpi.metrics.quality._score import OfTable
from crm_kpi.results import Account
from crm_kpi.sources.rejects import (
    BLANK,
    BLANK_CURRENCY,
    END_BEFORE_START,
    NEGATIVE_AMOUNT,
    NO_CLOSING_DATE,
    SCORE_OUT_OF_RANGE,
)
from crm_kpi.sources.rules import MAY_BE_BLANK, STAND_INS, with_stand_ins
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES, Table

FUTURE = "future"
STATE = "state"
"""Why a row is not used; null where it is."""
MAPPED = {"table", "paths", "columns", "duplicates"}
"""What of a source block is understood here."""


def reader(engine: Engine, tables: Collection[str], read: Read) -> Callable[..., dict[str, Found]]:
    """What reads these tables in place, and the others as `read` does."""

    def both(specs: Specs, options: ReadOptions) -> dict[str, Found]:
        found: dict[str, Found] = {**read({t: specs[t] for t in specs if t not in tables}, options)}
        for table in (table for table in specs if table in tables):
            codes = (options.currency, *(one.currency for one in found.values()))
            currency = next(filter(None, codes), None)
            found[table] = in_place(
                engine, table, specs[table], replace(options, currency=currency)
            )
        return found

    return both


def rows(engine: Engine, found: Found) -> nw.LazyFrame:
    """The rows of a table that are used, as the engine's."""
    return found.rows if isinstance(found, InPlace) else engine.scan(found.frame.rename(stored))


def refusal(request: Asked, loaded: Mapping[str, Found]) -> str | None:
    """Why a metric cannot be told of tables in place."""
    definition = request.definition
    tables = {*request.needs, *request.optional}
    for table in sorted(tables if isinstance(definition, OfTable) else ()):
        if isinstance(loaded.get(table), InPlace):
            return f"{table} is read in place, where no rejected rows are kept to be judged"
    return None


def count_strangers(
    engine: Engine, tables: Mapping[str, nw.LazyFrame], loaded: Mapping[str, Found]
) -> None:
    """Rows of customers whom the customers table does not have, where the loader could not count
    them because it does not have both."""
    if "customers" not in loaded:
        return
    known = tables["customers"].select("customer_id").unique(["customer_id"])
    for name, found in loaded.items():
        both = (found, loaded["customers"])
        if name == "customers" or not any(isinstance(one, InPlace) for one in both):
            continue
        if "customer_id" in found.columns:
            named = tables[name].filter(~nw.col("customer_id").is_null())
            strangers = named.join(known, on="customer_id", how="anti").select(n=nw.len())
            ((row,),) = engine.collect([strangers])
            found.account.unknown_customers = int(row["n"])


def in_place(
    engine: Engine, name: str, specs: Sequence[SourceSpec], options: ReadOptions
) -> InPlace:
    """
    Raises:
        UsageError: what the source asks for cannot be done in place.
        DataError: columns are missing or of other types, ids stand twice, or more rows are
            rejected than `options.rejected_rows` allows.
    """
    table, spec = TABLES[name], _understood(name, specs)
    raw = engine.parquet(spec.paths)
    schema = raw.collect_schema()
    theirs = {c.name: str(spec.columns.get(c.name, c.name)) for c in table.columns}
    has = {ours: header for ours, header in theirs.items() if header in schema}
    _complete(table, spec, has, schema.names())
    account = Account(name, list(spec.paths), columns=has)
    account.notes.append(
        "read in place: files are not hashed, and rejected rows are counted without their lines"
    )
    found = typed(engine, raw, table, has, options)
    rows = _stand_in(found, table, options)
    state = nw.lit(None, nw.String)
    later = [(nw.col(table.dated) > options.as_of, FUTURE)]
    rules = [*found.faults, *later, *_rules(rows.columns, table, options)]
    for broken, reason in reversed(rules):
        state = nw.when(broken).then(nw.lit(reason)).otherwise(state)
    judged = rows.with_columns(**{STATE: state})
    first, last = _count(engine, judged, table, account)
    _enforce_limit(account, options)
    rows = judged.filter(nw.col(STATE).is_null()).drop(STATE)
    unique = _unique_ids(engine, rows, table, has)
    currency = _currency(engine, rows, table, options)
    return InPlace(
        rows=_refunds(rows, table, has),
        account=account,
        columns=with_stand_ins(table, has),
        headers=tuple(schema.names()),
        currency=currency,
        unique=unique,
        first=first,
        last=last,
    )


def _understood(name: str, specs: Sequence[SourceSpec]) -> SourceSpec:
    """The one block of the source, of which nothing is asked that only the loader can do."""
    if len(specs) > 1:
        raise UsageError(f"sources.{name}: has several blocks", hint=_leave(name))
    (spec,) = specs
    for key, default in vars(SourceSpec(name, ())).items():
        if key not in MAPPED and getattr(spec, key) != default:
            raise UsageError(
                f"sources.{name}.{key}: cannot be done where the files lie", hint=_leave(name)
            )
    for ours, header in spec.columns.items():
        if not isinstance(header, str):
            raise UsageError(
                f"sources.{name}.columns.{ours}: has to be one header", hint=_leave(name)
            )
    return spec


def _leave(name: str) -> str:
    return f"take {name} out of engine.in_place"


def _complete(table: Table, spec: SourceSpec, has: dict[str, str], headers: Sequence[str]) -> None:
    wanted = dict.fromkeys([*table.required, *spec.columns])
    lacking = [name for name in wanted if name not in has]
    if lacking:
        raise DataError(
            f"{', '.join(spec.paths)}: no column {' and no column '.join(lacking)}",
            hint=f"there are {', '.join(headers)}; sources.{table.name}.columns: {{ours: theirs}} "
            "says which is which",
        )


def _stand_in(found: Typed, table: Table, options: ReadOptions) -> nw.LazyFrame:
    """As `crm_kpi.sources.rules.stand_in` does."""
    flag, column = STAND_INS.get(table.name, ("", ""))
    there = found.rows.columns
    if flag not in there:
        return found.rows
    begin = next(first for first, last in table.ordered if last == column)
    said = nw.col(flag) & nw.col(column).is_null() if column in there else nw.col(flag)
    known = nw.col(column) if column in there else nw.lit(None, nw.Date)
    ended = nw.max_horizontal(nw.lit(options.as_of, nw.Date), begin)
    either = nw.when(said).then(ended).otherwise(known)
    return found.rows.with_columns(**{column: either})


def _rules(columns: Sequence[str], table: Table, options: ReadOptions) -> Iterator[Rule]:
    """Those of `crm_kpi.sources.rules`, in the same order."""
    col, has = nw.col, set(columns).__contains__
    for name in table.required:
        if (table.name, name) not in MAY_BE_BLANK:
            blank = col(name).is_null()
            if (table.name, name) == ("surveys", "answered_at"):
                blank &= ~col("score").is_null()
            yield blank, BLANK
    for start, end in table.ordered:
        if has(start) and has(end):
            yield col(end) < col(start), END_BEFORE_START
    if table.name == "subscriptions":
        yield col("amount") < 0, NEGATIVE_AMOUNT
    if table.name == "opportunities" and has("outcome") and has("closed_at"):
        closed = col("outcome").is_in(["won", "lost"])
        yield closed & col("closed_at").is_null(), NO_CLOSING_DATE
    if has("currency"):
        yield col("currency").is_null(), BLANK_CURRENCY
    if table.name == "surveys" and has("survey"):
        for survey, (low, high) in options.scales.items():
            outside = (col("score") < low) | (col("score") > high)
            yield (col("survey") == survey) & outside, SCORE_OUT_OF_RANGE


def _count(
    engine: Engine, judged: nw.LazyFrame, table: Table, account: Account
) -> tuple[date | None, date | None]:
    """Fills the account; the first and last day of the rows that are used.

    Raises DataError for a column whose sum does not fit into its type.
    """
    # Of the rows that are not used, the days may be none that can be told.
    at = nw.when(nw.col(STATE).is_null()).then(nw.col(table.dated))
    sums = {
        f"sum {name}": nw.col(name).abs().cast(nw.Float64).sum()
        for name in sizes.summed(table)
        if name in judged.columns
    }
    counts = judged.group_by(STATE).agg(n=nw.len(), first=at.min(), last=at.max(), **sums)
    (found,) = engine.collect([counts])
    numbers = Counter({row[STATE]: int(row["n"]) for row in found})
    account.rows = numbers.total()
    account.used, account.future = numbers.pop(None, 0), numbers.pop(FUTURE, 0)
    account.rejected, account.reasons = numbers.total(), numbers
    used = next((row for row in found if row[STATE] is None), {"first": None, "last": None})
    for key in sums.keys() & used.keys():
        name = key.removeprefix("sum ")
        if (used[key] or 0) >= sizes.most(table.name, name):
            raise sizes.too_large(table.name, name)
    return used["first"], used["last"]


def _enforce_limit(account: Account, options: ReadOptions) -> None:
    if account.rejected <= options.rejected_rows * account.rows:
        return
    why = ", ".join(f"{reason}: {count}" for reason, count in account.reasons.most_common())
    raise DataError(
        f"{account.table}: {account.rejected} of {account.rows} rows are rejected ({why})",
        hint="mend them, or raise limits.rejected_rows",
    )


def _unique_ids(
    engine: Engine, rows: nw.LazyFrame, table: Table, has: dict[str, str]
) -> frozenset[str]:
    """The table's own id, which must name one row: whose rows they would be cannot be settled."""
    if table.id is None or table.id not in has:
        return frozenset()
    key = [table.id, *(["survey"] if table.name == "surveys" and "survey" in has else [])]
    named = rows.filter(~nw.col(table.id).is_null())
    twice = named.group_by(*key).agg(n=nw.len()).filter(nw.col("n") > 1)
    ((row,),) = engine.collect([twice.select(n=nw.len())])
    if row["n"]:
        raise DataError(
            f"{table.name}: {row['n']} values of {' and '.join(key)} stand in several rows, which "
            "cannot be settled where the files lie",
            hint=f"write each once, or {_leave(table.name)}",
        )
    return frozenset(key) if len(key) == 1 else frozenset()


def _currency(engine: Engine, rows: nw.LazyFrame, table: Table, options: ReadOptions) -> str | None:
    if "currency" not in rows.columns:
        return None
    (found,) = engine.collect([rows.select("currency").unique(["currency"])])
    codes = sorted(row["currency"] for row in found)
    if len(codes) > 1 or (codes and options.currency not in (None, codes[0])):
        raise UsageError(
            f"{table.name}: amounts are in {', '.join(codes)}, and cannot be converted where the "
            "files lie",
            hint=f"write one currency, the report's, or {_leave(table.name)}",
        )
    return codes[0] if codes else None


def _refunds(rows: nw.LazyFrame, table: Table, has: dict[str, str]) -> nw.LazyFrame:
    """Refunds are negative, however the file writes them."""
    if table.name != "transactions" or "kind" not in has:
        return rows
    amount = nw.col("amount")
    positive = (nw.col("kind") == "refund") & (amount > 0)
    return rows.with_columns(amount=nw.when(positive).then(-amount).otherwise(amount))
