"""What is asked -> what can be computed of it, and what has to be read for that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_kpi import analyses, catalogue
from crm_kpi.engine.finish import Request
from crm_kpi.engine.found import Found
from crm_kpi.engine.spent import spent
from crm_kpi.engine.tables import TableRequest
from crm_kpi.errors import UsageError
from crm_kpi.metrics._spec import alternatives
from crm_kpi.results import Skipped
from crm_kpi.sources.io.folders import is_utf8
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES, Kind

if TYPE_CHECKING:
    from crm_kpi.config import Config
    from crm_kpi.config.model import Threshold
    from crm_kpi.engine.room import Room
    from crm_kpi.sources import Loaded
    from crm_kpi.sources.mapping.session import Session

Specs = Mapping[str, Sequence[SourceSpec]]
Read = Callable[[Specs, ReadOptions], "dict[str, Loaded]"]
Asked = Request | TableRequest


@dataclass(frozen=True)
class Question:
    """What is asked, apart from what the config says.

    metrics: names from the catalogue, or of variants under `definitions:`.
    must: what cannot be computed is an error, not skipped.
    tables: analyses, whose answers are tables of their own shape.
    counted: tables whose number of rows is asked for, as a result that thresholds rate;
        they are not split.
    """

    metrics: Sequence[str]
    by: tuple[str, ...] = ()
    where: Mapping[str, Sequence[str | None]] | None = None
    must: bool = False
    tables: Sequence[str] = ()
    counted: Sequence[str] = ()


def requests(config: Config, names: Sequence[str]) -> list[Request]:
    """Each named metric with the definition in force.

    Raises:
        UsageError: no metric of that name.
    """
    from crm_kpi.metrics._spec import Definition

    found = []
    for name in names:
        variant = config.definitions.get(name)
        metric_id = variant.metric if variant else name
        metric = catalogue.load(metric_id)
        definition = variant.definition if variant else metric.definition()
        assert isinstance(definition, Definition)
        found.append(Request(name, metric, definition))
    return found


def everything(config: Config) -> list[str]:
    """Every metric of the catalogue and every variant of the config."""
    return sorted({*catalogue.ids(), *config.definitions} - set(analyses.ids()))


def today(timezone: str) -> date:
    return datetime.now(ZoneInfo(timezone)).date()


def with_sources(asked: Sequence[Asked], specs: Specs) -> tuple[list[Asked], list[Skipped]]:
    ready, skipped = [], []
    for request in asked:
        missing = [t for t in request.needs if t not in specs]
        if missing:
            skipped.append(Skipped(request.name, f"no {' and no '.join(missing)} source"))
        else:
            ready.append(request)
    return ready, skipped


def with_columns(
    asked: Sequence[Asked], loaded: Mapping[str, Found]
) -> tuple[list[Asked], list[Skipped]]:
    ready, skipped = [], []
    for request in asked:
        lacking = [
            f"{table} has no column {column}"
            for table, columns in request.needs.items()
            for column in columns
            if loaded[table].columns.isdisjoint(alternatives(column))
        ]
        if lacking:
            skipped.append(Skipped(request.name, "; ".join(lacking)))
        else:
            ready.append(request)
    return ready, skipped


def tables_read(ready: Sequence[Asked], specs: Specs) -> set[str]:
    wanted = {t for request in ready for t in request.needs}
    wanted |= {t for request in ready for t in request.optional if t in specs}
    return wanted | ({"customers"} & specs.keys())


def load(
    config: Config,
    specs: Specs,
    ready: Sequence[Asked],
    question: Question,
    as_of: date,
    read: Callable[[Specs, ReadOptions], dict[str, Found]],
) -> dict[str, Found]:
    wanted = tables_read(ready, specs)
    asked = {*question.by, *(question.where or {})}
    asked |= {rule.by for rules in config.thresholds.values() for rule in rules if rule.by}
    texts: dict[str, set[str]] = {table: set(asked) for table in wanted}
    for request in ready:
        for table, columns in [*request.needs.items(), *request.optional.items()]:
            if table in texts:
                names = {name for column in columns for name in alternatives(column)}
                texts[table].update(n for n in names if TABLES[table][n].kind is Kind.TEXT)
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
        from crm_kpi.sources.loading import out_of_core

        return partial(out_of_core.load_all, session=session, folder=room.folder, room=room.bytes)
    load = partial(sources.load_all, session=session)
    folder = config.cache_folder()
    if folder is None:
        return load
    if not is_utf8(str(folder)):
        raise UsageError(
            f"cache: the name of {folder} is not UTF-8", hint="name another folder in cache:"
        )
    from crm_kpi.sources.loading import cache

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


def thresholds(config: Config, request: Asked) -> tuple[Threshold, ...]:
    """Those of the config; where it sets none, the metric's own."""
    from crm_kpi.config.threshold import Threshold

    given = request.metric.thresholds if isinstance(request, Request) else {}
    own = {name: Decimal(str(bound)) for name, bound in given.items()}
    default = (Threshold.model_validate(own),) if own else ()
    return tuple(config.thresholds.get(request.name, default))
