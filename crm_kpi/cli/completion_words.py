"""What a shell is offered for `--view`, `--by`, `--where`, `notify` and KPIs: words of the config
and its files.

Nothing is computed and no table is read: the config's own keys, the columns that we know of its
tables, and of plain text files the line that looks like their header. A fault is not told here,
as whoever completes a word wants no message; the command itself will tell it.
"""

from __future__ import annotations

import csv
import gzip
import os
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from glob import iglob
from pathlib import Path
from typing import Any

from crm_kpi import views
from crm_kpi.config.tree import named, unnamed
from crm_kpi.errors import CrmKpiError
from crm_kpi.tables import TABLES, Kind

_BYTES = 1 << 16
"""Of a file, which hold its header and a few rows."""
_LINES = 30
_SEPARATORS = ",;\t|"
_VALUES, _LONGEST = 200, 60
"""So many are offered, of so many letters."""


def of_views(config: Path | None) -> list[str]:
    """The views that there are, shipped ones among them."""
    report = _block(_tree(config).get("report"))
    return [*dict.fromkeys([*views.SHIPPED, *_keys(report.get("views"))])]


def of_own_metrics(config: Path | None) -> list[str]:
    """The KPIs under `metrics:`."""
    return _keys(_tree(config).get("metrics"))


def of_recipients(config: Path | None) -> list[str]:
    """The names under `notify:`."""
    return _keys(_tree(config).get("notify"))


def of_columns(config: Path | None) -> list[str]:
    """The columns that rows can be split and filtered by: ours, then the files' own headers."""
    tree, folder = _tree(config), _folder(config)
    sources = _sources(tree)
    ours = [
        column.name
        for table in sources
        for column in TABLES[table].columns
        if column.kind is Kind.TEXT
    ]
    theirs = [
        header
        for block in sources.values()
        for one in (block if isinstance(block, list) else [block])
        for header in _rows(folder, one)[0]
    ]
    words = dict.fromkeys([*ours, *map(str, _block(tree.get("dimensions"))), *theirs])
    return [word for word in words if _is_plain(word)]


def of_values(config: Path | None, column: str) -> list[str]:
    """The words that a column has in the first rows of each source that has it."""
    from crm_kpi.sources.mapping.aliases import ALIASES

    found: dict[str, None] = {}
    folder = _folder(config)
    for table, block in _sources(_tree(config)).items():
        for one in block if isinstance(block, list) else [block]:
            given = _block(_block(one).get("columns")).get(column)
            names = {column, given, *ALIASES[table].get(column, ())}
            wanted = {str(name).casefold() for name in names if name}
            header, *rows = _rows(folder, one)
            for place, name in enumerate(header):
                if name.casefold() in wanted:
                    found |= dict.fromkeys(row[place].strip() for row in rows if len(row) > place)
    return sorted(value for value in found if value and _is_plain(value))[:_VALUES]


def _is_plain(word: str) -> bool:
    """Whether it is short and fits on a line: scripts of shells get a word a line."""
    return 0 < len(word) <= _LONGEST and word.isprintable()


def _folder(config: Path | None) -> Path:
    path = _config_file(config)
    return path.parent if path else Path()


def _sources(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: block for name, block in _block(tree.get("sources")).items() if name in TABLES}


def _config_file(config: Path | None) -> Path | None:
    path = named(config, os.environ, Path()) or unnamed(Path())
    return path if path is not None and path.is_file() else None


def _tree(config: Path | None) -> Mapping[str, Any]:
    """The config as it is written; nothing where there is none, or none that can be read."""
    path = _config_file(config)
    if path is None:
        return {}
    from crm_kpi.config.parse import read_tree
    from crm_kpi.messages import text

    try:
        root, _ = read_tree(path, text("config.check_all"))
    except (CrmKpiError, OSError, ValueError, RecursionError):
        return {}
    return _block(root.data())


def _block(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _keys(block: Any) -> list[str]:
    return [str(key) for key in _block(block) if _is_plain(str(key))]


def _rows(folder: Path, block: Any) -> list[list[str]]:
    """The header of the first file of a source block, and rows that follow it."""
    paths = _block(block).get("path", block)
    for path in paths if isinstance(paths, list) else [paths]:
        for name in sorted(iglob(str(folder / str(path))))[:1]:
            return _rows_of(Path(name))
        break
    return [[]]


def _rows_of(path: Path) -> list[list[str]]:
    endings = [ending.lower() for ending in path.suffixes[-2:]]
    packed = endings[-1:] == [".gz"]
    if not {".csv", ".tsv", ".txt"} & set(endings) or not path.is_file():  # no pipe, which waits
        return [[]]
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            start = file.read(_BYTES)
    except (OSError, EOFError, zlib.error):
        return [[]]
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = start.decode(encoding, errors="replace").splitlines()
    if len(start) == _BYTES:
        del lines[-1]  # it may be cut off
    header, mark = _header(lines[:_LINES])
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    first = rows.index(header) + 1 if header in rows else 0
    return [header, *rows[first:]]


def _header(lines: Sequence[str]) -> tuple[list[str], str]:
    """The first of the fullest lines of those that have as many cells as most have, for the mark
    that makes most of them; and that mark."""
    best: tuple[int, list[str], str] = (1, [], ",")
    for mark in _SEPARATORS:
        rows = [row for row in csv.reader(lines, delimiter=mark) if len(row) > 1]
        if rows:
            width, _ = Counter(map(len, rows)).most_common(1)[0]
            alike = [row for row in rows if len(row) == width]
            best = max(best, (width, max(alike, key=lambda row: sum(map(bool, row))), mark))
    cells = [cell.strip() for cell in best[1]]
    return ["" if "\ufffd" in cell else cell for cell in cells], best[2]
