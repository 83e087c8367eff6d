"""A source block becomes a typed frame: its files parsed, its columns proved and cast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

import polars as pl

from crm_kpi import messages
from crm_kpi.currencies import in_header
from crm_kpi.errors import DataError, Problem, UsageError
from crm_kpi.messages import Message
from crm_kpi.readings import Reading
from crm_kpi.sources.checks.order_lines import first_lines
from crm_kpi.sources.loading import one_clock
from crm_kpi.sources.mapping.column_mapping import MappedBlock, MappedFile
from crm_kpi.sources.meaning import asking, copies
from crm_kpi.sources.meaning.question import BlockRows, LeftOut, Question
from crm_kpi.sources.names import key, unmapped
from crm_kpi.sources.parsing import typed_cells
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.columns import choice_words, typed
from crm_kpi.sources.parsing.dates import OpenDates
from crm_kpi.sources.parsing.derived_columns import make
from crm_kpi.sources.parsing.open_dates import settled
from crm_kpi.sources.parsing.text_ops import in_our_words, plain, stripped
from crm_kpi.sources.readers.xlsx.sheet_file import SheetFile
from crm_kpi.sources.rejects import Fault, Locator, Rejects
from crm_kpi.sources.spec import DerivedColumn, ReadOptions, SourceSpec
from crm_kpi.tables import ROW, Kind, Table


@dataclass
class TypedBlock:
    frame: pl.DataFrame
    """The numbers of its rows, our columns, and the texts that were asked for."""
    currencies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Column: the currency signs and codes beside its numbers."""
    notes: list[Message] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    """What single columns were taken to mean by how their values are written."""
    copied: Sequence[Reading] = ()
    """What was taken of rows that stand in several files."""
    duplicates: int = 0
    """Rows that were dropped for it."""
    gone: list[pl.DataFrame] = field(default_factory=list)
    """Of the rows that were left out: `ROW`, and ids and days as far as they are known."""
    offsets: frozenset[int] = frozenset()
    """The offsets from UTC beside its times, in minutes."""
    questions: Sequence[Question] = ()
    """Of meaning, which have seen these rows."""

    @property
    def excluded(self) -> int:
        return sum(why.count for why in self.left_out)


def type_block(
    block: MappedBlock, options: ReadOptions, locator: Locator, rejects: Rejects
) -> TypedBlock:
    """Parse and type all files of a block. Faults go to `rejects`; `locator` gets the files."""
    questions = asking.of_block(block, options)
    records = _parsed(block, locator, rejects)
    return type_rows(records, block, options, locator, rejects, questions)


def type_rows(
    frame: pl.DataFrame,
    block: MappedBlock,
    options: ReadOptions,
    locator: Locator,
    rejects: Rejects,
    questions: Sequence[Question],
    *,
    whole: bool = True,
) -> TypedBlock:
    """Type records that are parsed: all those of the block, or some where they are not `whole`;
    `questions` are those that the block raises."""
    kept, causes = _filtered(frame, block)
    result = TypedBlock(kept, left_out=causes, questions=questions)
    if causes:
        result.gone.append(_ids_of(frame.filter(~frame[ROW].is_in(kept[ROW].implode())), block))
    result.notes += [note for part in block.parts for note in part.notes]
    for question in questions:
        question.whole = whole
    kept = asking.before_cast(questions, kept)
    rows = kept[ROW]
    text = {name: kept[name] for name in kept.columns if name != ROW}
    asked = sorted(options.texts.get(block.table.name, frozenset()) - set(block.table.names))
    texts = {name: text[unmapped(name)] for name in asked if unmapped(name) in text}
    only_asked = {n: text[n] for n in map(unmapped, block.asked) if n in text}
    del frame, kept
    jobs = _jobs(block, options, rows, locator, text)
    series = [rows]
    faults: list[Fault] = []
    typed_columns = _run(jobs, vietnamese=block.vietnamese)
    for column in one_clock.settle(typed_columns, block, options):
        series += column.series
        faults += column.faults
        result.notes += column.notes
        result.readings += column.readings
        result.offsets |= column.offsets
        if column.currencies:
            result.currencies[column.series[0].name] = column.currencies
    for name, values in (texts | only_asked).items():
        if values.dtype != pl.String:  # a number that a question reads as it is written
            values = values.cast(pl.String)
        series.append(stripped(in_our_words(values, {}, block.spec.missing)).alias(name))
    judged = BlockRows(block, options, pl.DataFrame(series), faults, whole)
    del series
    if whole and len(block.parts) > 1:
        _read_once(result, judged, locator, options)
    asking.rows(questions, judged)
    result.left_out += judged.left_out
    result.gone += judged.gone
    rejects.add(judged.faults)
    frame = judged.frame.drop(*only_asked, strict=False)
    result.frame = _narrow(frame, block.table, options)
    once = judged.once
    if once is not None and once in result.frame.columns:
        result.frame, repeats = first_lines(result.frame, block.table, once, rejects, locator.bases)
        result.left_out += _left_out(repeats, "once", once)
    return result


def _read_once(
    result: TypedBlock, judged: BlockRows, locator: Locator, options: ReadOptions
) -> None:
    """Of rows that stand in several files of the block, those that count: before it is asked what
    they mean, as the older ones mean nothing any more."""
    block = judged.block
    settled = copies.across_files(
        judged.frame,
        left_out_rows(block.table, result.gone),
        block.table,
        id_header([block]),
        block.spec.duplicates,
        locator,
        options.as_of,
        sure=True,
    )
    if settled.dropped:
        judged.keep(judged.frame[ROW].is_in(settled.frame[ROW].implode()))
        result.copied, result.duplicates = settled.readings, settled.dropped


def id_header(blocks: Sequence[MappedBlock]) -> str:
    """What the files call the id of an order, or of whatever the table's rows are."""
    name = blocks[0].table.id or "transaction_id"
    headers = (header for block in blocks for header in block.headers(name))
    return next(headers, name)


def left_out_rows(table: Table, gone: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Of the rows that were left out: their numbers, ids and days."""
    name = table.id or "transaction_id"
    empty = pl.DataFrame(schema={ROW: pl.UInt32, name: pl.String, table.dated: pl.Date})
    return pl.concat([empty, *gone], how="diagonal") if gone else empty


def _ids_of(frame: pl.DataFrame, block: MappedBlock) -> pl.DataFrame:
    """The numbers of rows, and their ids."""
    name = block.table.id or "transaction_id"
    ids = [stripped(frame[name].cast(pl.String))] if name in frame.columns else []
    return pl.DataFrame([frame[ROW], *ids])


def _narrow(frame: pl.DataFrame, table: Table, options: ReadOptions) -> pl.DataFrame:
    """Choices as text; those that will be left out take a byte each until then."""
    spent = options.spent.get(table.name, ())
    return frame.cast(
        {
            column.name: pl.Enum(column.choices) if column.name in spent else pl.String()
            for column in table.columns
            if column.kind is Kind.CHOICE and column.name in frame.columns
        }
    )


def _parsed(block: MappedBlock, locator: Locator, rejects: Rejects) -> pl.DataFrame:
    """All records of the block as text, numbered; without blank lines and ragged records."""
    frames = []
    for part in block.parts:
        frame = part.file.frame()
        base = part.base = locator.add(part.file, part.reads)
        picked = {name: _first_filled(part, name, at) for name, at in part.reads.items()}
        frame = frame.select((pl.col(ROW) + base).cast(pl.UInt32), **picked)
        for reason, records in part.file.faults.items():
            rows = (records + base).cast(pl.UInt32)
            rejects.add([Fault(rows, reason)])
            frame = frame.filter(~pl.col(ROW).is_in(rows.implode()))
        frames.append(frame)
    return pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0]


def _first_filled(part: MappedFile, name: str, position: int) -> pl.Expr:
    """A column, and in rows where it is blank the next of its list."""
    cells = [pl.col(str(at)) for at in (position, *part.others.get(name, ()))]
    if len(cells) == 1:
        return cells[0]
    filled = [pl.when(cell.str.strip_chars() != "").then(cell) for cell in cells]
    return pl.coalesce(filled)


def _reading(
    block: MappedBlock, column: str, options: ReadOptions, rows: pl.Series, locator: Locator
) -> ColumnContext:
    headers, money = block.headers(column), block.table[column].kind is Kind.MONEY
    return ColumnContext(
        block.table[column],
        block.spec,
        options.timezone,
        rows,
        locator.place,
        headers,
        _currency(block, headers, options) if money else None,
        vietnamese=block.vietnamese,
        workbook=any(isinstance(part.file, SheetFile) for part in block.parts),
    )


def _currency(block: MappedBlock, headers: tuple[str, ...], options: ReadOptions) -> str | None:
    """The one currency of a column of money: that of the source, its header or the report."""
    declared = block.spec.constants.get("currency")
    if declared is None and any("currency" in part.has for part in block.parts):
        return None
    named = {declared} if declared else {in_header(header) for header in headers}
    currencies = {name or options.currency for name in named}
    return currencies.pop() if len(currencies) == 1 else None


def _jobs(
    block: MappedBlock,
    options: ReadOptions,
    rows: pl.Series,
    locator: Locator,
    text: dict[str, pl.Series],
) -> list[Callable[[], TypedColumn]]:
    """What there is to type, column by column, in the order of the table."""
    jobs: list[Callable[[], TypedColumn]] = []
    read = typed_cells.typed if any(part.file.typed for part in block.parts) else typed
    for column in block.table.names:
        if not any(column in part.has for part in block.parts):
            continue
        context = _reading(block, column, options, rows, locator)
        if column in block.spec.constants:
            jobs.append(partial(_constant, context, len(rows)))
        elif column in block.derived:
            derived = block.derived[column]
            after = derived.after
            base = _reading(block, after, options, rows, locator) if after else None
            if base is not None and base.name not in text:
                option = context.option("columns")
                raise UsageError(
                    messages.text("loading.after_no_column", option=option, column=base.name),
                    hint=messages.text("loading.name_read_column"),
                )
            jobs.append(partial(_read, partial(_make, derived, base, text), context))
        elif column in text:
            values = text[column] if block.derived else text.pop(column)
            jobs.append(partial(_read, partial(read, values), context))
    return jobs


def _read(read: Callable[[ColumnContext], TypedColumn], context: ColumnContext) -> TypedColumn:
    """A column, and how to read it once more when it is known what its rows leave open."""
    try:
        column = read(context)
    except OpenDates as error:
        error.again = lambda order: read(replace(context, order=order))
        raise
    column.header = context.header
    if column.offsets:
        column.again = lambda: read(replace(context, wall=True))
    return column


def _make(
    derived: DerivedColumn,
    base: ColumnContext | None,
    text: Mapping[str, pl.Series],
    context: ColumnContext,
) -> TypedColumn:
    if base is not None:
        base = replace(base, order=context.order, wall=context.wall)
    return make(derived, context, base, text)


def _run(jobs: list[Callable[[], TypedColumn]], *, vietnamese: bool) -> list[TypedColumn]:
    """All columns, as many at a time as there are cores. Their faults are told together."""
    columns: list[TypedColumn | None] = []
    errors: dict[int, DataError] = {}
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        futures = [pool.submit(job) for job in jobs]
        # Each holds the text of its column; that goes when the column is typed.
        jobs.clear()
        for place, future in enumerate(futures):
            columns.append(None)
            try:
                columns[place] = future.result()
            except DataError as error:
                errors[place] = error
    read = {}
    for place in list(errors):
        there = (column for column in columns if column is not None)
        column = settled(errors[place], list(there), vietnamese=vietnamese)
        if column is not None:
            read[place] = column
            del errors[place]
    columns = [read.get(place, column) for place, column in enumerate(columns)]
    if len(errors) > 1:
        problems = [Problem(error.message, hint=error.hint) for error in errors.values()]
        raise DataError(messages.text("loading.columns", number=len(errors)), problems=problems)
    if errors:
        raise next(iter(errors.values()))
    return [column for column in columns if column is not None]


def _constant(context: ColumnContext, height: int) -> TypedColumn:
    """A column with one value in every row, read like any other."""
    value = context.spec.constants[context.name]
    spec = SourceSpec(context.spec.table, context.spec.paths)
    alone = replace(context, spec=spec, rows=pl.Series([0], dtype=pl.UInt32))
    column = typed(pl.Series([value]), alone)
    for fault in column.faults:
        what = messages.text(
            "loading.constant",
            table=spec.table,
            column=context.name,
            value=value,
            reason=fault.message,
        )
        raise UsageError(what, hint=fault.hint)
    column.series = [values.new_from_index(0, height) for values in column.series]
    return column


def _filtered(frame: pl.DataFrame, block: MappedBlock) -> tuple[pl.DataFrame, list[LeftOut]]:
    """The rows that `where:` and `exclude:` leave, and how many each of them leaves out. A
    `where:` without values asks for nothing."""
    causes: list[LeftOut] = []
    conditions = [("where", *item) for item in block.spec.where.items()]
    conditions += [("exclude", *item) for item in block.spec.exclude.items()]
    for kind, name, values in conditions:
        if values:
            there, hit = frame.height, _among(frame, name, values, block)
            frame = frame.filter(hit if kind == "where" else ~hit)
            causes += _left_out(there - frame.height, kind, name)
    return frame, causes


def _left_out(count: int, option: str, column: str) -> list[LeftOut]:
    if not count:
        return []

    def tell(count: int, words: Message) -> tuple[Message, Message]:
        sentence = messages.text("loading.left_out", count=count, option=option, column=column)
        return sentence, _short(count, option, column)

    return [LeftOut(f"{option} {column}", count, tell)]


def _short(count: int, option: str, column: str) -> Message:
    if option != "once":
        return messages.text("loading.left_out_short", count=count, option=option, column=column)
    if column == "transaction_id":
        return messages.text("loading.repeats_order", count=count)
    return messages.text("loading.repeats", count=count, column=column)


def _among(
    frame: pl.DataFrame, name: str, values: tuple[str, ...], block: MappedBlock
) -> pl.Series | pl.Expr:
    """Which rows have one of `values` in a column of ours or theirs, whatever the case."""
    table, spec = block.table, block.spec
    wanted = {plain(value).casefold() for value in values}
    if name in spec.constants:
        return pl.lit(plain(spec.constants[name]).casefold() in wanted)
    words = _words(table, name)
    wanted |= {words[key(value)] for value in values if key(value) in words}
    text = frame[name if name in frame.columns else unmapped(name)]
    text = in_our_words(
        text, spec.values.get(name, {}), spec.missing, lambda word: key(word) in words
    )

    def hit(value: str) -> bool:
        return plain(value).casefold() in wanted or words.get(key(value)) in wanted

    few = [one for one in text.unique().drop_nulls() if hit(one)]
    return text.is_in(few).fill_null("" in wanted)


def _words(table: Table, name: str) -> dict[str, str]:
    choice = name in table and table[name].kind is Kind.CHOICE
    return choice_words(table[name]) if choice else {}
