"""What was assumed, skipped or noticed: each in a sentence, and the most important in few words.

The sentences stand in the JSON and under -v; the few words make one line on stderr.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from crm_kpi.messages import Message, first_of, text
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.csv.dialect import Dialect, delimiter_name
from crm_kpi.sources.readers.csv.structure import StructureScan
from crm_kpi.sources.readers.csv.two_rows import JOIN

SUBHEADER = ""
"""In place of the text of a footer, which is never empty."""
_SHOWN = 5
_NAMED = 2


@dataclass(frozen=True)
class FileFacts:
    """What of a CSV file can be worth a note."""

    file_bytes: FileBytes
    dialect: Dialect
    proof: StructureScan
    blank: int
    """Records that hold nothing."""
    skips: Mapping[int, str | None]
    """Other records that are no rows: the text of a footer; None for the header once more;
    `SUBHEADER` for a line that explains it."""
    within: Collection[int]
    """Those of the others that stand within the table."""
    lines: Callable[[Sequence[int]], list[int]]
    """Where records stand."""


def of_file(facts: FileFacts) -> list[Message]:
    """Whole sentences about a file."""
    path, dialect, file_bytes = facts.file_bytes.path, facts.dialect, facts.file_bytes
    notes = []
    if file_bytes.packing:
        notes.append(text("files.unpacked", path=path, packing=file_bytes.packing))
    if file_bytes.encoding:
        notes.append(text("files.decoded", path=path, encoding=file_bytes.encoding))
    if file_bytes.escaped:
        notes.append(text("files.escaped", path=path))
    if file_bytes.unwrapped:
        notes.append(text("files.unwrapped", path=path))
    if dialect.separator:
        mark = delimiter_name(dialect.separator)
        notes.append(text("files.separator", path=path, delimiter=mark))
    if dialect.titles:
        notes.append(text("files.titles", path=path, count=dialect.titles))
    if dialect.merged:
        names = first_of([repr(h) for h in dialect.headers if JOIN in h][:_NAMED], 0)
        notes.append(text("files.two_rows", path=path, names=names))
    if dialect.padding:
        notes.append(text("files.padding", path=path, count=dialect.padding))
    if dialect.indexed:
        notes.append(text("files.indexed", path=path))
    blank = facts.blank + (0 if dialect.titles else dialect.above)
    if blank:
        notes.append(text("files.empty_lines", path=path, number=blank))
    explain = [row for row, footer in facts.skips.items() if footer == SUBHEADER]
    if explain:
        lines = first_of(map(str, facts.lines(explain)), 0)
        notes.append(text("files.subheaders", path=path, lines=lines))
    repeated = [row for row, footer in facts.skips.items() if footer is None]
    if repeated:
        lines = first_of(map(str, facts.lines(repeated[:_SHOWN])), len(repeated) - _SHOWN)
        notes.append(text("files.repeated_header", path=path, lines=lines))
    within = [row for row, words in facts.skips.items() if words and row in facts.within]
    if within:
        shown = (str(facts.skips[row])[:80] for row in within[:_SHOWN])
        words = first_of(map(repr, shown), len(within) - _SHOWN)
        notes.append(text("files.within", path=path, count=len(within), words=words))
    for row, footer in facts.skips.items():
        if footer and row not in facts.within:
            line = facts.lines([row])[0]
            notes.append(text("files.footer", path=path, line=line, words=footer[:80]))
    if facts.proof.records and not facts.proof.final_newline:
        notes.append(text("files.no_final_newline", path=path))
    if facts.proof.control_characters:
        notes.append(text("files.control_characters", path=path))
    if facts.proof.old_vietnamese:
        notes.append(text("files.old_vietnamese", path=path))
    return notes


def in_short(facts: FileFacts) -> list[Message]:
    """What everybody should know of a file, in few words each."""
    dialect, words = facts.dialect, []
    if facts.file_bytes.encoding:
        words.append(text("files.in_encoding", encoding=facts.file_bytes.encoding.upper()))
    if facts.file_bytes.escaped:
        words.append(text("files.escaped_short"))
    if facts.file_bytes.unwrapped:
        words.append(text("files.unwrapped_short"))
    if dialect.separator:
        mark = delimiter_name(dialect.separator)
        words.append(text("files.separator_short", delimiter=mark))
    if dialect.titles:
        words.append(text("files.titles_short"))
    if dialect.merged:
        words.append(text("files.two_rows_short"))
    if dialect.indexed and dialect.short:
        words.append(text("files.indexed_short"))
    if facts.proof.control_characters or facts.proof.old_vietnamese:
        words.append(text("files.wrongly_decoded"))
    footers = {words for row, words in facts.skips.items() if row not in facts.within}
    if SUBHEADER in footers:
        words.append(text("files.subheaders_short"))
    if None in footers:
        words.append(text("files.repeated_header_short"))
    if facts.within:
        words.append(text("files.within_short"))
    if footers - {None, SUBHEADER}:
        words.append(text("files.footer_short"))
    return words
