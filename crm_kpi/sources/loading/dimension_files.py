"""Files of `dimensions:`: what stands beside each value of a column, such as an owner's team."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from crm_kpi.errors import DataError, Problem
from crm_kpi.messages import text
from crm_kpi.sources.loading.lookup_file import LookupFile, opened
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.text_ops import stripped
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.spec import DimensionFile
from crm_kpi.tables import TABLES


@dataclass(frozen=True)
class Dimension:
    """What a file says of the values of one column."""

    name: str
    """The column of ours, or a header, whose values they are."""
    path: str
    key: str
    """The header of the column in which the values stand."""
    guessed: bool
    """Nothing says that it is that one: it is the first."""
    frame: pl.DataFrame
    """One row per value, as text: `key` is null in none, and the columns to take, each under its
    header."""

    @property
    def columns(self) -> list[str]:
        """The headers of the columns to take."""
        return [header for header in self.frame.columns if header != self.key]

    def column(self, name: str) -> str | None:
        """The one that is meant by a name, if there is one."""
        places = headers.positions(self.columns, name)
        return self.columns[places[0]] if places else None


def read(name: str, spec: DimensionFile, session: Session) -> Dimension:
    """
    Raises:
        UsageError: the file lacks a header that the config names.
        DataError: it cannot be read, has no column beside that of the values, or a value is
            blank or stands twice with other content.
    """
    file = opened(spec.path, session)
    known = _key_place(name, spec, file)
    place = known or 0
    others = _other_places(name, spec, file, place)
    picked = [place, *others]
    frame = pl.DataFrame([stripped(file.column(at)).alias(file.headers[at]) for at in picked])
    file.refuse(_faults(file, frame))
    frame = frame.unique(maintain_order=True)
    return Dimension(name, spec.path, file.headers[place], known is None, frame)


def _key_place(name: str, spec: DimensionFile, file: LookupFile) -> int | None:
    """By `key:`, the column's own name, or another name of it."""
    if spec.key is not None:
        return headers.position(file.headers, spec.key, file.path, f"dimensions.{name}.key")
    ours = {key(name)}
    others = {alias for table in TABLES for alias, ours in headers.known_keys(table).items()
              if ours == name}  # fmt: skip
    for known in (ours, others):
        hits = [place for place, header in enumerate(file.headers) if key(header) in known]
        if len(hits) > 1:
            both = headers.either(file.headers[place] for place in hits)
            raise DataError(
                text("mapping.can_both_be", path=file.path, headers=both, column=name),
                hint=text(
                    "loading.dimension_key", name=name, header=_quoted(file.headers[hits[0]])
                ),
            )
        if hits:
            return hits[0]
    return None


def _other_places(name: str, spec: DimensionFile, file: LookupFile, place: int) -> list[int]:
    option = f"dimensions.{name}.columns"
    named = spec.columns or [h for at, h in enumerate(file.headers) if h and at != place]
    places = [headers.position(file.headers, header, file.path, option) for header in named]
    if not places or place in places:
        listed = headers.listed(file.headers)
        what = text("loading.dimension_alone", path=file.path, name=name, headers=listed)
        raise DataError(what, hint=text("loading.dimension_columns", name=name))
    return list(dict.fromkeys(places))


def _faults(file: LookupFile, frame: pl.DataFrame) -> Iterator[Problem]:
    """Values that are blank, and those of which two rows say different things."""
    first: dict[str, tuple[int, Sequence[str | None]]] = {}
    header = frame.columns[0]
    for row in file.rows.filter(frame[header].is_null()):
        yield file.problem(row, Reason.BLANK.value, header)
    twice = frame.with_columns(file.rows).filter(pl.col(header).is_duplicated())
    for value, *content, row in twice.drop_nulls(header).rows():
        at, there = first.setdefault(value, (row, content))
        if there != content:
            what = text("loading.other_content_on", line=file.place(at)[1])
            yield file.problem(row, what, header, value)


def _quoted(header: str) -> str:
    return json.dumps(header, ensure_ascii=False)
