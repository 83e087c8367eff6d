"""The files of one run: each opened, proved and parsed once, whoever reads it."""

from __future__ import annotations

from crm_kpi.sources import headers
from crm_kpi.sources.csvfile import CsvFile
from crm_kpi.sources.dialect import Dialect, sniff
from crm_kpi.sources.files import Blob, read
from crm_kpi.sources.spec import Combined, SourceSpec
from crm_kpi.tables import Table


class Session:
    def __init__(self) -> None:
        self._blobs: dict[tuple[str, str | None], Blob] = {}
        self._files: dict[tuple[str, str | None, Dialect], CsvFile] = {}

    def open(self, path: str, table: Table, spec: SourceSpec) -> CsvFile:
        """The file as this source reads it; the same object for the same reading."""
        place = path, spec.encoding
        if place not in self._blobs:
            self._blobs[place] = read(*place)
        blob = self._blobs[place]
        named = named_headers(spec)
        dialect = sniff(
            blob,
            delimiter=spec.delimiter,
            has_header=has_header(spec),
            recognised=lambda found: headers.recognised(table, found, named),
        )
        return self._files.setdefault((*place, dialect), CsvFile(blob, dialect))


def has_header(spec: SourceSpec) -> bool:
    """A file whose columns are all given by position has no header line."""
    positions = [isinstance(theirs, int) for theirs in spec.columns.values()]
    return not (positions and all(positions))


def named_headers(spec: SourceSpec) -> list[str]:
    """The headers that a source names."""
    named = [theirs for theirs in spec.columns.values() if isinstance(theirs, str)]
    for theirs in spec.columns.values():
        if isinstance(theirs, Combined):
            named += parts(theirs)
    return [*named, *spec.where, *spec.exclude]


def parts(made: Combined) -> list[str]:
    """The headers that a column is made from."""
    return [*made.product, *made.join, *filter(None, (made.minutes, made.hours, made.days))]
