"""Workbooks (.xlsx, .xlsm): a sheet becomes CSV, and then goes the way of every file.

Read with nothing but the standard library, because the usual readers drop what a number
must not lose: an error in a cell, a percent sign, a currency, a formula that was never
computed come out of them as empty cells or as bare numbers.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import islice
from typing import IO
from xml.etree import ElementTree

from crm_kpi.errors import DataError, UsageError
from crm_kpi.sources import cellformats
from crm_kpi.sources.cellformats import Look
from crm_kpi.sources.files import Blob
from crm_kpi.sources.sheetxml import Sheet, csv_field, without_escapes

LARGEST = 4 << 30
"""Bytes of one part of a workbook, unpacked."""
_RATIO, _HARMLESS = 500, 64 << 20
"""How many times its size a part may unpack to, from so many bytes on."""
_SAVE = "save it as .xlsx in a spreadsheet program"


@dataclass(frozen=True)
class Named:
    """A sheet by its name, and where in the archive it stands."""

    name: str
    part: str
    hidden: bool


class Workbook:
    """Raises DataError for an archive that is damaged or is no workbook."""

    def __init__(self, blob: Blob) -> None:
        self.path = blob.path
        with self._sound():
            source = BytesIO(blob.memory) if blob.memory is not None else blob.path
            self._archive = zipfile.ZipFile(source)
            self._book = self._part_of_type("", "officeDocument")
            book = self._xml(self._book)
            properties = book.find("{*}workbookPr")
            self._since_1904 = properties is not None and properties.get("date1904") in _TRUE
            computing = book.find("{*}calcPr")
            self._uncomputed = computing is not None and computing.get("fullCalcOnLoad") in _TRUE
            self.sheets = tuple(self._named(book))
        if not self.sheets:
            raise DataError(f"{self.path}: has no sheet", hint=_SAVE)

    def sheet(self, wanted: str | int) -> Named:
        """A sheet by its name, or its position from 1. Raises UsageError if there is none."""
        names = [sheet.name for sheet in self.sheets]
        if isinstance(wanted, int) and 1 <= wanted <= len(names):
            return self.sheets[wanted - 1]
        folded = [name.casefold().strip() for name in names]
        if isinstance(wanted, str) and wanted.casefold().strip() in folded:
            return self.sheets[folded.index(wanted.casefold().strip())]
        raise UsageError(
            f"{self.path}: has no sheet {wanted!r}",
            hint="its sheets are " + ", ".join(f"{i} {name}" for i, name in enumerate(names, 1)),
        )

    def read(self, named: Named, most: int | None = None) -> tuple[bytes, Sheet]:
        """The sheet as CSV with commas, whose records end with CR, so that a line is a row of
        the sheet; and what else is known of it. `most`: only so many rows with text."""
        with self._sound():
            sheet = Sheet(self.path, self._strings, self._looks, self._uncomputed)
            with self._open(named.part) as xml:
                lines = list(islice(sheet.rows(xml), most))
        width = max((len(fields) for _, fields in lines), default=0)
        text: list[str] = []
        for row, fields in lines:
            text += [""] * (row - 1 - len(text))
            text.append(",".join(fields) + "," * (width - len(fields)))
        text.append("")
        return "\r".join(text).encode(), sheet

    def _named(self, book: ElementTree.Element) -> Iterator[Named]:
        parts = dict(self._parts_of_type(self._book, "worksheet"))
        for sheet in book.iterfind("{*}sheets/{*}sheet"):
            key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            if key in parts:  # else a sheet of charts or macros
                hidden = sheet.get("state", "visible") != "visible"
                yield Named(sheet.get("name", ""), parts[key], hidden)

    @cached_property
    def _strings(self) -> list[str]:
        """The strings that sheets share, as fields of CSV."""
        found: list[str] = []
        for _, part in self._parts_of_type(self._book, "sharedStrings"):
            with self._open(part) as xml:
                for _, node in ElementTree.iterparse(xml):
                    if node.tag.endswith("}si"):
                        found.append(csv_field(_plain(node)))
                        node.clear()
        return found

    @cached_property
    def _looks(self) -> list[Look | None]:
        """By the number of a cell's style: how its numbers look."""
        for _, part in self._parts_of_type(self._book, "styles"):
            styles = self._xml(part)
            codes: dict[str, str | int] = {
                one.get("numFmtId", ""): one.get("formatCode", "")
                for one in styles.iterfind("{*}numFmts/{*}numFmt")
            }
            used = [xf.get("numFmtId", "0") for xf in styles.iterfind("{*}cellXfs/{*}xf")]
            looks = {
                one: cellformats.look(codes.get(one, int(one)), since_1904=self._since_1904)
                for one in set(used)
            }
            return [looks[one] for one in used]
        return []

    def _part_of_type(self, owner: str, kind: str) -> str:
        found = [part for _, part in self._parts_of_type(owner, kind)]
        if not found or not found[0].endswith(".xml"):
            raise self._no_workbook()
        return found[0]

    def _parts_of_type(self, owner: str, kind: str) -> Iterator[tuple[str, str]]:
        """The key and path of each part that another part refers to as of this kind."""
        folder, name = posixpath.split(owner)
        references = posixpath.join(folder, "_rels", f"{name}.rels")
        if references not in self._archive.namelist():
            return
        for one in self._xml(references):
            target = one.get("Target", "").replace("\\", "/")
            if one.get("Type", "").endswith(f"/{kind}"):
                part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                yield one.get("Id", ""), part

    def _xml(self, part: str) -> ElementTree.Element:
        with self._open(part) as file:
            text = file.read()
        if b"<!DOCTYPE" in text:
            raise self._damaged(f"{part} declares a document type")
        return ElementTree.fromstring(text)

    def _open(self, part: str) -> IO[bytes]:
        """A part of the archive. One that would unpack to far more than a sheet is refused."""
        info = self._archive.getinfo(part)
        grown = info.file_size > _HARMLESS and info.file_size > _RATIO * info.compress_size
        if grown or info.file_size > LARGEST:
            raise self._damaged(f"{part} would unpack to {info.file_size >> 20:,} MiB")
        return self._archive.open(info)

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """What the archive's readers say of damage, as an error that names the file."""
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise self._damaged(str(error)) from error
        except (ElementTree.ParseError, KeyError, ValueError) as error:
            raise self._damaged(str(error)) from error
        except RuntimeError as error:  # an archive with a password
            raise self._damaged(str(error)) from error
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read: {error.strerror}") from error

    def _damaged(self, why: str) -> DataError:
        return DataError(
            f"{self.path}: is a damaged workbook ({why})",
            hint=f"get the file again, or {_SAVE}",
        )

    def _no_workbook(self) -> DataError:
        if "mimetype" in self._archive.namelist():
            kind = "an OpenDocument file"
        elif "[Content_Types].xml" in self._archive.namelist():
            kind = "an Office file that is no .xlsx workbook"
        else:
            return DataError(
                f"{self.path}: is a zip archive, not a table", hint="unpack it, and give its files"
            )
        return DataError(f"{self.path}: is {kind}", hint=_SAVE)


_TRUE = ("1", "true", "on")


def _plain(node: ElementTree.Element) -> str:
    """The text of a shared string, which may be in several runs."""
    runs = [*node.iterfind("{*}t"), *node.iterfind("{*}r/{*}t")]
    return without_escapes("".join(run.text or "" for run in runs))


def old_office(blob: Blob) -> DataError:
    """What to say of a file of the format before .xlsx, which also wraps a password."""
    head = blob.span(0, 1 << 20)
    if "EncryptedPackage".encode("utf-16-le") in head:
        return DataError(f"{blob.path}: is protected by a password", hint="save it without one")
    return DataError(f"{blob.path}: is a workbook of before 2007 (.xls)", hint=_SAVE)
