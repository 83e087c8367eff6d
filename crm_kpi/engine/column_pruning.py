"""Columns that serve to judge rows alone: they need not be held while answers are computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crm_kpi.kpi import Kpi, KpiRequest

_JUDGE = {
    "transactions": ("transaction_id",),
    "subscriptions": ("subscription_id",),
    "tickets": ("ticket_id",),
}
"""Per table: what metrics and analyses read only where they name it among their needs, apart
from ids that several rows share."""


def unused_after_checks(
    ready: Iterable[KpiRequest[Kpi]], asked: Collection[str]
) -> dict[str, frozenset[str]]:
    """Per table, what nobody reads. `asked` are the columns of --by and --where."""
    from crm_kpi.metrics.quality._score import OfTable

    read = {(table, name) for table in _JUDGE for name in asked}
    for request in ready:
        if isinstance(request.definition, OfTable):
            return {}  # it judges every column
        read.update(request.columns_read())
    return {
        table: frozenset(name for name in names if (table, name) not in read)
        for table, names in _JUDGE.items()
    }
