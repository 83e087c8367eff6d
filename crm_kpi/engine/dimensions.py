"""`dimensions:`, joined: the columns of a file beside those of every table that has its key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.frames.backend import Backend
from crm_kpi.frames.segmented_tables import Tables, stored_name
from crm_kpi.messages import Message, first_of, text
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.loading import dimension_files
from crm_kpi.sources.loading.dimension_files import Dimension
from crm_kpi.sources.loading.loaded_table import TableInput
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.session import Session

if TYPE_CHECKING:
    from crm_kpi.config import Config

_KEY, _ROWS = "dimension:key", "dimension:rows"
_SHOWN = 3
"""Values without a row in the file that are named."""


def read(config: Config) -> list[Dimension]:
    """Those of the config.

    Raises:
        UsageError, DataError: as `dimension_files.read` says.
    """
    session = Session(MemoryBudget.of(config.limits.memory))
    files = config.dimension_files.items()
    return [dimension_files.read(name, file, session) for name, file in files]


def that_have(dimensions: Iterable[Dimension], asked: Iterable[str]) -> list[Dimension]:
    """Those in which one of the columns asked for stands."""
    names = [*asked]
    return [each for each in dimensions if any(map(each.column, names))]


def refuse_taken(dimensions: Sequence[Dimension], loaded: Mapping[str, TableInput]) -> None:
    """
    Raises:
        UsageError: a table that gets the columns of a file has one of them already, of its own
            or from another file.
    """
    for table, found in loaded.items():
        names = [*found.columns, *found.headers]
        given: dict[str, str] = {}
        for each in dimensions:
            if not headers.positions(names, each.name):
                continue
            for column in each.columns:
                if headers.positions(names, column):
                    what = text("engine.column_taken", path=each.path, column=column, table=table)
                    raise UsageError(what, hint=_without(each, [*names, *given]))
                if at := headers.positions([*given], column):
                    other = [*given.values()][at[0]]
                    what = text(
                        "engine.of_two_dimensions",
                        path=each.path,
                        column=column,
                        table=table,
                        other=other,
                    )
                    raise UsageError(what, hint=_without(each, [*names, *given]))
            given |= dict.fromkeys(each.columns, each.path)


def _without(dimension: Dimension, taken: Sequence[str]) -> Message:
    """How to take what else it has."""
    free = [column for column in dimension.columns if not headers.positions(taken, column)]
    if not free:
        return text("engine.rename_column")
    columns = json.dumps(free, ensure_ascii=False)
    return text("engine.choose_columns", name=dimension.name, columns=columns)


def joined(
    backend: Backend,
    tables: Tables,
    dimensions: Sequence[Dimension],
    asked: Iterable[str],
    there: Iterable[str],
) -> dict[str, nw.LazyFrame]:
    """The tables with the columns asked for that the dimensions have, as text.

    there: the files' own headers, for a message.

    Raises:
        UsageError: a column is asked for that no table has, and no table has the column whose
            values it stands beside.
    """
    names, frames = list(dict.fromkeys(asked)), dict(tables)
    for each in dimensions:
        picked = {stored_name(n): column for n in names if (column := each.column(n))}
        having = [t for t, rows in tables.items() if stored_name(each.name) in rows.columns]
        if not having and not any(picked.keys() & set(rows.columns) for rows in tables.values()):
            raise no_key(each, there)
        values = each.frame.select(
            pl.col(each.key).alias(_KEY), **{name: pl.col(c) for name, c in picked.items()}
        )
        found = backend.scan(values)
        for table in having:
            key = backend.as_text(stored_name(each.name))
            rows = frames[table].with_columns(**{_KEY: key})
            frames[table] = rows.join(found, on=_KEY, how="left").drop(_KEY)
    return frames


def no_key(dimension: Dimension, there: Iterable[str]) -> UsageError:
    """No table has the column; `there` are those of the files."""
    known = sorted(set(there))
    return UsageError(
        text("engine.no_key_of_dimension", name=dimension.name),
        hint=did_you_mean(dimension.name, known)
        or text("engine.there_are", columns=", ".join(known)),
    )


def notes(backend: Backend, tables: Tables, dimensions: Iterable[Dimension]) -> Iterator[Message]:
    """What was taken for the key of a dimension, and what the data have and it lacks: once for
    each, with the rows of all tables."""
    for each in dimensions:
        if each.guessed:
            yield text("engine.first_column", path=each.path, header=each.key, name=each.name)
        name = stored_name(each.name)
        known = backend.scan(each.frame.select(each.key).rename({each.key: _KEY}))
        lacking = [
            rows.select(backend.as_text(name).alias(_KEY))
            .filter(~nw.col(_KEY).is_null())
            .join(known, on=_KEY, how="anti")
            .group_by(_KEY)
            .agg(nw.len().alias(_ROWS))
            for rows in tables.values()
            if name in rows.columns
        ]
        if not lacking:
            continue
        values = nw.concat(lacking).group_by(_KEY).agg(nw.col(_ROWS).sum())
        total = values.select(values=nw.len(), rows=nw.col(_ROWS).sum())
        first = values.sort(_ROWS, _KEY, descending=[True, False]).head(_SHOWN)
        ((counts,), shown) = backend.fetch([total, first])
        number = int(counts["values"])
        if number:
            yield text(
                "engine.not_in_dimension",
                path=each.path,
                name=each.name,
                values=first_of((row[_KEY] for row in shown), number - len(shown)),
                count=int(counts["rows"]),
            )


def words_of(dimensions: Iterable[Dimension], column: str) -> set[str]:
    """The values that the dimensions have in a column."""
    found = ((each, name) for each in dimensions if (name := each.column(column)))
    return {word for each, name in found for word in each.frame[name].drop_nulls().unique()}
