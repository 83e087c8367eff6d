"""Two exports of one customers list, read for what they say of who is a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from crm_kpi.errors import DataError
from crm_kpi.messages import joined, text
from crm_kpi.periods import LAST
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.io.file_bytes import expand
from crm_kpi.sources.loading.loader import check_memory, proving_files, read
from crm_kpi.sources.mapping.column_mapping import MappedBlock, map_columns
from crm_kpi.sources.mapping.customer_status import with_churned
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.meaning import asking
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES, Table

if TYPE_CHECKING:
    import polars as pl

    from crm_kpi.config import Config
    from crm_kpi.results import SourceAudit

DATES = ("signup_date", "churn_date", "updated_at")
"""Columns whose newest day is that of the list."""
LEAVING = frozenset(("churned", "churn_date"))
"""Columns that say who left."""

_CUSTOMERS = TABLES["customers"]
LIST = replace(
    _CUSTOMERS,
    columns=tuple(
        replace(column, required=column.name == "customer_id") for column in _CUSTOMERS.columns
    ),
)
"""The customers table, of which a list needs no more than who is on it."""


@dataclass(frozen=True)
class CustomerList:
    """One export.

    frame: the columns of ours that it has; a row for each stay of a customer.
    """

    path: str
    frame: pl.DataFrame
    audit: SourceAudit

    @property
    def leaving(self) -> frozenset[str]:
        """The columns that say who left."""
        return LEAVING & set(self.frame.columns)

    def newest(self, until: date) -> tuple[date, str] | None:
        """The newest day up to `until` on which something happened, and its column."""
        found = []
        for name in DATES:
            days = self.frame[name] if name in self.frame.columns else None
            last = days.filter(days <= until).max() if days is not None else None
            found += [(last, name)] if isinstance(last, date) else []
        return max(found, key=lambda each: each[0], default=None)


def read_lists(
    old: str, new: str, config: Config, specs: Mapping[str, tuple[SourceSpec, ...]]
) -> tuple[CustomerList, CustomerList]:
    """Both exports, as the config reads customers.

    Raises:
        UsageError: as the loader says.
        DataError: as the loader says; or a row cannot be read, who would look as if gone; or
            one list alone says who left.
    """
    block = next(iter(specs.get("customers", ())), SourceSpec("customers", ()))
    paths = expand([old, new])
    spec = with_churned(paths, LIST, replace(block, paths=(), query=None))
    session = Session(MemoryBudget.of(config.limits.memory))
    options = ReadOptions(
        as_of=LAST,
        timezone=config.timezone,
        currency=config.currency,
        texts={"customers": frozenset(LIST.names)},
        everything=True,
    )
    plans = {
        path: map_columns(LIST, replace(spec, paths=(path,)), options, session, asking.headers)
        for path in (old, new)
    }
    check_memory(plans, session)
    with proving_files(plans):
        lists = [_read(path, blocks, LIST, options) for path, blocks in plans.items()]
    for one, other in ((lists[0], lists[-1]), (lists[-1], lists[0])):
        if lacking := other.leaving - one.leaving:
            names = joined(sorted(lacking), text("general.and"))
            raise DataError(
                text("engine.one_list_tells", path=one.path, columns=names, other=other.path),
                hint=text("engine.map_leaving", column=min(lacking)),
            )
    return lists[0], lists[-1]


def _read(path: str, blocks: list[MappedBlock], table: Table, options: ReadOptions) -> CustomerList:
    draft = read(table, blocks, options)
    if draft.audit.rejected:
        raise DataError(
            text("engine.list_rejects", path=path, count=draft.audit.rejected),
            hint=text("engine.mend_list", path=path),
            problems=draft.audit.problems,
            kinds=draft.audit.kinds,
        )
    return CustomerList(path, draft.frame, draft.audit)
