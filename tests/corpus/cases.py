"""How a case is written: the keys of `cases/FAMILY.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FILES = HERE / "files"


@dataclass(frozen=True)
class Case:
    """One file and what must come out. Whatever a case does not say must be nothing: no row
    rejected, skipped or left out, and exit code 0."""

    family: str
    name: str
    about: str = ""
    """Why the file is as it is, where its name does not tell."""

    table: str = "transactions"
    file: str | list[str] | None = None
    """Of `files/FAMILY`; default: NAME.csv. A list, or a glob, is one source of several."""
    sheets: Mapping[str, Any] = field(default_factory=dict)
    """Instead of a file: the workbook that `workbooks.write` makes of these."""
    parquet: Mapping[str, Any] = field(default_factory=dict)
    """Instead of a file: what `tables.write` makes a Parquet file of."""
    source: Mapping[str, Any] | list[Mapping[str, Any]] = field(default_factory=dict)
    """Keys of the source's block in the config, or several blocks with a `path` each."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Other keys of the config."""
    words: list[str] | None = None
    """Instead of a config: a command line."""
    args: list[str] = field(default_factory=list)

    read: str | None = None
    """The table as it must be read, as CSV with some or all of our columns."""
    rejected: list[list[Any]] = field(default_factory=list)
    """Line, column, value and reason of each rejected row, in the order of the file."""
    audit: Mapping[str, int | None] = field(default_factory=dict)
    """What became of the other rows: skipped, excluded, duplicates, future; null: any number."""
    notes: list[str] = field(default_factory=list)
    """Parts of what is noted about the source."""
    metric: str | None = None
    value: Any = None
    """Of the metric (default: the table's plainest) over the whole time."""

    exit: int = 0
    says: list[str] = field(default_factory=list)
    """Parts of what stderr says."""

    @property
    def folder(self) -> Path:
        return FILES / self.family

    @property
    def files(self) -> list[str]:
        if self.file is None:
            return [f"{self.name}.csv"]
        return [self.file] if isinstance(self.file, str) else self.file

    def found(self) -> list[Path]:
        """Where the files are kept."""
        there = [self.folder / name for name in self.files]
        globbed = (sorted(self.folder.glob(path.name)) for path in there if not path.exists())
        return list(dict.fromkeys([*filter(Path.exists, there), *chain.from_iterable(globbed)]))

    def __str__(self) -> str:
        return f"{self.family}-{self.name}"


def load() -> list[Case]:
    found = []
    for path in sorted((HERE / "cases").glob("*.yaml")):
        for name, case in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found.append(Case(path.stem, name, **(case or {})))
    return found
