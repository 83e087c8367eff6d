"""The archive that a workbook is: its parts, and how they refer to one another."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import IO
from urllib.parse import unquote

from crm_kpi.errors import DataError
from crm_kpi.messages import text
from crm_kpi.sources.io.file_bytes import FileBytes
from crm_kpi.sources.readers.xlsx.xml_stream import Allowance, BoundError, PartError, walk

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The only two that a workbook may use; the others take memory before they give a byte."""


class Package:
    """Raises DataError for an archive that is damaged, as all its methods do."""

    def __init__(self, file_bytes: FileBytes, memory: int) -> None:
        """`memory`: the bytes that may be held of it."""
        self.path = file_bytes.path
        with self.sound():
            source = (
                BytesIO(file_bytes.memory) if file_bytes.memory is not None else file_bytes.path
            )
            self._archive = zipfile.ZipFile(source)
        self.allowance = Allowance(file_bytes.size, memory)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._twice: set[str] = set()
        for entry in self._archive.infolist():
            key = entry.filename.lower()
            if key in self._entries:
                self._twice.add(key)
            self._entries[key] = entry

    def holds(self, part: str) -> bool:
        return part.lower() in self._entries

    def open(self, part: str) -> IO[bytes]:
        """A part by its name; upper and lower case are the same. Raises PartError."""
        key = part.lower()
        if key not in self._entries:
            raise PartError(text("files.part_missing", part=_short(part)))
        if key in self._twice:
            raise PartError(text("files.part_twice", part=_short(part)))
        entry = self._entries[key]
        if entry.compress_type not in _PACKINGS:
            raise PartError(text("files.part_packing", part=_short(part)))
        self.allowance.expect(_short(part), entry.file_size)
        return self._archive.open(entry)

    def walk(self, part: str, wanted: Mapping[str, Callable[[dict[str, str]], None]]) -> None:
        """Tell of the attributes of each wanted element of a part. Raises PartError."""
        with self.open(part) as file:
            try:
                walk(file, wanted, self.allowance)
            except PartError as error:
                reason = text("files.fault_of", path=_short(part), why=error.reason)
                raise type(error)(reason) from error

    def parts_of_type(self, owner: str, kind: str) -> dict[str, str]:
        """The parts that another part refers to as of this kind, by their keys there.

        References to what is outside of the archive are nobody's part. Raises PartError.
        """
        folder, name = posixpath.split(owner)
        references = posixpath.join(folder, "_rels", f"{name}.rels")
        keys: set[str] = set()
        parts: dict[str, str] = {}

        def reference(attributes: dict[str, str]) -> None:
            key = attributes.get("Id", "")
            if key in keys:
                raise PartError(text("files.reference_twice", reference=_short(key)))
            self.allowance.hold(500)
            keys.add(key)
            inside = attributes.get("TargetMode", "Internal") == "Internal"
            if inside and attributes.get("Type", "").endswith(f"/{kind}"):
                parts[key] = self._part(folder, attributes.get("Target", ""))

        if self.holds(references):
            self.walk(references, {"Relationships/Relationship": reference})
        return parts

    def part_of_type(self, owner: str, kind: str) -> str | None:
        """The only part of a kind, if there is one. Raises PartError where there are several."""
        parts = sorted(set(self.parts_of_type(owner, kind).values()))
        if len(parts) > 1:
            part, other = map(_short, parts[:2])
            raise PartError(text("files.both_parts", part=part, other=other, kind=kind))
        return parts[0] if parts else None

    @contextmanager
    def sound(self) -> Iterator[None]:
        """What the readers of the archive say of damage, as an error that names the file."""
        try:
            yield
        except BoundError as error:
            reason = text("files.fault_of", path=self.path, why=error.reason)
            raise DataError(reason, hint=error.hint) from error
        except PartError as error:
            raise self.damaged(error.reason) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise self.damaged(str(error)) from error
        except (RuntimeError, ValueError) as error:
            # An archive with a password; places that are nowhere, names that are no text.
            raise self.damaged(str(error)) from error
        except OSError as error:
            why = error.strerror or str(error)
            raise DataError(text("files.unreadable", path=self.path, why=why)) from error

    def damaged(self, why: str) -> DataError:
        return DataError(
            text("files.workbook_damaged", path=self.path, why=why),
            hint=text("files.get_or_save_workbook"),
        )

    def no_workbook(self) -> DataError:
        """What an archive without a workbook is."""
        if self.holds("mimetype"):
            reason = text("files.open_document", path=self.path)
        elif self.holds("[Content_Types].xml"):
            reason = text("files.other_office", path=self.path)
        else:
            return DataError(
                text("files.zip_archive", path=self.path), hint=text("files.unpack_archive")
            )
        return DataError(reason, hint=text("files.save_as_xlsx"))

    def _part(self, folder: str, target: str) -> str:
        """The name of the part that a reference means; names may be written as in addresses."""
        target = target.replace("\\", "/")
        name = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        return name if self.holds(name) else unquote(name)


def _short(name: str) -> str:
    return name if len(name) <= 100 else f"{name[:100]}…"
