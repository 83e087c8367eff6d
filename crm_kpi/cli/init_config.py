"""The config that `init` proposes, as YAML with comments.

Text from files is always written in double quotes with everything unprintable escaped, so
that no header can end a line, start a comment or mean something to YAML.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from glob import escape, has_magic
from pathlib import Path
from typing import TYPE_CHECKING

from crm_kpi.addresses import is_address
from crm_kpi.cli.language import say
from crm_kpi.errors import Problem
from crm_kpi.messages import Message, text
from crm_kpi.render.text import ANYWHERE
from crm_kpi.sources.mapping.detect_table import Fit
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.sources.wizard.config_line import ConfigLine
from crm_kpi.sources.wizard.proposal import Proposal
from crm_kpi.tables import TABLES

if TYPE_CHECKING:
    from crm_kpi.sources import LoadedTable

UNKNOWN_RATE = Decimal(1)
"""Stands in for exchange rates while the files are only looked at."""

_FRESH = "7d"
"""How old the newest row may be, as an example."""
_SURVEY_THRESHOLDS = {
    "nps": "nps: {target: 50, warning: 40}",
    "csat": "csat: {target: 80, warning: 75}",
}


@dataclass(frozen=True)
class UnusedFile:
    """A file that feeds nothing, and the tables that it may be all the same."""

    path: str
    problem: Problem
    fits: Sequence[Fit] = ()


@dataclass
class InferredSources:
    """What was found out about all files."""

    tables: dict[str, list[Proposal]]
    currencies: list[str]
    left_out: Sequence[UnusedFile] = ()
    loaded: dict[str, LoadedTable] = field(default_factory=dict)
    """What a report reads; without the tables that cannot be read."""
    refused: dict[str, list[Problem]] = field(default_factory=dict)
    """The tables that no report would take, and why."""
    settings: list[tuple[bool, ConfigLine]] = field(default_factory=list)
    """Lines outside of the sources, by their whole keys, and whether they are in force."""

    def specs(self) -> dict[str, list[SourceSpec]]:
        return {table: _together(blocks) for table, blocks in self.tables.items()}

    def days(self) -> tuple[date, date] | None:
        """The first and the last day of all tables."""
        days: list[date] = []
        for table, loaded in self.loaded.items():
            name = TABLES[table].dated
            if name in loaded.frame.columns:
                column = loaded.frame[name]
                days += [d for d in (column.min(), column.max()) if isinstance(d, date)]
        return (min(days), max(days)) if days else None


def config_text(inferred: InferredSources, output: Path, problems: Sequence[Problem] = ()) -> str:
    """The config as it is written to `output`, to which its paths are relative.

    problems: why no report answers on it yet.
    """
    lines = [
        f"# {say(text('init.config'))}",
        f"# {say(text('init.use', name=_escaped(output.name)))}",
        f"# {say(text('init.inactive'))}",
        *(f"# {say(text('init.not_yet', what=_escaped(say(problem))))}" for problem in problems),
        "",
        *_head(inferred),
        "",
        "sources:" if inferred.tables.keys() - inferred.refused else "#sources:",
    ]
    for table in TABLES:
        lines += _source(inferred, table, output.parent)
    lines += [line for file in inferred.left_out if not file.fits for line in _left_out(file)]
    lines += ["", *_thresholds(inferred), ""]
    return "\n".join(lines)


def _left_out(file: UnusedFile) -> tuple[str, str]:
    return "", f"  # {say(text('init.left_out', problem=_escaped(say(file.problem))))}"


def _commented(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a source that are not in force."""
    return (f"  #{line.removeprefix('  ')}" for line in lines)


def _stub(path: str, fit: Fit, folder: Path) -> Iterator[str]:
    """The block of a file of which somebody has to say what it is."""
    yield f"path: {_path(path, folder)}"
    yield _remarked("columns:", text("init.headers", headers=", ".join(map(quoted, fit.headers))))
    for name in TABLES[fit.table].required:
        found = fit.columns.get(name, ())
        header = quoted(fit.headers[found[0]]) if len(found) == 1 else '""'
        line = f"  {name}: {header}"
        yield line if len(found) == 1 else _remarked(line, text("init.which_header"))


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


def _head(inferred: InferredSources) -> Iterator[str]:
    days = inferred.days()
    first, last = days or (date(2024, 1, 1), date(2024, 12, 31))
    yield _remarked("#timezone: Asia/Ho_Chi_Minh", text("init.timezone"))
    codes = inferred.currencies
    if len(codes) == 1:
        yield _remarked(f"currency: {codes[0]}", text("init.only_currency"))
    elif codes:
        there = text("init.currencies", currencies=", ".join(codes))
        yield _remarked(f"currency: {codes[0]}", there)
        yield f"# {say(text('init.worth'))}"
        yield f"#exchange_rates: {{{', '.join(f'{code}: 1' for code in codes[1:])}}}"
    else:
        yield _remarked("#currency: VND", text("init.no_currency"))
    yield _remarked("as_of: today", text("init.until", last=last) if days else text("init.as_of"))
    yield from _settings(inferred)
    yield "#periods:"
    yield _remarked(f"#  every: {_every(first, last)}", text("init.every"))
    yield _remarked(f"#  from: {first}", text("init.from"))
    yield _remarked(f"#  to: {last}", text("init.to"))
    if inferred.tables:
        ages = ", ".join(f"{table}: {_FRESH}" for table in inferred.tables)
        yield _remarked(f"#checks: {{freshness: {{{ages}}}}}", text("init.freshness"))


def _settings(inferred: InferredSources) -> Iterator[str]:
    """What is open and decided outside of a source, section by section."""
    lines = dict.fromkeys(inferred.settings)
    for section in dict.fromkeys(line.keys[0] for _, line in lines):
        own = [(in_force, line) for in_force, line in lines if line.keys[0] == section]
        yield f"{section}:" if any(in_force for in_force, _ in own) else f"#{section}:"
        for in_force, line in own:
            yield f"  {line.below(1, quoted)}" if in_force else _offered(line, 1)


def _every(first: date, last: date) -> str:
    """Periods of which the files have a few at least."""
    days = (last - first).days
    return "day" if days < 2 * 7 else "week" if days < 2 * 30 else "month"


def _remarked(line: str, remark: str) -> str:
    return f"{line}   # {say(remark)}"


def _together(blocks: Sequence[Proposal]) -> list[SourceSpec]:
    """Files that are read the same way as one block; those with proofs of their own apart."""
    groups: dict[str, SourceSpec] = {}
    for block in blocks:
        lines = (block.open, block.chosen)
        way = repr((replace(block.spec, paths=()), sorted(block.notes), lines))
        paths = groups[way].paths if way in groups else ()
        groups[way] = replace(block.spec, paths=(*paths, *block.spec.paths))
    return list(groups.values())


def programs(blocks: Sequence[Proposal]) -> list[str]:
    """The programs whose exports add up in a table, as their presets are called."""
    names = (b.spec.preset for b in blocks if isinstance(b.spec.preset, str))
    return sorted({name.partition("_")[0] for name in names})


def _source(inferred: InferredSources, table: str, folder: Path) -> Iterator[str]:
    """The blocks of a table, and below them those of files that may be of it."""
    blocks, refused = inferred.tables.get(table, []), inferred.refused.get(table, ())
    stubs = [(file, fit) for file in inferred.left_out for fit in file.fits if fit.table == table]
    specs = _together(blocks)
    several = len(specs) + len(stubs) > 1
    yield from (f"  # {_escaped(say(problem))}" for problem in refused)
    lines = [f"  {table}:"]
    together = programs(blocks)
    if len(together) > 1:
        lines.append(f"    # {say(text('init.add_up', table=table, programs=', '.join(together)))}")
    for spec in specs:
        mine = [b for b in blocks if b.spec.paths[0] in spec.paths and _same(b.spec, spec)]
        lines += _under_table([*_block(spec, mine, folder)], several=several)
    if blocks:
        yield from _commented(lines) if refused else lines
    for at, (file, fit) in enumerate(stubs):
        yield from _left_out(file)
        heading = [] if blocks or at else lines
        stub = _under_table([*_stub(file.path, fit, folder)], several=several)
        yield from _commented([*heading, *stub])


def _under_table(block: Sequence[str], *, several: bool) -> Iterator[str]:
    """Lines of a block as they stand under its table, which lists them where it has several."""
    first, more = ("    - ", "      ") if several else ("    ", "    ")
    at = next(i for i, line in enumerate(block) if not line.startswith("#"))
    yield from (f"{first if i == at else more}{line}" for i, line in enumerate(block))


def _same(spec: SourceSpec, other: SourceSpec) -> bool:
    return replace(spec, paths=()) == replace(other, paths=())


def _block(spec: SourceSpec, blocks: Sequence[Proposal], folder: Path) -> Iterator[str]:
    for line in dict.fromkeys(n for b in blocks for n in (*b.notes, *assumptions(b))):
        yield f"# {_escaped(say(line))}"
    paths = [_path(path, folder) for path in spec.paths]
    yield f"path: {paths[0]}" if len(paths) == 1 else "path:"
    if len(paths) > 1:
        yield from (f"  - {path}" for path in paths)
    if isinstance(spec.preset, str):
        yield _remarked(f"preset: {spec.preset}", text("init.preset"))
    chosen = dict.fromkeys(line for block in blocks for line in block.chosen)
    open_ = dict.fromkeys(line for block in blocks for line in block.open)
    for key, entries in _mappings(spec).items():
        mine = {line: line.keys[1] for line in chosen if line.keys[0] == key and line.keys[1:]}
        mine = {line: name for line, name in mine.items() if name not in entries}
        entries |= {name: line.nested(2, quoted) for line, name in mine.items()}
        offered = [line for line in open_ if line.keys[0] == key and line.keys[1:]]
        yield from _mapping(key, entries, offered if entries else ())
        chosen = {line: None for line in chosen if line not in mine}
        open_ = {line: None for line in open_ if not entries or line not in offered}
    yield from (line.below(0, quoted) for line in chosen)
    yield from (_offered(line, 0) for line in open_)


def _mappings(spec: SourceSpec) -> dict[str, dict[str, str]]:
    """The keys of a block that hold several, each with its value in YAML."""
    columns = {
        name: str(source) if isinstance(source, int) else quoted(str(source))
        for name, source in spec.columns.items()
    }
    words = {"constants": spec.constants, "dates": spec.dates, "numbers": spec.numbers}
    texts = {
        key: {name: quoted(word) for name, word in each.items()}
        for key, each in words.items()
        if isinstance(each, Mapping)
    }
    values = {name: _flow(words) for name, words in spec.values.items()}
    return {
        "columns": columns,
        "constants": {},
        "dates": {},
        "numbers": {},
        **texts,
        "values": values,
    }


def _mapping(key: str, entries: Mapping[str, str], open_: Sequence[ConfigLine]) -> Iterator[str]:
    """One key that holds several; on one line where its values are short and none is open."""
    if not entries:
        return
    if key in ("columns", "values") or open_:
        yield f"{key}:"
        yield from (f"  {name}: {value}" for name, value in entries.items())
        yield from (_offered(line, 1) for line in open_)
    else:
        yield f"{key}: {{{', '.join(f'{name}: {value}' for name, value in entries.items())}}}"


def _offered(line: ConfigLine, depth: int) -> str:
    """A line that is not in force yet, as it stands `depth` keys below its block."""
    indent = "  " * depth
    return f"#{indent}{line.below(depth, quoted)}   # {_escaped(say(line.what))}"


def assumptions(block: Proposal) -> list[Message]:
    return [text("init.assumed", what=assumption) for assumption in block.assumed]


def _flow(entries: Mapping[str, str]) -> str:
    pairs = (f"{quoted(key)}: {quoted(value)}" for key, value in entries.items())
    return f"{{{', '.join(pairs)}}}"


def _path(path: str, folder: Path) -> str:
    """As seen from the folder of the config; a `[` in a name is no wildcard."""
    if is_address(path):
        return quoted(path)
    seen = os.path.relpath(path, folder)
    if os.path.isabs(path) and seen.startswith(os.pardir):
        seen = path
    return quoted(escape(seen) if has_magic(seen) else seen)


def _goals() -> dict[str, str]:
    """A threshold for each table, as an example."""
    return {
        "customers": "retention_rate: {target: 90, warning: 80}",
        "transactions": "repeat_purchase_rate: {target: 30, warning: 20}",
        "subscriptions": "renewal_rate: {target: 80, warning: 70}",
        "tickets": "first_response_time: {target: 8, warning: 12}     "
        f"# {say(text('init.hours'))}",
        "opportunities": "win_rate: {target: 30, warning: 20}",
    }


def _thresholds(inferred: InferredSources) -> Iterator[str]:
    examples = [line for table, line in _goals().items() if table in inferred.tables]
    surveys = inferred.tables.get("surveys", [])
    known = {block.spec.constants.get("survey", "") for block in surveys}
    whole = any("survey" in block.headers for block in surveys)
    examples += [line for name, line in _SURVEY_THRESHOLDS.items() if whole or name in known]
    if examples:
        yield f"# {say(text('init.goals'))}"
        yield "#thresholds:"
        yield from (f"#  {line}" for line in examples)
