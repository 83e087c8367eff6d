"""What is asked -> what can be computed of it, and what has to be read for that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_kpi import catalogue
from crm_kpi.engine.own_kpis import own_request
from crm_kpi.engine.segments import lacks
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.kpi import Definition, Filter, Kpi, KpiRequest
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
    predict_last: what is predicted is so at the last whole period and the one before alone, as
        each is learnt from anew.
    backtest: models say how they have predicted the past.
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
    predict_last: bool = False
    backtest: bool = False
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
        own = config.metrics.get(name)
        if own is not None:
            found.append(own_request(name, own, requests(config, own.names, tables)))
            continue
        variant = config.definitions.get(name)
        kpi = catalogue.load(variant.metric if variant else name)
        definition = variant.definition if variant else kpi.definition()
        assert isinstance(definition, Definition)
        followed = config.definitions.get(kpi.follows)
        if followed is not None:
            assert isinstance(followed.definition, Definition)
            definition = definition.following(followed.definition)
        parts = tuple(requests(config, kpi.made_of(definition, there), there))
        in_force = kpi.in_force(definition, there)
        found.append(KpiRequest(name, kpi, in_force, there, made_of=parts))
    return found


def everything(config: Config) -> list[str]:
    """Every KPI that is a number, and every variant and own KPI of the config."""
    tables = catalogue.ids(catalogue.KpiKind.TABLE)
    return sorted({*catalogue.ids(), *config.definitions, *config.metrics}.difference(tables))


def with_sources(asked: Requests, specs: Specs) -> tuple[Requests, list[Skipped]]:
    """What has a source for every table that it needs, and what has not."""
    missing = {r.name: tuple(t for t in r.needs if t not in specs) for r in asked}
    return _parted(asked, {name: (NoSource(t),) if t else () for name, t in missing.items()})


def with_columns(
    asked: Requests, loaded: Mapping[str, TableInput]
) -> tuple[Requests, list[Skipped]]:
    """What has every column that it needs, and what has not."""
    columns = {table: found.columns for table, found in loaded.items()}
    asked = [request.with_columns(columns) for request in asked]
    return _parted(asked, {request.name: request.lacking(columns) for request in asked})


def with_segments(
    asked: Requests,
    tables: Callable[[Filter], SegmentedTables],
    loaded: Mapping[str, TableInput],
    columns: Sequence[str],
) -> tuple[Requests, list[Skipped]]:
    """What can be told of these tables and by these columns, and what cannot.

    tables: those with the rows that a filter keeps.
    """
    causes: dict[str, tuple[Cause, ...]] = {}
    for request in asked:
        mine = [*columns, *(request.kpi.accounts(request.definition) or ())]
        refusals = (
            _of_rejected(each, loaded)
            or _of_segments(each, tables(each.where), [*mine, *dict(each.where)])
            for each in (request, *request.parts())
        )
        refusal = next(filter(None, refusals), None)
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
