"""From source blocks to canonical tables: every row is used, or counted with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.errors import UsageError
from crm_kpi.messages import joined, text
from crm_kpi.results import SourceAudit
from crm_kpi.sources.checks import corrections, duplicates, rejected_rows, rules, warnings
from crm_kpi.sources.io.budget import TIMES
from crm_kpi.sources.loading import account, currency_conversion, one_clock
from crm_kpi.sources.loading.loaded_table import LoadedTable
from crm_kpi.sources.loading.spill_files import SpilledTable
from crm_kpi.sources.loading.typed_blocks import (
    TypedBlock,
    id_header,
    left_out_rows,
    type_block,
)
from crm_kpi.sources.mapping.column_mapping import MappedBlock, MappedFile, map_columns
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.meaning import asking, copies
from crm_kpi.sources.meaning.open_readings import refuse as refuse_open
from crm_kpi.sources.meaning.question import JoinedRows
from crm_kpi.sources.rejects import Locator, Rejects, RowPlace
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import PLACE, ROW, TABLES, Kind, Table, day


@dataclass
class UnconvertedTable:
    """A table that is read, with its money still in the currencies of the files."""

    table: Table
    frame: pl.DataFrame
    audit: SourceAudit
    columns: frozenset[str]
    headers: tuple[str, ...]
    unique: frozenset[str]
    rejected: pl.DataFrame
    place: RowPlace
    offsets: frozenset[int] = frozenset()
    """The offsets from UTC beside its times, in minutes."""


def load_all(
    specs: Mapping[str, Sequence[SourceSpec]], options: ReadOptions, session: Session | None = None
) -> dict[str, LoadedTable]:
    """Read several tables; the contract is that of `crm_kpi.sources.load_all`."""
    session = session or Session()
    plans = map_files(specs, options, session)
    check_memory(plans, session)
    with proving_files(plans):
        drafts = [read(TABLES[name], blocks, options) for name, blocks in plans.items()]
    one_clock.check([(draft.table.name, draft.offsets) for draft in drafts], options)
    refuse_open([draft.audit for draft in drafts], options)
    currency = currency_conversion.report_currency([draft.frame for draft in drafts], options)
    loaded = {}
    while drafts:  # each goes when its table is done
        draft = drafts.pop(0)
        loaded[draft.table.name] = finish(draft, currency, options)
        del draft
    if "customers" in loaded:
        count_unknown_customers(loaded)
    return loaded


def map_files(
    specs: Mapping[str, Sequence[SourceSpec]], options: ReadOptions, session: Session
) -> dict[str, list[MappedBlock]]:
    """What is read for each table, customers first."""
    try:
        ZoneInfo(options.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(
            text("loading.no_time_zone", zone=options.timezone),
            hint=text("loading.iana_name"),
        ) from error
    names = sorted(specs, key=lambda name: name != "customers")
    return {
        name: [
            block
            for spec in specs[name]
            for block in map_columns(TABLES[name], spec, options, session, asking.headers)
        ]
        for name in names
    }


def check_memory(plans: Mapping[str, Sequence[MappedBlock]], session: Session) -> None:
    """Raises UsageError where the files need more memory than there is."""
    files = {id(part.file): part.file for part in _parts(plans)}
    needed = TIMES * sum(file.held for file in files.values())
    tables = joined(plans, text("general.and"))
    session.budget.check(text("loading.reading", tables=tables), needed)


@contextmanager
def proving_files(plans: Mapping[str, Sequence[MappedBlock]]) -> Iterator[None]:
    """Files are proved beside what is done with them."""
    with ThreadPoolExecutor(1) as prover:
        try:
            for part in _parts(plans):
                part.file.begin(prover)
            yield
        finally:
            prover.shutdown(cancel_futures=True)


def _parts(plans: Mapping[str, Sequence[MappedBlock]]) -> Iterator[MappedFile]:
    for block in chain.from_iterable(plans.values()):
        yield from block.parts


def read(table: Table, blocks: Sequence[MappedBlock], options: ReadOptions) -> UnconvertedTable:
    locator, rejects = Locator(), Rejects(everything=options.everything)
    typed = [type_block(block, options, locator, rejects) for block in blocks]
    one_clock.check([(table.name, rows.offsets) for rows in typed], options)
    audit = account.start_audit(table, blocks, typed)
    columns = account.common_columns(blocks, audit, options)
    every, frame = apply_row_rules(table, blocks, typed, columns, options, rejects, audit)
    policy = next((block.spec.duplicates for block in blocks if block.spec.duplicates), None)
    gone = [g for rows in typed for g in rows.gone]
    unique = duplicates.unique_ids(frame, table, columns)
    copied = [reading for rows in typed for reading in rows.copied]
    joined_ids = table.name == "customers" and options.identities is not None
    if len(locator.bases) > 1 and (gone or not unique) and not joined_ids:
        settled = copies.across_files(
            frame,
            left_out_rows(table, gone),
            table,
            id_header(blocks),
            policy,
            locator,
            options.as_of,
        )
        frame = settled.frame
        copied += settled.readings
        audit.duplicates += settled.dropped
        unique = duplicates.unique_ids(frame, table, columns)
    if not unique:
        block_of = [i for i, block in enumerate(blocks) for _ in block.parts]
        frame = duplicates.settle(
            frame, table, columns, policy, block_of, locator, rejects, audit, frame.height
        )
        unique = duplicates.unique_ids(frame, table, columns)
    for sentence, words in warnings.of_rows(frame, table, unique, locator.bases):
        audit.notes.append(sentence)
        audit.assumed.append(words)
    account.tell_of_people(audit, frame.lazy(), table, locator, options)
    account.tell_meaning(audit, blocks, typed, copied)
    audit.used = frame.height
    account.close_audit(audit, rejects, locator, options)
    rejected = rejected_rows.rejected(every, frame, table, options, rejects, audit)
    return UnconvertedTable(
        table,
        frame.drop(drop_after_checks(table, unique, options)),
        audit,
        columns,
        account.headers(blocks),
        unique,
        rejected,
        locator.place,
        frozenset().union(*(rows.offsets for rows in typed)),
    )


def apply_row_rules(
    table: Table,
    blocks: Sequence[MappedBlock],
    typed: Sequence[TypedBlock],
    columns: frozenset[str],
    options: ReadOptions,
    rejects: Rejects,
    audit: SourceAudit,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All rows, and those that stand when each is judged by itself."""
    for block, rows in zip(blocks, typed, strict=True):
        rows.frame = _with_stand_ins(rows.frame, table, options)
        rows.frame = currency_conversion.with_currency(rows, block, options)
    currency_conversion.check_all_known(blocks, typed)
    every = _joined(table, typed, columns)
    questions = [rows.questions for rows in typed]
    if any(questions):
        of_table = JoinedRows(table, blocks, options, every)
        asking.together(questions, of_table)
        every = of_table.frame
    frame = rejects.without(every)
    height = frame.height
    frame = rules.without_future(frame, table, options)
    audit.future += height - frame.height
    rules.check(frame, table, options, rejects)
    frame = rejects.without(frame)
    if table.name == "surveys" and account.counts_people(table, options) and not options.everything:
        # Of two at one moment the later counts. Spark knows no unsigned numbers.
        frame = frame.with_columns(pl.col(ROW).cast(pl.Int64).alias(PLACE))
    return every, frame


def _with_stand_ins(frame: pl.DataFrame, table: Table, options: ReadOptions) -> pl.DataFrame:
    def local(name: str) -> nw.Expr:
        instant = nw.col(name).dt.replace_time_zone("UTC")
        return instant.dt.convert_time_zone(options.timezone).dt.replace_time_zone(None)

    return _with(frame, corrections.stand_ins(table, frame.columns, local))


def _with(frame: pl.DataFrame, columns: Mapping[str, nw.Expr]) -> pl.DataFrame:
    return nw.from_native(frame).with_columns(**columns).to_native() if columns else frame


def _joined(table: Table, typed: Sequence[TypedBlock], columns: frozenset[str]) -> pl.DataFrame:
    """All blocks under one another: the columns that all have, and texts that some may lack."""
    frames = [rows.frame for rows in typed]
    frame = pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0]
    lacking = {name for name in table.names if name not in columns and name != "currency"}
    lacking = {name for name in lacking if table[name].kind is not Kind.TEXT}
    return frame.drop(*lacking, *map(day, lacking), strict=False)


def finish(draft: UnconvertedTable, currency: str | None, options: ReadOptions) -> LoadedTable:
    frame, count = convert_money(draft, draft.frame, currency, options)
    done = drop_after_conversion(draft.table, options)
    return finalize(draft, frame.drop(done, strict=False), count, frame, currency, options)


def convert_money(
    draft: UnconvertedTable, frame: pl.DataFrame, currency: str | None, options: ReadOptions
) -> tuple[pl.DataFrame, int]:
    """Rows of a draft in one currency, and how many refunds of them were positive."""
    frame = currency_conversion.convert(frame, draft.table, currency, options)
    positive = count_positive_refunds(frame, draft.table)
    if positive:
        frame = _with(frame, corrections.negative_refunds(draft.table, frame.columns))
    return frame, positive


def finalize(
    draft: UnconvertedTable,
    frame: pl.DataFrame,
    positive: int,
    observed: pl.DataFrame,
    currency: str | None,
    options: ReadOptions,
) -> LoadedTable:
    """The table as it is handed on. `observed` are the rows of which something may be noted."""
    table, audit = draft.table, draft.audit
    if positive:
        audit.notes.append(corrections.refunds_note(positive))
    audit.notes += warnings.observed(observed, table, options.as_of)
    money_read = any(c.kind is Kind.MONEY and c.name in draft.columns for c in table.columns)
    return LoadedTable(
        frame,
        audit,
        draft.columns,
        draft.headers,
        currency if money_read else None,
        draft.unique,
        rejected=draft.rejected.drop(_choices(table, options), strict=False),
        place=draft.place,
    )


def drop_after_conversion(table: Table, options: ReadOptions) -> list[str]:
    """Columns that have served when amounts are converted."""
    return [*_choices(table, options), *([] if "currency" in table else ["currency"])]


def _choices(table: Table, options: ReadOptions) -> list[str]:
    spent = options.spent.get(table.name, frozenset())
    return [c.name for c in table.columns if c.kind is Kind.CHOICE and c.name in spent]


def drop_after_checks(table: Table, unique: frozenset[str], options: ReadOptions) -> list[str]:
    """Columns that have served when the rows are judged: their numbers, and ids of one row each."""
    ids = unique & options.spent.get(table.name, frozenset())
    return sorted(ids if options.everything else ids | {ROW})


def count_positive_refunds(frame: pl.DataFrame, table: Table) -> int:
    """How many refunds the file writes as positive amounts."""
    if not corrections.may_have_refunds(table, frame.columns):
        return 0
    positive = expression(corrections.POSITIVE_REFUND).sum()
    return int(nw.from_native(frame).select(positive).item())


def count_unknown_customers(loaded: Mapping[str, LoadedTable]) -> None:
    """Count the rows of each table whose customer the customers table does not have.

    By hashes of 64 bits, in a fifth of the time that strings take. The count could only be
    too low, by a chance of one in a million for a million customers and ten million rows.
    """
    known = _hashed_customers(loaded["customers"].frame)
    for name, other in loaded.items():
        if name != "customers" and "customer_id" in other.frame.columns:
            count = unknown_customers(_hashed_customers(other.frame), known).to_native()
            other.audit.unknown_customers = count.collect(engine="streaming").item()


def unknown_customers(rows: nw.LazyFrame, customers: nw.LazyFrame) -> nw.LazyFrame:
    """How many rows, as `n`, name a customer that `customers` does not have."""
    named = rows.filter(~nw.col("customer_id").is_null())
    strangers = named.join(customers.select("customer_id"), on="customer_id", how="anti")
    return strangers.select(n=nw.len())


def _hashed_customers(frame: pl.DataFrame | SpilledTable) -> nw.LazyFrame:
    rows = frame.scan() if isinstance(frame, SpilledTable) else frame.lazy()
    return nw.from_native(rows.select(pl.col("customer_id").drop_nulls().hash()))
