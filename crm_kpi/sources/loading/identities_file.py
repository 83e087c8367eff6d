"""The file of `identities:`: which ids of several programs are one customer's."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from crm_kpi.errors import DataError, Problem
from crm_kpi.messages import text
from crm_kpi.sources.loading.lookup_file import LookupFile, opened
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.meaning.id_spelling import as_written_once
from crm_kpi.sources.spec import Identities, IdentitiesFile
from crm_kpi.tables import ROW

OPTION = "identities"
_ID, _CUSTOMER, _HEADER = "id", "customer", "header"


def read(spec: IdentitiesFile, session: Session) -> Identities:
    """
    Raises:
        UsageError: the file lacks a header that the config names.
        DataError: it cannot be read, has no two columns of ids, or an id is two customers'.
    """
    file = opened(spec.path, session)
    named = spec.columns or tuple(filter(None, file.headers))
    places = [headers.position(file.headers, each, file.path, OPTION) for each in named]
    places = list(dict.fromkeys(places))
    if len(places) < 2:
        listed = headers.listed(file.headers)
        raise DataError(
            text("loading.no_pair_of_ids", path=file.path, headers=listed),
            hint=text("loading.ids_of_channels"),
        )
    pairs = _pairs(file, places)
    file.refuse(_faults(file, pairs))
    pairs = pairs.unique(_ID, keep="first", maintain_order=True)
    return Identities(file.path, dict(pairs.select(_ID, _CUSTOMER).iter_rows()))


def _pairs(file: LookupFile, places: list[int]) -> pl.DataFrame:
    """Each id and the customer whose it is, with row and header: that of the first column that
    is filled."""
    ids = pl.DataFrame(
        [as_written_once(file.column(at), file.headers[at]).alias(str(at)) for at in places]
    )
    customer = ids.select(pl.coalesce(pl.all())).to_series().alias(_CUSTOMER)
    each = [
        pl.DataFrame([file.rows, ids[str(at)].alias(_ID), customer]).with_columns(
            pl.lit(file.headers[at]).alias(_HEADER)
        )
        for at in places
    ]
    return pl.concat(each).drop_nulls(_ID)


def _faults(file: LookupFile, pairs: pl.DataFrame) -> Iterator[Problem]:
    """Ids that two rows give to two customers."""
    twice = pairs.filter(pl.col(_CUSTOMER).n_unique().over(_ID) > 1)
    first: dict[str, tuple[int, str]] = {}
    for row, one, customer, header in twice.sort(ROW, maintain_order=True).iter_rows():
        at, other = first.setdefault(one, (row, customer))
        if other != customer:
            line = file.place(at)[1]
            what = text("loading.of_two_customers", customer=customer, other=other, line=line)
            yield file.problem(row, what, header, one, text("loading.ids_alone"))
