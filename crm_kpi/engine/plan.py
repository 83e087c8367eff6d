"""What is asked -> what can be computed of it, and what has to be read for that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crm_kpi import catalogue
from crm_kpi.engine.segments import lacks
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.kpi import Definition, Kpi, KpiRequest
from crm_kpi.messages import text
from crm_kpi.metrics.quality._score import OfTable
from crm_kpi.results import Cause, NoSource, Refused, Skipped
from crm_kpi.sources.loading.loaded_table import ScannedTable, TableInput
from crm_kpi.sources.spec import SourceSpec

if TYPE_CHECKING:
    from crm_kpi.config import Config

Specs = Mapping[str, Sequence[SourceSpec]]
Requests = Sequence[KpiRequest[Kpi]]


@dataclass(frozen=True)
class KpiQuery:
    """What is asked, apart from what the config says.

    kpis: names from the catalogue, or of variants under `definitions:`.
    must: those of them that are an error where they cannot be computed; others are skipped.
    tables: are read whoever needs them.
    or_whole: a number that cannot be split as asked is told of all, with a note, where others can.
    drivers: columns by which the change of every KPI is told, where it has parts and its tables
        have the column, in the table `drivers`.
    count_rows: of a table the number of rows is asked for too, as a result that thresholds
        rate; tables are then not split.
    """

    kpis: Sequence[str]
    by: tuple[str, ...] = ()
    where: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    must: Collection[str] = ()
    or_whole: bool = False
    tables: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    count_rows: bool = False


def requests(config: Config, names: Iterable[str], tables: Iterable[str] = ()) -> Requests:
    """Each named KPI with the definition in force.

    Args:
        tables: those that have a source.

    Raises:
        KeyError: there is no KPI of that name.
    """
    found = []
    there = frozenset(tables)
    for name in names:
        variant = config.definitions.get(name)
        kpi = catalogue.load(variant.metric if variant else name)
        definition = variant.definition if variant else kpi.definition()
        assert isinstance(definition, Definition)
        definition = kpi.in_force(definition, there)
        about = tuple(requests(config, kpi.about(definition), there))
        found.append(KpiRequest(name, kpi, definition, there, about=about))
    return found


def everything(config: Config) -> list[str]:
    """Every KPI that is a number, and every variant of the config. What is predicted takes long,
    as each period is learnt from anew, and is asked for by name."""
    by_name = catalogue.ids(catalogue.KpiKind.TABLE, catalogue.KpiKind.MODEL)
    return sorted({*catalogue.ids(), *config.definitions}.difference(by_name))


def with_sources(asked: Requests, specs: Specs) -> tuple[Requests, list[Skipped]]:
    """What has a source for every table that it needs, and what has not."""
    missing = {r.name: tuple(t for t in r.needs if t not in specs) for r in asked}
    return _parted(asked, {name: (NoSource(t),) if t else () for name, t in missing.items()})


def with_columns(
    asked: Requests, loaded: Mapping[str, TableInput]
) -> tuple[Requests, list[Skipped]]:
    """What has every column that it needs, and what has not."""
    columns = {table: found.columns for table, found in loaded.items()}
    asked = [replace(request, columns=columns) for request in asked]
    return _parted(asked, {request.name: request.lacking(columns) for request in asked})


def with_segments(
    asked: Requests,
    tables: SegmentedTables,
    loaded: Mapping[str, TableInput],
    columns: Sequence[str],
) -> tuple[Requests, list[Skipped]]:
    """What can be told of these tables and by these columns, and what cannot."""
    causes: dict[str, tuple[Cause, ...]] = {}
    for request in asked:
        mine = [*columns, *(request.kpi.accounts(request.definition) or ())]
        refusal = _of_rejected(request, loaded) or _of_segments(request, tables, mine)
        causes[request.name] = (refusal,) if refusal else ()
    return _parted(asked, causes)


def _of_rejected(request: KpiRequest[Kpi], loaded: Mapping[str, TableInput]) -> Refused | None:
    """A KPI that judges rejected rows too cannot be told of tables in place."""
    names = {*request.needs, *request.optional}
    for table in sorted(names if isinstance(request.definition, OfTable) else ()):
        if isinstance(loaded.get(table), ScannedTable):
            return Refused(text("engine.judged_in_place", table=table))
    return None


def _of_segments(
    request: KpiRequest[Kpi], tables: SegmentedTables, columns: Sequence[str]
) -> Refused | None:
    """A KPI of a table that lacks a column to split or filter by."""
    for table in request.needs:
        name = lacks(tables, table, columns)
        if name:
            return Refused(text("engine.no_segment", table=table, column=name))
    return None


def _parted(
    asked: Requests, causes: Mapping[str, tuple[Cause, ...]]
) -> tuple[Requests, list[Skipped]]:
    skipped = [Skipped(name, why) for name, why in causes.items() if why]
    return [request for request in asked if not causes[request.name]], skipped


def tables_read(ready: Requests, specs: Specs) -> set[str]:
    """The tables that these requests need or can use, and customers, which segments come from."""
    wanted = {t for request in ready for t in request.needs}
    wanted |= {t for request in ready for t in request.optional if t in specs}
    return wanted | ({"customers"} & specs.keys())
