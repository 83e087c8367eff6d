"""Typed tables kept from one run to the next, for files that are read again and again.

An entry is named by everything that its tables follow from: the version of the
program, how the sources are read, and the bytes of each file, all of which are
hashed on every run. So a file that was changed, if only by a byte and with its
date put back, is another entry; none is ever stale. An entry that cannot be read
is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from crm_kpi import __version__
from crm_kpi.errors import IdentityError, Problem
from crm_kpi.results import Account
from crm_kpi.sources.files import expand
from crm_kpi.sources.loaded import Loaded
from crm_kpi.sources.spec import ReadOptions, SourceSpec

KEPT = 8
"""Entries; the ones that were not asked for the longest go first."""

Specs = Mapping[str, Sequence[SourceSpec]]
Load = Callable[[Specs, ReadOptions], dict[str, Loaded]]


def load_all(specs: Specs, options: ReadOptions, folder: Path, load: Load) -> dict[str, Loaded]:
    """What `load` gives, kept in `folder` for the next time; its errors are never kept.

    Only regular files are: a pipe cannot be looked at twice, and a database changes unseen.
    """
    paths = {path for blocks in specs.values() for spec in blocks for path in spec.paths}
    if any(spec.query for blocks in specs.values() for spec in blocks):
        return load(specs, options)
    files = expand(sorted(paths))
    if not all(map(_is_regular, files)):
        return load(specs, options)
    with ThreadPoolExecutor() as pool:
        hashes = dict(zip(files, pool.map(_sha256, files), strict=True))
    entry = folder / _key(specs, options, hashes)
    found = _read(entry)
    if found is None:
        found = load(specs, options)
        read = {one for loaded in found.values() for one in loaded.account.sha256}
        if read <= set(hashes.values()):  # else a file was changed in between
            _write(entry, found)
    return found


def _is_regular(path: str) -> bool:
    try:
        return path != "-" and stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _key(specs: Specs, options: ReadOptions, hashes: Mapping[str, str]) -> str:
    said = {
        "version": __version__,
        "sources": {table: [asdict(spec) for spec in blocks] for table, blocks in specs.items()},
        "options": asdict(options),
        "files": hashes,
    }
    text = json.dumps(said, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    assert isinstance(value, date | Decimal), value
    return str(value)


def _write(entry: Path, found: Mapping[str, Loaded]) -> None:
    """Whole or not at all. A folder that cannot be written is noted, as the answer stands."""
    try:
        entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=entry.parent))
        try:
            for table, loaded in found.items():
                loaded.frame.write_parquet(draft / f"{table}.parquet", compression="lz4")
                loaded.rejected.write_parquet(draft / f"{table}.rejected.parquet")
            about = {table: _about(loaded) for table, loaded in found.items()}
            (draft / "about.json").write_text(json.dumps(about, default=_plain), encoding="utf-8")
            shutil.rmtree(entry, ignore_errors=True)
            draft.rename(entry)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        entries = sorted(entry.parent.glob("[0-9a-f]*"), key=os.path.getmtime, reverse=True)
        for old in entries[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        for loaded in found.values():
            loaded.account.notes.append(f"not kept in the cache {entry.parent}: {error.strerror}")


def _read(entry: Path) -> dict[str, Loaded] | None:
    try:
        about = json.loads((entry / "about.json").read_text(encoding="utf-8"))
        found = {table: _loaded(entry, table, said) for table, said in about.items()}
        os.utime(entry)
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None
    return found


def _about(loaded: Loaded) -> dict[str, Any]:
    return {
        "account": asdict(loaded.account) | {"reasons": dict(loaded.account.reasons)},
        "columns": sorted(loaded.columns),
        "headers": loaded.headers,
        "currency": loaded.currency,
        "unique": sorted(loaded.unique),
    }


def _loaded(entry: Path, table: str, said: Mapping[str, Any]) -> Loaded:
    account = dict(said["account"])
    account["problems"] = [Problem(**problem) for problem in account["problems"]]
    account["reasons"] = Counter(account["reasons"])
    return Loaded(
        pl.read_parquet(entry / f"{table}.parquet"),
        Account(**account),
        frozenset(said["columns"]),
        tuple(said["headers"]),
        said["currency"],
        frozenset(said["unique"]),
        rejected=pl.read_parquet(entry / f"{table}.rejected.parquet"),
        place=_no_place,
    )


def _no_place(row: int) -> NoReturn:
    raise IdentityError(f"row {row}: only `validate` asks for places, and it reads the files")
