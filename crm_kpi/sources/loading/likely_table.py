"""What a file is likely to be whose rows cannot be right: another table than it is read as."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from crm_kpi.messages import Message, first_of, text
from crm_kpi.sources.mapping.detect_table import Fit, best_of
from crm_kpi.sources.mapping.headers import recognised
from crm_kpi.sources.tabular_file import TabularFile
from crm_kpi.tables import TABLES

_TELLING = 3
"""Headers that are named."""


@dataclass(frozen=True)
class LikelyTable:
    """`cause` says what the file looks like, `hint` has the command that reads it so."""

    cause: Message
    hint: Message


def of(table: str, files: Sequence[TabularFile]) -> LikelyTable | None:
    """The first of the files whose headers say more as another table; None where none is."""
    for file in files:
        fit = best_of(file)
        telling = () if fit is None or fit.table == table else _telling(fit, table)
        if fit is not None and telling:
            found = first_of(telling[:_TELLING], 0)
            path = shlex.quote(file.path)
            return LikelyTable(
                text("loading.looks_like", table=fit.table, headers=found),
                text("loading.read_as", table=fit.table, path=path),
            )
    return None


def _telling(fit: Fit, table: str) -> list[str]:
    """The headers that mean something in the table that fits, and nothing in the one that the
    file is read as. None where that one explains as many."""
    if fit.missing or fit.score <= recognised(TABLES[table], fit.headers, ()):
        return []
    places = sorted({at for positions in fit.columns.values() for at in positions})
    there = [fit.headers[at] for at in places]
    return [header for header in there if not recognised(TABLES[table], [header], ())]
