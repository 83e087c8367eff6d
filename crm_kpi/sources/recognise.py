"""Which table a file is: the one whose columns its headers are."""

from __future__ import annotations

from crm_kpi.errors import DataError
from crm_kpi.sources.headers import listed, matches, recognised
from crm_kpi.sources.session import Session
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import TABLES


def recognise(path: str) -> str:
    """The name of the table with all its required columns in the file, and most others.

    Raises:
        DataError: the file cannot be read, or fits no table.
    """
    session = Session()
    headers: tuple[str, ...] = ()
    scores: dict[str, int] = {}
    unreadable: DataError | None = None
    for name, table in TABLES.items():
        try:
            headers = session.open(path, table, SourceSpec(name, (path,))).headers or ()
        except DataError as error:
            unreadable = error
            continue
        if all(matches(table, column, headers) for column in table.required):
            scores[name] = recognised(table, headers, ())
    if scores:
        return max(scores, key=lambda name: (scores[name], len(TABLES[name].required)))
    if unreadable is not None and not headers:
        raise unreadable
    raise DataError(
        f"{path}: fits none of the tables; it has {listed(headers)}",
        hint="name its table and columns in a config: sources: {TABLE: {path: …, columns: {…}}}",
    )
