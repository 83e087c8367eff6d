"""Typed tables kept from one run to the next, for files that are read again and again.

An entry is named by everything that its tables follow from: the versions of the
program and of polars, how the sources are read, and the bytes of each file, all of which are
hashed on every run. So a file that was changed, if only by a byte and with its
date put back, is another entry; none is ever stale.

An entry is believed when it proves itself: what it says of its tables is sealed
by a key that only the user has (`secret`), and holds the SHA-256 of each
Parquet file, which is proved on the very bytes that are parsed. Whatever is
wrong with the cache, the tables are read from the files, and the user is told.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from errno import EEXIST, ENOTEMPTY
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, NoReturn

import polars as pl

from crm_kpi import __version__, marked, tempfiles
from crm_kpi.addresses import is_address
from crm_kpi.errors import IdentityError, Problem, ProblemKind
from crm_kpi.marked import Distrusted
from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.results import SourceAudit
from crm_kpi.sources.io.file_bytes import expand, read
from crm_kpi.sources.loading import secret
from crm_kpi.sources.loading.loaded_table import LoadedTable
from crm_kpi.sources.spec import ReadOptions, SourceSpec

KEPT = 8
"""Entries; the ones that were not asked for the longest go first."""

ABOUT = "about.json"
"""What an entry says of its tables, and below it the seal."""
LARGEST = 64 << 20
"""Bytes of it."""
MESSAGE = "message"
"""Under which a message has its key there."""

_ENTRY = re.compile(r"[0-9a-f]{64}")
_FILES = re.compile(r"about\.json|[a-z_]+(\.rejected)?\.parquet")

_UNUSABLE = (Distrusted, OSError, pl.exceptions.PolarsError)

SpecsByTable = Mapping[str, Sequence[SourceSpec]]
Load = Callable[[SpecsByTable, ReadOptions], dict[str, LoadedTable]]


def load_all(
    specs: SpecsByTable,
    options: ReadOptions,
    folder: Path,
    load: Load,
    tell: Callable[[Message], None],
) -> dict[str, LoadedTable]:
    """What `load` gives, kept in `folder` for the next time; its errors are never kept.

    Only regular files are: a pipe cannot be looked at twice, and a database changes unseen.

    Args:
        tell: takes a message, at most one, where the cache is not used as it should be.
    """
    hashes = _hashes(specs)
    if hashes is None:
        return load(specs, options)
    entry = doubt = None
    try:
        entry = _opened(folder, _name(specs, options, hashes))
        kept = entry.read()
        if kept is not None:
            return kept
    except _UNUSABLE as error:
        doubt = text("loading.cache_passed_over", why=_reason(error))
    loaded = load(specs, options)
    read = {digest for table in loaded.values() for digest in table.audit.sha256}
    if entry and read <= set(hashes.values()):  # else a file was changed in between
        try:
            entry.write(loaded)
        except _UNUSABLE as error:
            doubt = doubt or text("loading.not_cached", folder=folder, why=_reason(error))
    if doubt:
        tell(doubt)
    return loaded


def _hashes(specs: SpecsByTable) -> dict[str, str] | None:
    """SHA-256 of each file; None where something else than readable files is read."""
    paths = {path for blocks in specs.values() for spec in blocks for path in spec.paths}
    if any(spec.query for blocks in specs.values() for spec in blocks):
        return None
    files = expand(sorted(paths - {*filter(is_address, paths)}))
    if not all(map(_is_regular, files)):
        return None
    fetched = {
        f"{path} {spec.request_headers}": read(path, None, headers=spec.request_headers).sha256
        for blocks in specs.values()
        for spec in blocks
        for path in filter(is_address, spec.paths)
    }
    try:
        with ThreadPoolExecutor() as pool:
            return fetched | dict(zip(files, pool.map(_sha256, files), strict=True))
    except OSError:
        return None  # who reads the file says what is wrong with it


def _is_regular(path: str) -> bool:
    try:
        return path != "-" and stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(specs: SpecsByTable, options: ReadOptions, hashes: Mapping[str, str]) -> str:
    """Dicts keep their order in it, as answers keep it."""
    everything = {
        "versions": [__version__, pl.__version__],
        "sources": {table: [asdict(spec) for spec in blocks] for table, blocks in specs.items()},
        "options": asdict(options),
        "files": hashes,
    }
    return hashlib.sha256(json.dumps(everything, default=_plain).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    assert isinstance(value, date | Decimal), value
    return str(value)


def _reason(error: Exception) -> Message:
    """What is wrong, in our words or in those of the system or a library."""
    if isinstance(error, Distrusted):
        (why,) = error.args
        assert isinstance(why, Message)
        return why
    if isinstance(error, OSError) and error.strerror:
        why = text("general.words_of_others", words=error.strerror)
        return text("files.fault_of", path=error.filename, why=why) if error.filename else why
    return text("general.words_of_others", words=str(error))


def _opened(folder: Path, name: str) -> _Entry:
    """The entry of that name, be it there or not.

    Raises:
        Distrusted, OSError: the folder or the user's key cannot be relied upon.
    """
    key = secret.key()
    marked.claim(folder)
    tempfiles.sweep(folder, tempfiles.DRAFT, _FILES)
    return _Entry(folder / name, key)


@dataclass(frozen=True)
class _Entry:
    path: Path
    key: bytes

    def read(self) -> dict[str, LoadedTable] | None:
        """The tables; None where there are none, or another run removes or replaces them now.

        Raises:
            Distrusted, OSError: what is there cannot be believed, or not be read.
        """
        sealed = b""
        try:
            marked.check(self.path)
            sealed = marked.content(self.path / ABOUT, LARGEST)
            loaded = self._proved(sealed)
            with contextlib.suppress(OSError):
                os.utime(self.path)
            return loaded
        except Distrusted:
            with contextlib.suppress(FileNotFoundError):
                if not sealed or marked.content(self.path / ABOUT, LARGEST) == sealed:
                    raise
            return None
        except FileNotFoundError:
            return None

    def _proved(self, sealed: bytes) -> dict[str, LoadedTable]:
        about, _, seal = sealed.rpartition(b"\n")
        if not hmac.compare_digest(seal, self._seal(about)):
            raise Distrusted(text("loading.sealed_by_another", path=self.path))
        try:
            tables = json.loads(about).items()
            return {table: self._loaded(table, of_table) for table, of_table in tables}
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise Distrusted(text("loading.other_shape", path=self.path)) from error

    def _loaded(self, table: str, about: Mapping[str, Any]) -> LoadedTable:
        audit = _from_json(about["account"])
        audit["problems"] = [Problem(**problem) for problem in audit["problems"]]
        audit["kinds"] = [
            ProblemKind(kind["count"], tuple(Problem(**problem) for problem in kind["first"]))
            for kind in audit["kinds"]
        ]
        audit["meaning"] = [_reading(reading) for reading in audit["meaning"]]
        audit["reasons"] = Counter(dict(audit["reasons"]))
        return LoadedTable(
            self._frame(table, about["frame"]),
            SourceAudit(**audit),
            frozenset(about["columns"]),
            tuple(about["headers"]),
            about["currency"],
            frozenset(about["unique"]),
            rejected=self._frame(f"{table}.rejected", about["rejected"]),
            place=_no_place,
        )

    def _frame(self, name: str, about: Mapping[str, Any]) -> pl.DataFrame:
        """What is hashed is what is parsed: the file is read once."""
        path = self.path / f"{name}.parquet"
        data = marked.content(path, about["bytes"])
        if hashlib.sha256(data).hexdigest() != about["sha256"]:
            raise Distrusted(text("loading.changed", path=path))
        frame = pl.read_parquet(data)
        if frame.height != about["rows"]:
            raise Distrusted(
                text("loading.other_rows", path=path, rows=frame.height, wanted=about["rows"])
            )
        return frame

    def write(self, tables: Mapping[str, LoadedTable]) -> None:
        """Whole or not at all; an entry that could not be believed is replaced.

        Raises:
            Distrusted, OSError, PolarsError: it cannot be. That another run was first is none.
        """
        with tempfiles.temporary(self.path.parent, tempfiles.DRAFT) as draft:
            about = {}
            for table, loaded in tables.items():
                frame = _write(draft / f"{table}.parquet", loaded.frame, "lz4")
                rejected = _write(draft / f"{table}.rejected.parquet", loaded.rejected, "zstd")
                about[table] = _about(loaded) | {"frame": frame, "rejected": rejected}
            data = json.dumps(about, default=_plain).encode()
            if len(data) + 65 > LARGEST:
                raise Distrusted(text("loading.too_much_about", size=len(data)))
            (draft / ABOUT).write_bytes(data + b"\n" + self._seal(data))
            if self._stands():
                return  # another run was first
            marked.remove(self.path, _FILES)
            try:
                draft.rename(self.path)
            except OSError as error:
                if error.errno not in (EEXIST, ENOTEMPTY) and not os.path.lexists(self.path):
                    raise
        self._evict()

    def _stands(self) -> bool:
        try:
            return self.read() is not None
        except (Distrusted, OSError):
            return False

    def _evict(self) -> None:
        ages = {}
        for name in filter(_ENTRY.fullmatch, os.listdir(self.path.parent)):
            path = self.path.parent / name
            with contextlib.suppress(FileNotFoundError):  # another run was faster
                ages[path] = os.lstat(path).st_mtime_ns
        for path in sorted(ages, key=lambda path: ages[path], reverse=True)[KEPT:]:
            with contextlib.suppress(OSError, Distrusted):
                marked.remove(path, _FILES)

    def _seal(self, about: bytes) -> bytes:
        """Of what the entry says and of its name, as another entry answers another question."""
        signed = self.path.name.encode() + b"\n" + about
        return hmac.digest(self.key, signed, "sha256").hex().encode()


def _write(
    path: Path, frame: pl.DataFrame, compression: Literal["lz4", "zstd"]
) -> dict[str, int | str]:
    """What proves the file later: told of the bytes that were meant, whatever the disk made
    of them."""
    buffer = BytesIO()
    frame.write_parquet(buffer, compression=compression)
    data = buffer.getbuffer()
    path.write_bytes(data)
    return {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "rows": frame.height,
    }


def _about(loaded: LoadedTable) -> dict[str, Any]:
    return {
        "account": _as_json(asdict(loaded.audit) | {"reasons": [*loaded.audit.reasons.items()]}),
        "columns": sorted(loaded.columns),
        "headers": loaded.headers,
        "currency": loaded.currency,
        "unique": sorted(loaded.unique),
    }


def _as_json(value: Any) -> Any:
    """The value with each message as its key, values and text."""
    if isinstance(value, Message):
        return {MESSAGE: value.key, "values": _as_json(value.values), "text": str(value)}
    if isinstance(value, Mapping):
        return {name: _as_json(item) for name, item in value.items()}
    return [*map(_as_json, value)] if isinstance(value, list | tuple) else value


def _from_json(value: Any) -> Any:
    """What `_as_json` made it of; within a message, a list was a tuple."""
    if isinstance(value, dict):
        items = {name: _from_json(item) for name, item in value.items()}
        if MESSAGE not in items:
            return items
        values = {n: tuple(v) if isinstance(v, list) else v for n, v in items["values"].items()}
        return Message(items[MESSAGE], values, items["text"])
    return [*map(_from_json, value)] if isinstance(value, list) else value


def _reading(about: Mapping[str, Any]) -> Reading:
    outcomes = tuple(Outcome(**outcome) for outcome in about["outcomes"])
    since = date.fromisoformat(about["since"]) if about["since"] else None
    how = How(about["how"])
    return Reading(**{**about, "how": how, "outcomes": outcomes, "since": since})


def _no_place(row: int) -> NoReturn:
    raise IdentityError(f"row {row}: only `validate` asks for places, and it reads the files")
