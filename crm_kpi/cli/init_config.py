"""The config that `init` proposes, as YAML with comments.

Text from files is always written in double quotes with everything unprintable escaped, so
that no header can end a line, start a comment or mean something to YAML.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from glob import escape, has_magic
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi.errors import Problem
from crm_kpi.messages import Message, text
from crm_kpi.render.text import ANYWHERE
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.sources.wizard.proposal import Proposal
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from crm_kpi.sources import LoadedTable

_Say = Callable[[object], str]

UNKNOWN_RATE = Decimal(1)
"""Stands in for exchange rates while the files are only looked at."""

_SURVEY_THRESHOLDS = {
    "nps": "nps: {target: 50, warning: 40}",
    "csat": "csat: {target: 80, warning: 75}",
}


@dataclass
class InferredSources:
    """What was found out about all files."""

    tables: dict[str, list[Proposal]]
    currencies: list[str]
    loaded: dict[str, LoadedTable] = field(default_factory=dict)

    def specs(self) -> dict[str, list[SourceSpec]]:
        return {table: _together(blocks) for table, blocks in self.tables.items()}

    def days(self) -> tuple[date, date] | None:
        """The first and the last day of all tables."""
        days: list[date] = []
        for table, loaded in self.loaded.items():
            column = loaded.frame[TABLES[table].dated]
            days += [d for d in (column.min(), column.max()) if isinstance(d, date)]
        return (min(days), max(days)) if days else None


def config_text(
    inferred: InferredSources,
    left_out: Sequence[Problem],
    output: Path | None,
    say: Callable[[object], str] = str,
) -> str:
    """The config as it is written to `output`, to which its paths are relative; `say` gives what
    is told in comments in a language."""
    folder = output.parent if output else Path()
    name = output.name if output else "crm-kpi.yaml"
    lines = [
        f"# {say(text('init.config'))}",
        f"# {say(text('init.use', name=_escaped(name)))}",
        f"# {say(text('init.inactive'))}",
        "",
        *_head(inferred, say),
        "",
        "sources:",
    ]
    for table, blocks in inferred.tables.items():
        lines += _source(table, blocks, folder, say)
    if left_out:
        lines += ["", f"# {say(text('init.left_out_files'))}"]
        lines += [f"# {_escaped(say(problem))}" for problem in left_out]
    lines += ["", *_thresholds(inferred, say), ""]
    return "\n".join(lines)


def quoted(value: str) -> str:
    r"""The text in double quotes, as YAML reads it back whatever is in it.

    >>> print(quoted('- "Ngày"\n#1'))
    "- \"Ngày\"\n#1"
    """
    return f'"{_escaped(value, more=chr(34) + chr(92))}"'


def _escaped(value: str, more: str = "") -> str:
    shown = "".join(_shown(letter, more) for letter in value)
    return ANYWHERE.sub(r"#\\x23", shown)  # init may print to the log of a build


def _shown(letter: str, more: str) -> str:
    if letter in more:
        return "\\" + letter
    if letter.isprintable():
        return letter
    code = ord(letter)
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return named.get(letter) or (f"\\x{code:02X}" if code < 0x100 else _wide(code))


def _wide(code: int) -> str:
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _head(inferred: InferredSources, say: _Say) -> Iterator[str]:
    days = inferred.days()
    first, last = days or (date(2024, 1, 1), date(2024, 12, 31))
    yield _remarked("#timezone: Asia/Ho_Chi_Minh", say(text("init.timezone")))
    codes = inferred.currencies
    if len(codes) == 1:
        yield _remarked(f"currency: {codes[0]}", say(text("init.only_currency")))
    elif codes:
        there = say(text("init.currencies", currencies=", ".join(codes)))
        yield _remarked(f"currency: {codes[0]}", there)
        yield f"# {say(text('init.worth'))}"
        yield f"#exchange_rates: {{{', '.join(f'{code}: 1' for code in codes[1:])}}}"
    else:
        yield _remarked("#currency: VND", say(text("init.no_currency")))
    yield _remarked(f"#as_of: {last}", say(text("init.as_of")))
    yield "#periods:"
    yield _remarked("#  every: month", say(text("init.every")))
    yield _remarked(f"#  from: {first}", say(text("init.from")))
    yield _remarked(f"#  to: {last}", say(text("init.to")))


def _remarked(line: str, remark: str) -> str:
    return f"{line}   # {remark}"


def _together(blocks: Sequence[Proposal]) -> list[SourceSpec]:
    """Files that are read the same way as one block; those with proofs of their own apart."""
    groups: dict[str, SourceSpec] = {}
    for block in blocks:
        way = repr((replace(block.spec, paths=()), sorted(block.notes), block.open))
        paths = groups[way].paths if way in groups else ()
        groups[way] = replace(block.spec, paths=(*paths, *block.spec.paths))
    return list(groups.values())


def _source(table: str, blocks: Sequence[Proposal], folder: Path, say: _Say) -> Iterator[str]:
    specs = _together(blocks)
    yield f"  {table}:"
    for spec in specs:
        mine = [b for b in blocks if b.spec.paths[0] in spec.paths and _same(b.spec, spec)]
        first, more = ("    - ", "      ") if len(specs) > 1 else ("    ", "    ")
        lines = list(_block(spec, mine, folder, say))
        at = next(i for i, line in enumerate(lines) if not line.startswith("#"))
        for i, line in enumerate(lines):
            yield f"{first if i == at else more}{line}"


def _same(spec: SourceSpec, other: SourceSpec) -> bool:
    return replace(spec, paths=()) == replace(other, paths=())


def _block(spec: SourceSpec, blocks: Sequence[Proposal], folder: Path, say: _Say) -> Iterator[str]:
    for line in dict.fromkeys(n for b in blocks for n in (*b.notes, *assumptions(b))):
        yield f"# {_escaped(say(line))}"
    paths = [_path(path, folder) for path in spec.paths]
    yield f"path: {paths[0]}" if len(paths) == 1 else "path:"
    if len(paths) > 1:
        yield from (f"  - {path}" for path in paths)
    if isinstance(spec.preset, str):
        yield _remarked(f"preset: {spec.preset}", say(text("init.preset")))
    if spec.columns:
        yield "columns:"
        for column, source in spec.columns.items():
            yield f"  {column}: {source if isinstance(source, int) else quoted(str(source))}"
    if spec.constants:
        yield f"constants: {_flow(spec.constants)}"
    for key in ("dates", "numbers"):
        declared = getattr(spec, key)
        if declared:
            yield f"{key}: {_flow(declared)}"
    if spec.values:
        yield "values:"
        yield from (f"  {name}: {_flow(words, keys=True)}" for name, words in spec.values.items())
    for setting, why in dict.fromkeys(line for block in blocks for line in block.open):
        yield _remarked(f"#{setting}", _escaped(say(text("init.todo", why=why))))


def assumptions(block: Proposal) -> list[Message]:
    return [text("init.assumed", what=assumption) for assumption in block.assumed]


def _flow(entries: Mapping[str, str], *, keys: bool = False) -> str:
    pairs = (f"{quoted(k) if keys else k}: {quoted(v)}" for k, v in entries.items())
    return f"{{{', '.join(pairs)}}}"


def _path(path: str, folder: Path) -> str:
    """As seen from the folder of the config; a `[` in a name is no wildcard."""
    seen = os.path.relpath(path, folder)
    if os.path.isabs(path) and seen.startswith(os.pardir):
        seen = path
    return quoted(escape(seen) if has_magic(seen) else seen)


def _goals(say: _Say) -> dict[str, str]:
    """A threshold for each table, as an example."""
    hours = say(text("init.hours"))
    return {
        "customers": "retention_rate: {target: 90, warning: 80}",
        "transactions": "repeat_purchase_rate: {target: 30, warning: 20}",
        "subscriptions": "renewal_rate: {target: 80, warning: 70}",
        "tickets": f"first_response_time: {{target: 8, warning: 12}}     # {hours}",
        "opportunities": "win_rate: {target: 30, warning: 20}",
    }


def _thresholds(inferred: InferredSources, say: _Say) -> Iterator[str]:
    examples = [line for table, line in _goals(say).items() if table in inferred.tables]
    surveys = inferred.tables.get("surveys", [])
    known = {block.spec.constants.get("survey", "") for block in surveys}
    whole = any("survey" in block.headers for block in surveys)
    examples += [line for name, line in _SURVEY_THRESHOLDS.items() if whole or name in known]
    if examples:
        yield f"# {say(text('init.goals'))}"
        yield "#thresholds:"
        yield from (f"#  {line}" for line in examples)
