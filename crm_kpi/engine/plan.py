"""What is asked -> what can be computed of it, and what has to be read for that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_kpi import catalogue
from crm_kpi.engine.found import Found
from crm_kpi.engine.spent import spent
from crm_kpi.errors import UsageError
from crm_kpi.kpi import Definition, Kpi, KpiRequest
from crm_kpi.messages import text
from crm_kpi.results import Cause, NoSource, Skipped
from crm_kpi.sources.folders import is_utf8
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES, Kind

if TYPE_CHECKING:
    from crm_kpi.config import Config
    from crm_kpi.config.model import Threshold
    from crm_kpi.engine.room import Room
    from crm_kpi.sources import Loaded
    from crm_kpi.sources.session import Session

Specs = Mapping[str, Sequence[SourceSpec]]
Read = Callable[[Specs, ReadOptions], "dict[str, Loaded]"]
Requests = Sequence[KpiRequest[Kpi]]


@dataclass(frozen=True)
class Query:
    """What is asked, apart from what the config says.

    kpis: names from the catalogue, or of variants under `definitions:`.
    must: what cannot be computed is an error, not skipped.
    count_rows: of a table the number of rows is asked for too, as a result that thresholds
        rate; tables are then not split.
    """

    kpis: Sequence[str]
    by: tuple[str, ...] = ()
    where: Mapping[str, Sequence[str | None]] | None = None
    must: bool = False
    count_rows: bool = False


def requests(config: Config, names: Iterable[str], tables: Iterable[str] = ()) -> Requests:
    """Each named KPI with the definition in force.

    Args:
        tables: those that have a source.

    Raises:
        KeyError: there is no KPI of that name.
    """
    found = []
    for name in names:
        variant = config.definitions.get(name)
        kpi = catalogue.load(variant.metric if variant else name)
        definition = variant.definition if variant else kpi.definition()
        assert isinstance(definition, Definition)
        found.append(KpiRequest(name, kpi, definition, frozenset(tables)))
    return found


def everything(config: Config) -> list[str]:
    """Every KPI that is a number, and every variant of the config."""
    tables = catalogue.ids(catalogue.KpiKind.TABLE)
    return sorted({*catalogue.ids(), *config.definitions}.difference(tables))


def today(timezone: str) -> date:
    return datetime.now(ZoneInfo(timezone)).date()


def with_sources(asked: Requests, specs: Specs) -> tuple[Requests, list[Skipped]]:
    """What has a source for every table that it needs, and what has not."""
    missing = {r.name: tuple(t for t in r.needs if t not in specs) for r in asked}
    return _parted(asked, {name: (NoSource(t),) if t else () for name, t in missing.items()})


def with_columns(asked: Requests, loaded: Mapping[str, Found]) -> tuple[Requests, list[Skipped]]:
    """What has every column that it needs, and what has not."""
    columns = {table: found.columns for table, found in loaded.items()}
    return _parted(asked, {request.name: request.lacking(columns) for request in asked})


def _parted(
    asked: Requests, causes: Mapping[str, tuple[Cause, ...]]
) -> tuple[Requests, list[Skipped]]:
    skipped = [Skipped(name, why) for name, why in causes.items() if why]
    return [request for request in asked if not causes[request.name]], skipped


def tables_read(ready: Requests, specs: Specs) -> set[str]:
    wanted = {t for request in ready for t in request.needs}
    wanted |= {t for request in ready for t in request.optional if t in specs}
    return wanted | ({"customers"} & specs.keys())


def load(
    config: Config,
    specs: Specs,
    ready: Requests,
    query: Query,
    as_of: date,
    read: Callable[[Specs, ReadOptions], dict[str, Found]],
) -> dict[str, Found]:
    wanted = tables_read(ready, specs)
    asked = {*query.by, *(query.where or {})}
    asked |= {rule.by for rules in config.thresholds.values() for rule in rules if rule.by}
    texts: dict[str, set[str]] = {table: set(asked) for table in wanted}
    for table, name in (column for request in ready for column in request.columns_read()):
        if table in texts and TABLES[table][name].kind is Kind.TEXT:
            texts[table].add(name)
    return read(
        {table: specs[table] for table in TABLES if table in wanted},
        read_options(config, as_of, texts, spent=spent(ready, asked)),
    )


def reader(
    config: Config, session: Session, room: Room | None, tell: Callable[[str], None]
) -> Read:
    """What turns sources into typed tables; `tell` takes what is wrong with the cache."""
    from crm_kpi import sources

    if room is not None:
        from crm_kpi.sources import spilled

        return partial(spilled.load_all, session=session, folder=room.folder, room=room.bytes)
    load = partial(sources.load_all, session=session)
    folder = config.cache_folder()
    if folder is None:
        return load
    if not is_utf8(str(folder)):
        raise UsageError(
            text("engine.cache_not_utf8", path=folder), hint=text("engine.name_other_cache")
        )
    from crm_kpi.sources import cache

    return partial(cache.load_all, folder=folder, load=load, tell=tell)


def read_options(
    config: Config,
    as_of: date,
    texts: Mapping[str, set[str]],
    *,
    spent: Mapping[str, frozenset[str]] | None = None,
    everything: bool = False,
) -> ReadOptions:
    """How all sources are read; the scale of each survey is its metric's."""
    scales = {}
    for survey in ("nps", "csat", "ces"):
        (request,) = requests(config, [survey])
        scales[survey] = tuple(getattr(request.definition, "scale"))  # noqa: B009
    return ReadOptions(
        as_of=as_of,
        timezone=config.timezone,
        currency=config.currency,
        exchange_rates=dict(config.exchange_rates),
        scales=scales,
        rejected_rows=config.limits.rejected_rows,
        texts={table: frozenset(names) for table, names in texts.items()},
        spent=dict(spent or {}),
        everything=everything,
    )


def thresholds(config: Config, request: KpiRequest[Kpi]) -> tuple[Threshold, ...]:
    """Those of the config; where it sets none, the KPI's own."""
    from crm_kpi.config.threshold import Threshold

    own = {name: Decimal(str(bound)) for name, bound in request.kpi.thresholds.items()}
    default = (Threshold.model_validate(own),) if own else ()
    return tuple(config.thresholds.get(request.name, default))
