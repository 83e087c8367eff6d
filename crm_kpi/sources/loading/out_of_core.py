"""Tables read within little memory: judged as ever, and kept in temporary files.

A table that is small is read as a whole. A large one goes from file to file: its CSV is typed
in one pass, as `fast_path` does it, and then judged some rows at a time by the same rules. What has
to be known of all rows together (ids that stand twice, what is noted) is asked of the few rows
that a scan of hashes or dates finds. So all counts, rejects and notes are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import polars as pl

from crm_kpi import messages
from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, joined
from crm_kpi.readings import Reading
from crm_kpi.results import SourceAudit
from crm_kpi.sources.checks import duplicates, rejected_rows, warnings
from crm_kpi.sources.loading import currency_conversion, loader
from crm_kpi.sources.loading.loaded_table import LoadedTable
from crm_kpi.sources.loading.loader import UnconvertedTable
from crm_kpi.sources.loading.spill_files import SpilledTable, write_spill
from crm_kpi.sources.loading.typed_blocks import TypedBlock, id_header, left_out_rows, type_rows
from crm_kpi.sources.mapping.column_mapping import MappedBlock, MappedFile
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.meaning import asking, copies
from crm_kpi.sources.meaning.open_readings import refuse as refuse_open
from crm_kpi.sources.readers.csv.csv_file import CsvFile
from crm_kpi.sources.rejects import Fault, Locator, Rejects
from crm_kpi.sources.spec import ReadOptions, SourceSpec, declared_for
from crm_kpi.tables import EPOCH, PLACE, ROW, TABLES, Kind, Table

ROWS = 1 << 19
"""That are judged at a time."""

HELD = 2
"""Bytes that a table takes while it is read as a whole, for each byte of its files; measured."""

_ROW = 512
"""Bytes that two rows may take that share something."""


def load_all(
    specs: Mapping[str, Sequence[SourceSpec]],
    options: ReadOptions,
    folder: Path,
    room: int,
    session: Session | None = None,
) -> dict[str, LoadedTable]:
    """What `loader.load_all` gives, but for frames: those are `SpilledTable` in `folder`.

    Raises UsageError where a table takes more than `room` bytes and cannot be read in parts.
    """
    plans = loader.map_files(specs, options, session or Session())
    with loader.proving_files(plans):
        drafts = [_read(TABLES[name], plans[name], options, folder, room) for name in plans]
    refuse_open([draft.audit for draft, _ in drafts], options)
    currency = currency_conversion.report_currency(
        [stored.currencies() for _, stored in drafts], options
    )
    loaded = {}
    for draft, stored in drafts:
        loaded[draft.table.name] = _finished(draft, stored, currency, options)
    if "customers" in loaded:
        loader.count_unknown_customers(loaded)
    return loaded


@dataclass(frozen=True)
class _Room:
    """What a table would take, and what there is."""

    table: Table
    size: int
    room: int

    def lacks(self, why: Message) -> UsageError:
        what = messages.text(
            "loading.not_in_parts",
            table=self.table.name,
            size=self.size >> 20,
            room=self.room >> 20,
            why=why,
        )
        return UsageError(what, hint=messages.text("loading.raise_memory"))


@dataclass
class _Rows:
    """The rows of a draft in files, in their order."""

    room: _Room
    folder: Path
    paths: list[Path] = field(default_factory=list)
    height: int = 0
    gone: set[int] = field(default_factory=set)
    """Rows that were found to repeat others."""
    refunds: int = 0
    """Those of a positive amount, as the files write it."""

    def add(self, frame: pl.DataFrame) -> None:
        name = f"{self.room.table.name}.judged.{len(self.paths)}.parquet"
        self.paths.append(write_spill(frame, self.folder / name))
        self.height += frame.height
        self.refunds += loader.count_positive_refunds(frame, self.room.table)

    def scan(self) -> pl.LazyFrame:
        rows = pl.scan_parquet(list(self.paths), glob=False)
        return rows.filter(~_among(self.gone)) if self.gone else rows

    def slices(self) -> Iterator[pl.DataFrame]:
        """The rows, some at a time; their files go."""
        for path in self.paths:
            frame = pl.read_parquet(path, glob=False)
            path.unlink()
            yield frame.filter(~_among(self.gone)) if self.gone else frame

    def currencies(self) -> pl.DataFrame:
        rows = self.scan()
        if "currency" not in rows.collect_schema():
            return pl.DataFrame()
        return rows.select(pl.col("currency").unique()).collect(engine="streaming")

    def sharing(self, names: Sequence[str]) -> pl.DataFrame:
        """The rows that share all of these columns with another, and a few whose hashes do."""
        same = pl.struct(*names).hash()
        hashes = self.scan().select(same.alias("hash")).collect(engine="streaming")["hash"].sort()
        twins = hashes.filter(hashes == hashes.shift()).unique()
        del hashes
        if len(twins) * _ROW > self.room.room:
            columns = joined(names, messages.text("general.and"))
            why = messages.text("loading.rows_share", number=len(twins), columns=columns)
            raise self.room.lacks(why)
        return self.scan().filter(same.is_in(twins.implode())).collect(engine="streaming")

    def is_unique(self, name: str) -> bool:
        return not self.sharing([name]).select(name).is_duplicated().any()


def _read(
    table: Table, blocks: list[MappedBlock], options: ReadOptions, folder: Path, room: int
) -> tuple[UnconvertedTable, _Rows]:
    size = HELD * sum(part.file.held for block in blocks for part in block.parts)
    rows = _Rows(_Room(table, size, room), folder)
    if size > room:
        return _in_parts(table, blocks, options, rows), rows
    draft = loader.read(table, blocks, options)
    rows.add(draft.frame)
    draft.frame = draft.frame.clear()
    return draft, rows


def _in_parts(
    table: Table, blocks: list[MappedBlock], options: ReadOptions, rows: _Rows
) -> UnconvertedTable:
    block = _single_block(blocks, rows.room)
    unfit = asking.unfit_in_parts(block, options)
    if unfit is not None:
        raise rows.room.lacks(unfit)
    questions = asking.of_block(block, options)
    locator, rejects, counts = Locator(), Rejects(), SourceAudit(table.name)
    files = [_parsed(part, block.spec, locator, rejects, rows) for part in block.parts]
    columns = loader.common_columns(blocks, counts, options)
    notes: dict[tuple[str, str], Message] = {}
    whole = TypedBlock(pl.DataFrame(), questions=questions)
    left = []
    for place, text in enumerate(_texts(files)):
        typed = type_rows(text, block, options, locator, rejects, questions, whole=False)
        whole.left_out += typed.left_out
        if options.own_zone and place and typed.offsets != whole.offsets:
            raise rows.room.lacks(messages.text("loading.several_offsets"))
        whole.offsets = typed.offsets
        whole.readings += typed.readings
        whole.gone += typed.gone
        if typed.currencies:
            raise rows.room.lacks(messages.text("loading.currency_signs"))
        for note in typed.notes:  # of the offsets of a column, the first is told
            by_column = note.key == "parsing.on_utc_days"
            notes.setdefault((note.key, note.values["column"] if by_column else note), note)
        every, frame = loader.apply_row_rules(
            table, blocks, [typed], columns, options, rejects, counts
        )
        rows.add(frame)
        left.append(every.filter(pl.col(ROW).is_in(rejects.rows.implode())))
    if loader.common_columns(blocks, SourceAudit(table.name), options) != columns:
        # A question has found that one more is there, when rows were judged without it.
        raise rows.room.lacks(messages.text("loading.more_columns"))
    whole.notes += notes.values()
    audit = loader.start_audit(table, blocks, [whole])
    audit.notes += counts.notes
    audit.future = counts.future
    gone = left_out_rows(table, whole.gone)
    copied, again = _copied(table, block, columns, locator, audit, rows, gone, options)
    unique, repeated = _settled(table, block, columns, locator, rejects, audit, rows)
    repeated = pl.concat([again, repeated]).drop(PLACE, strict=False)
    doubtful = _doubtful(table, unique, columns, rows)
    for sentence, words in warnings.of_rows(doubtful, table, unique, locator.bases):
        audit.notes.append(sentence)
        audit.assumed.append(words)
    loader.tell_of_people(audit, rows.scan(), table, locator, options)
    loader.tell_meaning(audit, blocks, [whole], copied)
    audit.used = rows.height - len(rows.gone)
    loader.close_audit(audit, rejects, locator, options)
    every = pl.concat([*left, repeated]).sort(ROW)
    return UnconvertedTable(
        table,
        every.clear(),
        audit,
        columns,
        loader.headers(blocks),
        unique,
        rejected_rows.rejected(every, every.clear(), table, options, rejects, audit),
        locator.place,
    )


def _single_block(blocks: Sequence[MappedBlock], room: _Room) -> MappedBlock:
    """The block of a table, if its files can be read in parts."""
    block, *others = blocks
    spec, parts = block.spec, block.parts
    if others:
        raise room.lacks(messages.text("loading.several_blocks"))
    if room.table.name == "customers":
        raise room.lacks(messages.text("loading.compared_customers"))
    if spec.where or spec.exclude or spec.once or block.derived:
        raise room.lacks(messages.text("loading.has_conditions"))
    for part in parts:
        file = part.file
        if part.others:
            raise room.lacks(messages.text("loading.has_conditions"))
        if not isinstance(file, CsvFile) or file.typed or not file.regular:
            raise room.lacks(messages.text("loading.not_plain_csv", path=file.path))
        if file.file_bytes.memory is not None:
            raise room.lacks(messages.text("loading.packed", path=file.path))
    return block


@dataclass(frozen=True)
class _Parsed:
    """A file of which the columns that are read stand in another, typed where they are plain."""

    part: MappedFile
    base: int
    path: Path
    lost: pl.Series


def _parsed(
    part: MappedFile, spec: SourceSpec, locator: Locator, rejects: Rejects, rows: _Rows
) -> _Parsed:
    file, room = part.file, rows.room
    assert isinstance(file, CsvFile)
    base = part.base = locator.add(file, part.reads)
    path = rows.folder / f"{room.table.name}.parsed.{base}.ipc"
    casts = file.casts(part.fast_paths)
    # Other columns stay text. They are typed some rows at a time, if each cell tells what it is.
    open_ = {at: name for name, at in part.reads.items() if not _tells(room.table, name, spec)}
    odd = [at for at in open_ if at not in casts]
    while not odd:
        odd = file.sink(sorted(set(part.reads.values())), casts, path)
        if file.file_bytes.memory is not None:
            raise room.lacks(messages.text("loading.backslashes", path=file.path))
        if not odd:
            break
        casts = {at: cast for at, cast in casts.items() if at not in odd}
        odd = [at for at in odd if at in open_]
    if odd:
        names = joined(sorted(open_[at] for at in odd), messages.text("general.and"))
        raise room.lacks(messages.text("loading.not_declared", path=file.path, columns=names))
    for reason, records in file.faults.items():
        rejects.add([Fault((records + base).cast(pl.UInt32), reason)])
    return _Parsed(part, base, path, file.lost)


def _tells(table: Table, name: str, spec: SourceSpec) -> bool:
    """Whether each cell of a column tells what it is, without the others."""
    kind = table[name].kind if name in table else Kind.TEXT
    if kind in (Kind.DATE, Kind.TIME):
        return declared_for(spec.dates, name) is not None
    if kind in (Kind.MONEY, Kind.SCORE, Kind.COUNT):
        return declared_for(spec.numbers, name) is not None
    return kind is not Kind.NUMBER


def _texts(files: Sequence[_Parsed]) -> Iterator[pl.DataFrame]:
    """The records of all files, some at a time; columns that a file lacks are null."""
    names = {name for file in files for name in file.part.reads}
    for file in files:
        picked = {name: pl.col(str(place)) for name, place in file.part.reads.items()}
        picked |= {name: pl.lit(None, pl.String) for name in sorted(names - picked.keys())}
        for start in range(0, file.part.file.records, ROWS):
            records = pl.scan_ipc(file.path, glob=False).slice(start, ROWS).collect()
            records = records.filter(~_among(file.lost)) if len(file.lost) else records
            yield records.select((pl.col(ROW) + file.base).cast(pl.UInt32), **picked)
        file.path.unlink()


def _copied(
    table: Table,
    block: MappedBlock,
    columns: frozenset[str],
    locator: Locator,
    audit: SourceAudit,
    rows: _Rows,
    gone: pl.DataFrame,
    options: ReadOptions,
) -> tuple[list[Reading], pl.DataFrame]:
    """What was taken of rows that stand in several files, and those that are read no more."""
    name, policy = copies.id_of(table, columns), block.spec.duplicates
    nothing = rows.scan().collect_schema().to_frame()
    if len(block.parts) < 2 or policy == copies.KEEP:
        return [], nothing
    suspects = rows.sharing([name] if name else duplicates.key_of(table, columns, nothing.columns))
    if name and len(gone):
        left = rows.scan().filter(pl.col(name).is_in(gone[name].implode()))
        suspects = pl.concat([suspects, left.collect(engine="streaming")]).unique(ROW)
    suspects = suspects.sort(ROW)
    settled = copies.across_files(
        suspects,
        gone,
        table,
        id_header([block]),
        policy,
        locator,
        options.as_of,
        every=rows.scan(),
    )
    again = suspects.join(settled.frame.select(ROW), on=ROW, how="anti")
    rows.gone |= set(again[ROW])
    audit.duplicates += settled.dropped
    return [*settled.readings], again


def _settled(
    table: Table,
    block: MappedBlock,
    columns: frozenset[str],
    locator: Locator,
    rejects: Rejects,
    audit: SourceAudit,
    rows: _Rows,
) -> tuple[frozenset[str], pl.DataFrame]:
    """The columns of ids in which no value stands twice, and the rows that do not stand."""
    names = [name for name in (table.id, "transaction_id") if name and name in columns]
    unique = frozenset(filter(rows.is_unique, names))
    there = rows.scan().collect_schema().to_frame()
    if unique:
        return unique, there
    suspects = rows.sharing(duplicates.key_of(table, columns, there.columns))
    if table.id is None and "transaction_id" in columns:
        orders = rows.sharing(["transaction_id"])
        suspects = pl.concat([suspects, orders]).unique(ROW).sort(ROW)
    kept = duplicates.settle(
        suspects,
        table,
        columns,
        block.spec.duplicates,
        [0] * len(block.parts),
        locator,
        rejects,
        audit,
        rows.height - len(rows.gone),
    )
    repeated = suspects.join(kept.select(ROW), on=ROW, how="anti")
    rows.gone |= set(repeated[ROW])
    return frozenset(filter(rows.is_unique, names)), repeated


def _doubtful(
    table: Table, unique: frozenset[str], columns: frozenset[str], rows: _Rows
) -> pl.DataFrame:
    """The rows that `warnings` could say something of."""
    scan = rows.scan()
    doubtful = [scan.collect_schema().to_frame()]
    at = table.dated
    if at in doubtful[0].columns:
        doubtful.append(scan.filter(pl.col(at) < EPOCH).collect(engine="streaming"))
    for name in warnings.ids(doubtful[0], table):
        ids = pl.col(name)
        odd = scan.filter(ids.str.len_bytes() != ids.str.len_chars()).unique(name).collect()
        odd = odd.filter(ids.is_in(warnings.unseen(odd[name]).implode()))
        if len(odd):
            alike = scan.filter(ids.is_in(warnings.bare(odd[name]).implode())).unique(name)
            doubtful += [odd, alike.collect(engine="streaming")]
    if table.name == "transactions" and "transaction_id" in columns - unique:
        doubtful.append(rows.sharing(["transaction_id"]))
    if {"survey", "score"} <= set(doubtful[0].columns):
        nps = scan.filter(pl.col("survey") == "nps", pl.col("score").is_not_null())
        doubtful.append(nps.group_by("score").head(3).select(doubtful[0].columns).collect())
    return pl.concat(doubtful).unique(ROW).sort(ROW)


def _finished(
    draft: UnconvertedTable, rows: _Rows, currency: str | None, options: ReadOptions
) -> LoadedTable:
    table = draft.table
    done = [
        *loader.drop_after_checks(table, draft.unique, options),
        *loader.drop_after_conversion(table, options),
    ]
    codes = rows.currencies()
    same = currency is None or codes.is_empty() or set(codes.to_series()) <= {currency, None}
    refunds = 0
    if same and not rows.gone and not rows.refunds:
        stored = SpilledTable.of(rows.paths).without(done)  # the rows are what they were
        observed = [_notable(rows.scan(), table, options)]
    else:
        paths, observed = [], []
        for place, frame in enumerate(rows.slices()):
            frame, count = loader.convert_money(draft, frame, currency, options)
            refunds += count
            observed.append(_notable(frame.lazy(), table, options))
            path = rows.folder / f"{table.name}.{place}.parquet"
            paths.append(write_spill(frame.drop(done, strict=False), path))
        stored = SpilledTable.of(paths)
    handed = cast(pl.DataFrame, stored)
    return loader.finalize(draft, handed, refunds, pl.concat(observed), currency, options)


def _notable(rows: pl.LazyFrame, table: Table, options: ReadOptions) -> pl.DataFrame:
    """The rows that `warnings.observed` could say something of."""
    if table.name != "customers":
        dates = [name for name, dtype in rows.collect_schema().items() if dtype == pl.Date]
        outside = (~pl.col(name).is_between(EPOCH, options.as_of) for name in dates)
        rows = rows.filter(pl.any_horizontal(pl.lit(value=False), *outside))
    return rows.collect(engine="streaming")


def _among(rows: Collection[int] | pl.Series) -> pl.Expr:
    return pl.col(ROW).is_in(pl.Series(list(rows), dtype=pl.UInt32).implode())
