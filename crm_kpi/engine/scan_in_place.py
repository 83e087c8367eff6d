"""Tables that the engine reads where they lie: typed Parquet that need not fit into this machine.

What the loader proves of text is known of typed columns, so that only values have to be judged:
rejected rows are counted by reason, as the loader counts them, in one pass of the engine. They
are not shown one by one, and files are not hashed. What would need more than that is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals.stable.v2 as nw

from crm_kpi.addresses import is_address, shown_path
from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.currencies import code, in_header
from crm_kpi.engine import sizes
from crm_kpi.engine.scan_columns import scan_columns
from crm_kpi.errors import DataError, UsageError
from crm_kpi.frames.backend import Backend
from crm_kpi.frames.segmented_tables import stored_name
from crm_kpi.messages import Message, joined, text
from crm_kpi.results import SourceAudit
from crm_kpi.sources.checks import corrections, rules
from crm_kpi.sources.loading.account import enforce_limit
from crm_kpi.sources.loading.loaded_table import ScannedTable, TableInput
from crm_kpi.sources.loading.loader import unknown_customers
from crm_kpi.sources.meaning import asking
from crm_kpi.sources.meaning.column_words import MOST
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES, Kind, Table

FUTURE = "future"
STATE = "state"
"""Why a row is not used; null where it is."""
MAPPED = {"table", "paths", "columns", "duplicates", "apart", "status", "walk_in", "end", "scale",
    "locale"}  # fmt: skip
"""What of a source block is understood here, or asks for nothing, as columns have their types."""


def rows(backend: Backend, table: TableInput) -> nw.LazyFrame:
    """The rows of a table that are used, as the engine's."""
    return (
        table.rows
        if isinstance(table, ScannedTable)
        else backend.scan(table.frame.rename(stored_name))
    )


def count_unknown_customers(
    backend: Backend, tables: Mapping[str, nw.LazyFrame], loaded: Mapping[str, TableInput]
) -> None:
    """Rows of customers whom the customers table does not have, where the loader could not count
    them because it does not have both."""
    if "customers" not in loaded:
        return
    for name, found in loaded.items():
        both = (found, loaded["customers"])
        if name == "customers" or not any(isinstance(one, ScannedTable) for one in both):
            continue
        if "customer_id" in found.columns:
            count = unknown_customers(tables[name], tables["customers"])
            ((row,),) = backend.fetch([count])
            found.audit.unknown_customers = int(row["n"])


def scan(
    backend: Backend, name: str, specs: Sequence[SourceSpec], options: ReadOptions
) -> ScannedTable:
    """
    Raises:
        UsageError: what the source asks for cannot be done in place.
        DataError: columns are missing or of other types, ids stand twice, or more rows are
            rejected than `options.rejected_rows` allows.
    """
    table, spec = TABLES[name], _understood(name, specs)
    raw = backend.scan_parquet(spec.paths)
    schema = raw.collect_schema()
    theirs = {c.name: str(spec.columns.get(c.name, c.name)) for c in table.columns}
    has = {ours: header for ours, header in theirs.items() if header in schema}
    _complete(table, spec, has, schema.names())
    if spec.duplicates == "drop" and table.id not in has:  # rows with an id stand once anyway
        raise _impossible(name, "duplicates")
    words = _ColumnValues(backend, raw)
    unfit = asking.unfit_in_place(table, spec, tuple(schema.names()), options, words)
    if unfit is not None:
        raise UsageError(text("engine.meaning_in_place", table=name, why=unfit), hint=_leave(name))
    audit = SourceAudit(name, list(map(shown_path, spec.paths)), columns=has)
    audit.notes.append(text("engine.in_place"))
    found = scan_columns(backend, raw, table, has, options)
    stand_ins = corrections.stand_ins(table, found.rows.columns, found.local.__getitem__)
    rows = _with(found.rows, stand_ins)
    judged = rows.with_columns(**{STATE: _state(table, rows.columns, options)})
    first, last = _count(backend, judged, table, audit)
    enforce_limit(audit, options)
    rows = judged.filter(nw.col(STATE).is_null()).drop(STATE)
    unique = _unique_ids(backend, rows, table, has)
    currency = _currency(backend, rows, table, has, options)
    return ScannedTable(
        rows=_with(rows, corrections.negative_refunds(table, has)),
        audit=audit,
        columns=corrections.with_stand_ins(table, has),
        headers=tuple(schema.names()),
        currency=currency,
        unique=unique,
        first=first,
        last=last,
    )


def _understood(name: str, specs: Sequence[SourceSpec]) -> SourceSpec:
    """The one block of the source, of which nothing is asked that only the loader can do."""
    if len(specs) > 1:
        raise UsageError(text("engine.several_blocks", table=name), hint=_leave(name))
    (spec,) = specs
    for key, default in vars(SourceSpec(name, ())).items():
        if key not in MAPPED and getattr(spec, key) != default:
            raise _impossible(name, key)
    if any(map(is_address, spec.paths)):  # an engine would ask whom nobody has allowed
        raise _impossible(name, "path: https:")
    for ours, header in spec.columns.items():
        if not isinstance(header, str):
            raise UsageError(
                text("engine.not_one_header", table=name, column=ours), hint=_leave(name)
            )
    return spec


def _impossible(name: str, key: str) -> UsageError:
    return UsageError(text("engine.not_in_place", table=name, key=key), hint=_leave(name))


def _leave(name: str) -> Message:
    return text("engine.leave_in_place", table=name)


def _complete(table: Table, spec: SourceSpec, has: dict[str, str], headers: Sequence[str]) -> None:
    wanted = dict.fromkeys([*table.lacking(has), *spec.columns])
    lacking = [name for name in wanted if name not in has]
    if lacking:
        raise DataError(
            text(
                "engine.lacks_columns",
                paths=", ".join(spec.paths),
                columns=joined(lacking, text("engine.and_no_column")),
            ),
            hint=text("engine.headers_there", headers=", ".join(headers), table=table.name),
        )


@dataclass(frozen=True)
class _ColumnValues:
    """What columns hold, for questions of meaning."""

    backend: Backend
    rows: nw.LazyFrame

    def __call__(self, header: str) -> list[str] | None:
        (found,) = self.backend.fetch([self._values(header).unique().head(MOST + 1)])
        words = sorted(str(row["value"]) for row in found if row["value"] is not None)
        return words if len(words) <= MOST else None

    def like(self, header: str, pattern: str) -> bool:
        if self.rows.collect_schema()[header] != nw.String:
            return False
        hits = self._values(header).filter(nw.col("value").str.contains(pattern)).head(1)
        (found,) = self.backend.fetch([hits])
        return bool([*found])

    def _values(self, header: str) -> nw.LazyFrame:
        return self.rows.select(value=nw.col(header))


def _with(rows: nw.LazyFrame, columns: Mapping[str, nw.Expr]) -> nw.LazyFrame:
    return rows.with_columns(**columns) if columns else rows


def _state(table: Table, columns: Sequence[str], options: ReadOptions) -> nw.Expr:
    """Why a row is not used, for the first reason that the loader would find; null where it is."""
    values = [rule for name in columns if name in table for rule in rules.of_values(table[name])]
    between = rules.of_table(table, columns, options.scales)
    broken = [
        *((rule.broken, rule.reason.name) for rule in values),
        (rules.future(table, options), FUTURE),
        *((rule.broken, rule.reason.name) for rule in between),
    ]
    state = nw.lit(None, nw.String)
    for condition, why in reversed(broken):
        state = nw.when(expression(condition)).then(nw.lit(why)).otherwise(state)
    return state


def _count(
    backend: Backend, judged: nw.LazyFrame, table: Table, audit: SourceAudit
) -> tuple[date | None, date | None]:
    """Fills the audit; the first and last day of the rows that are used.

    Raises:
        DataError: the sum of a column does not fit into its type.
    """
    # Of the rows that are not used, the days may be none that can be told.
    at = nw.when(nw.col(STATE).is_null()).then(nw.col(table.dated))
    sums = {
        f"sum {name}": nw.col(name).abs().cast(nw.Float64).sum()
        for name in sizes.summed(table)
        if name in judged.columns
    }
    counts = judged.group_by(STATE).agg(
        n=nw.len(), first=at.min(), last=at.max(), **sums, **_refunds(table, judged)
    )
    (found,) = backend.fetch([counts])
    numbers = Counter({row[STATE]: int(row["n"]) for row in found})
    audit.rows = numbers.total()
    audit.used, audit.future = numbers.pop(None, 0), numbers.pop(FUTURE, 0)
    audit.rejected = numbers.total()
    audit.reasons = Counter({Reason[name].value: number for name, number in numbers.items()})
    used = next((row for row in found if row[STATE] is None), None)
    if used is None:
        return None, None
    for key in sums:
        name = key.removeprefix("sum ")
        if (used[key] or 0) >= sizes.most(table.name, name):
            raise sizes.too_large(table.name, name)
    if used.get("refunds"):
        audit.notes.append(corrections.refunds_note(int(used["refunds"])))
    return used["first"], used["last"]


def _refunds(table: Table, rows: nw.LazyFrame) -> dict[str, nw.Expr]:
    """How many refunds the files write as positive amounts."""
    if not corrections.may_have_refunds(table, rows.columns):
        return {}
    return {"refunds": nw.when(expression(corrections.POSITIVE_REFUND)).then(1).sum()}


def _unique_ids(
    backend: Backend, rows: nw.LazyFrame, table: Table, has: dict[str, str]
) -> frozenset[str]:
    """The table's own id, which must name one row: whose rows they would be cannot be settled."""
    if table.id is None or table.id not in has:
        return frozenset()
    key = [table.id, *(["survey"] if table.name == "surveys" and "survey" in has else [])]
    named = rows.filter(~nw.col(table.id).is_null())
    twice = named.group_by(*key).agg(n=nw.len()).filter(nw.col("n") > 1)
    ((row,),) = backend.fetch([twice.select(n=nw.len())])
    if row["n"]:
        raise DataError(
            text(
                "engine.ids_twice",
                table=table.name,
                number=row["n"],
                columns=joined(key, text("general.and")),
            ),
            hint=text("engine.write_once", otherwise=_leave(table.name)),
        )
    return frozenset(key) if len(key) == 1 else frozenset()


def _currency(
    backend: Backend, rows: nw.LazyFrame, table: Table, has: Mapping[str, str], options: ReadOptions
) -> str | None:
    """The one currency that a column or the headers of money name."""
    money = [has[c.name] for c in table.columns if c.kind is Kind.MONEY and c.name in has]
    named = {word for header in money if (word := in_header(header))}
    if "currency" in rows.columns:
        (found,) = backend.fetch([rows.select("currency").unique(["currency"])])
        named |= {code(row["currency"]) or row["currency"] for row in found}
    codes = sorted(named)
    if len(codes) > 1 or (codes and options.currency not in (None, codes[0])):
        raise UsageError(
            text("engine.several_currencies", table=table.name, currencies=", ".join(codes)),
            hint=text("engine.write_one_currency", otherwise=_leave(table.name)),
        )
    return codes[0] if codes else None
