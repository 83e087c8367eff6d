"""The account of a table: what its files hold, what was taken for granted, and where rows went."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from crm_kpi.errors import DataError, IdentityError
from crm_kpi.messages import Message, joined, text
from crm_kpi.readings import Reading
from crm_kpi.results import SourceAudit
from crm_kpi.sources.checks import channels, corrections
from crm_kpi.sources.loading import likely_table
from crm_kpi.sources.loading.short_notes import short_notes
from crm_kpi.sources.loading.typed_blocks import TypedBlock
from crm_kpi.sources.mapping.column_mapping import MappedBlock
from crm_kpi.sources.meaning import asking
from crm_kpi.sources.meaning.open_readings import will_be_refused
from crm_kpi.sources.meaning.question import LeftOut
from crm_kpi.sources.names import key
from crm_kpi.sources.rejects import Locator, Rejects
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.sources.tabular_file import TabularFile
from crm_kpi.tables import Kind, Table

MOST_LEFT_OUT = 20
"""Percent of rejected rows up to which it is told how the others are counted without them."""


def start_audit(
    table: Table, blocks: Sequence[MappedBlock], typed: Sequence[TypedBlock]
) -> SourceAudit:
    """What is known of a table's files before its rows are judged."""
    audit = SourceAudit(table.name)
    files = {}
    notes: list[Message] = []
    for block, rows in zip(blocks, typed, strict=True):
        for part in block.parts:
            files[id(part.file)] = part.file
            audit.rows += part.file.records - part.file.skipped
            audit.columns = {**part.has, **audit.columns}
        audit.excluded += rows.excluded
        audit.duplicates += rows.duplicates
        for sentence, short in (why.messages for why in LeftOut.added_up(rows.left_out)):
            notes.append(sentence)
            audit.left_out.append(short)
        notes += rows.notes
    audit.notes += notes
    for file in files.values():
        audit.skipped += file.skipped + file.above
        audit.notes += file.notes
        audit.assumed += file.assumed
        # Addresses that differ in their queries alone are shown alike.
        if (file.path, file.sha256) not in zip(audit.paths, audit.sha256, strict=True):
            audit.paths.append(file.path)
            audit.bytes += file.size
            audit.sha256.append(file.sha256)
    audit.notes = list(dict.fromkeys(audit.notes))
    audit.assumed += short_notes(notes)
    if by_alias := _by_alias(blocks):
        audit.assumed.append(text("loading.by_alias", count=by_alias))
    audit.assumed = list(dict.fromkeys(audit.assumed))
    return audit


def _by_alias(blocks: Sequence[MappedBlock]) -> int:
    """How many columns were found under another name than ours, without being told."""
    columns = {
        column
        for block in blocks
        for part in block.parts
        for column, header in part.has.items()
        if column in part.positions and column in part.reads and column not in block.spec.columns
        if key(header) != key(column)
    }
    return len(columns)


def common_columns(
    blocks: Sequence[MappedBlock], audit: SourceAudit, options: ReadOptions
) -> frozenset[str]:
    """Our columns that every file has, and those that are blank in the rows of files that lack
    them. A column in which a blank is an answer would be wrong by the share of those files."""
    table = blocks[0].table
    have = [
        (part.file.path, corrections.with_stand_ins(table, part.has))
        for block in blocks
        for part in block.parts
    ]
    common = corrections.common(table, (names for _, names in have))
    texts = options.texts.get(table.name, frozenset())
    blank = []
    for name in sorted(frozenset.union(*(names for _, names in have))):
        lacking = next((path for path, names in have if name not in names), None)
        if lacking is None:
            continue
        if name in common:
            if table[name].kind is not Kind.CHOICE:
                continue  # another column stands in for it
            audit.notes.append(text("loading.blank_in_rows", column=name, path=lacking))
        elif not corrections.may_be_lacking(table, name):
            audit.notes.append(text("loading.not_used", column=name, path=lacking))
        elif table[name].kind is not Kind.TEXT:
            blank.append(name)
            audit.notes.append(text("loading.blank_in_rows", column=name, path=lacking))
        elif name in texts:
            audit.notes.append(text("loading.blank_in_rows", column=name, path=lacking))
    return common.union(blank)


def tell_meaning(
    audit: SourceAudit,
    blocks: Sequence[MappedBlock],
    typed: Sequence[TypedBlock],
    copied: Sequence[Reading] = (),
) -> None:
    """What columns were taken to mean goes into the account."""
    by_headers = [r for block in blocks for part in block.parts for r in part.readings]
    by_values = [reading for rows in typed for reading in rows.readings]
    by_rows = [r for rows in typed for question in rows.questions for r in question.readings()]
    asking.tell(audit, [*by_headers, *by_values, *by_rows, *copied])


def tell_of_people(
    audit: SourceAudit, rows: pl.LazyFrame, table: Table, locator: Locator, options: ReadOptions
) -> None:
    """Say where people are counted and files have ids of which nobody knows whose they are, or of
    answers at one moment the later ones are taken."""
    if not counts_people(table, options):
        return
    told = [channels.at_one_moment(rows)]
    if options.identities is None:
        told.append(channels.added_up(rows, locator.bases))
    for sentence in filter(None, told):
        audit.notes.append(sentence)
        audit.assumed.append(sentence)


def counts_people(table: Table, options: ReadOptions) -> bool:
    """Whether a KPI that is asked for may count the customers of a table."""
    needed = options.needed
    return needed is None or "customer_id" in needed.get(table.name, frozenset())


def headers(blocks: Sequence[MappedBlock]) -> tuple[str, ...]:
    """Those of the files."""
    names = [name for block in blocks for part in block.parts for name in part.file.headers if name]
    return tuple(dict.fromkeys(names))


def close_audit(
    audit: SourceAudit, rejects: Rejects, locator: Locator, options: ReadOptions
) -> None:
    """Every row is used, or counted with a reason; and not too many with one."""
    audit.rejected = len(rejects)
    audit.reasons = rejects.reasons
    audit.problems = rejects.problems(locator)
    audit.kinds = rejects.kinds(locator)
    if not audit.balanced:
        raise IdentityError(f"{audit.table}: rows do not add up: {audit}")
    if not options.everything and not will_be_refused(audit, options):
        enforce_limit(audit, options, locator.files)


def enforce_limit(
    audit: SourceAudit, options: ReadOptions, files: Sequence[TabularFile] = ()
) -> None:
    """
    Raises:
        DataError: more rows are rejected than `options.rejected_rows` allows. It tells them by
            kind, or for what reasons where nothing else is kept of them, and what other table
            one of the `files` is likely to be.
    """
    rows = audit.rows - audit.excluded
    if audit.rejected <= options.rejected_rows * rows:
        return
    what = text("loading.rejected", number=audit.rejected, rows=rows)
    if not audit.kinds:
        counts = (
            text("loading.count_of_reason", reason=reason, number=number)
            for reason, number in audit.reasons.most_common()
        )
        what = text("loading.for_reasons", what=what, reasons=joined(counts, ", "))
    limit = f"{(options.rejected_rows * 100).normalize():f}"
    likely = likely_table.of(audit.table, files)
    raise DataError(
        text("loading.too_many_rejected", table=audit.table, what=what, limit=limit),
        hint=likely.hint if likely else _way_out(audit.rejected, rows),
        problems=audit.problems,
        kinds=[*audit.kinds, *([likely.cause] if likely else [])],
    )


def _way_out(rejected: int, rows: int) -> Message:
    """The limit that lets the rest be counted is named where few rows would be left out."""
    share = -(-100 * rejected // rows)
    if share > MOST_LEFT_OUT:
        return text("loading.mend")
    return text("loading.mend_or_leave_out", share=share)
