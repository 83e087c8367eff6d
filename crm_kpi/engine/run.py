"""One run: a config and a list of metrics in, a report out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import localcontext
from typing import TYPE_CHECKING, Any

from crm_kpi import __version__, periods
from crm_kpi.addresses import shown_path
from crm_kpi.analyses._spec import Analysis
from crm_kpi.engine import ratings, scan_in_place, segments, sizes, span
from crm_kpi.engine.aggregate import Grouping, aggregate
from crm_kpi.engine.engines import opened
from crm_kpi.engine.finish import check_sums, results, segments_of
from crm_kpi.engine.fit import fit
from crm_kpi.engine.found import Found, ScannedTable
from crm_kpi.engine.plan import (
    Query,
    Read,
    Requests,
    Specs,
    everything,
    load,
    read_options,
    reader,
    requests,
    tables_read,
    thresholds,
    today,
    with_columns,
    with_sources,
)
from crm_kpi.engine.room import room
from crm_kpi.engine.segments import Split
from crm_kpi.engine.tables import row_count, table_answers
from crm_kpi.errors import DataError, Problem, UsageError
from crm_kpi.kpi import Kpi, KpiRequest, of_type
from crm_kpi.messages import Message, joined, text
from crm_kpi.metrics._spec import ValueKpi
from crm_kpi.models._spec import Model
from crm_kpi.results import Account, Refused, Report, Result, Skipped
from crm_kpi.sources.budget import MemoryBudget
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import TABLES, rejected

if TYPE_CHECKING:
    from crm_kpi.config import Config
    from crm_kpi.engine.base import Engine

__all__ = [
    "Query",
    "Read",
    "Specs",
    "compute",
    "everything",
    "read_options",
    "requests",
    "today",
]

DIGITS = 76
"""Decimals are computed with so many: what columns of 38 digits hold is never rounded."""

Tables = dict[str, list[dict[str, Any]]]


def compute(
    config: Config, query: Query, specs: Specs | None = None, *, read: Read | None = None
) -> Report:
    """The report that answers the query.

    Args:
        specs: the sources, where they are not the config's own.
        read: what turns sources into typed tables; default `sources.load_all`.

    Raises:
        UsageError, ConfigError, DataError: as their docstrings say.
        IdentityError: an identity is broken, which is a fault here.
    """
    from crm_kpi.sources.session import Session

    specs = config.specs() if specs is None else specs
    as_of = config.as_of or today(config.timezone)
    asked = requests(config, dict.fromkeys(query.kpis), specs)
    ready, skipped = with_sources(asked, specs)
    answers: list[Result] = []
    made: Tables = {}
    in_place = config.engine.in_place
    here = tables_read(ready, specs).difference(in_place)
    session = Session(MemoryBudget.of(config.limits.memory))
    with room(config, specs, here, session) as space, opened(config.engine, space) as engine:
        notes: list[str] = []  # not of an account, as answers do not depend on the cache
        read = read or reader(config, session, space, notes.append)
        reading = scan_in_place.reader(engine, in_place, read)
        loaded = load(config, specs, ready, query, as_of, reading)
        _refuse_twice(query.by, loaded)
        sizes.check(loaded)
        notes += [*span.old_data(config, loaded, as_of), *_nowhere(query, loaded)]
        if space is not None:
            notes.append(text("engine.little_memory"))
        loaded = _prepared(engine, loaded)
        ready, lacking = with_columns(ready, loaded)
        skipped += lacking
        if ready:
            with localcontext(prec=DIGITS):
                answers, made, unable = _answers(engine, config, query, ready, loaded, as_of)
            skipped += unable
            notes += segments.alike(answers)
    if query.must and skipped:
        _refuse(skipped, loaded)
    accounts = {
        table: loaded[table].account if table in loaded else _unread(table, specs[table])
        for table in TABLES
        if table in specs
    }
    currencies = {found.currency for found in loaded.values() if found.currency}
    return Report(
        version=__version__,
        as_of=as_of,
        timezone=config.timezone,
        currency=config.currency or (currencies.pop() if len(currencies) == 1 else None),
        sources=accounts,
        results=answers,
        tables={name: made[name] for name in query.kpis if name in made},
        skipped=sorted(skipped, key=lambda skip: skip.metric),
        notes=notes,
    )


def _refuse_twice(by: Sequence[str], loaded: Mapping[str, Found]) -> None:
    """Raises UsageError for a column to split by that is named twice, also by ours and theirs."""
    columns = [found.account.columns for found in loaded.values()]
    for place, name in enumerate(by):
        for other in by[:place]:
            pair = {name, other}
            if len(pair) == 1 or any(pair == {*item} for each in columns for item in each.items()):
                reason = text("engine.by_twice", column=name)
                if other != name:
                    reason = text("engine.by_same", column=other, other=name)
                raise UsageError(reason, hint=text("engine.name_once"))


def _prepared(engine: Engine, loaded: dict[str, Found]) -> dict[str, Found]:
    """Tables that were read, in the engine's form. Nobody holds their first form any longer."""
    here = {table: found for table, found in loaded.items() if not isinstance(found, ScannedTable)}
    if len(here) < len(loaded):
        return loaded
    frames = {table: found.frame for table, found in here.items()}
    frames |= {rejected(t): found.rejected for t, found in here.items() if len(found.rejected)}
    frames = engine.prepared(frames)
    return {
        table: replace(
            found, frame=frames[table], rejected=frames.get(rejected(table), found.rejected)
        )
        for table, found in here.items()
    }


def _nowhere(query: Query, loaded: Mapping[str, Found]) -> Iterator[Message]:
    """--where values that no row has, which are often a word spelt otherwise."""
    for name, wanted in (query.where or {}).items():
        there: set[str] = set()
        if any(isinstance(one, ScannedTable) and name in one.headers for one in loaded.values()):
            continue
        for found in loaded.values():
            if not isinstance(found, ScannedTable) and name in found.frame.columns:
                there.update(map(str, found.frame[name].drop_nulls().unique().to_list()))
        for value in wanted:
            if value is not None and value not in there:
                some = ", ".join(sorted(there)[:10])
                yield text("engine.no_row_has", column=name, value=value, words=some)


def _answers(
    engine: Engine,
    config: Config,
    query: Query,
    ready: Requests,
    loaded: Mapping[str, Found],
    as_of: date,
) -> tuple[list[Result], Tables, list[Skipped]]:
    from crm_kpi.frames.context import Context
    from crm_kpi.frames.timeline import Timeline

    rules = {request.name: thresholds(config, request) for request in ready}
    bys = [*query.by, *(r.by for found in rules.values() for r in found if r.by)]
    by = tuple(dict.fromkeys(bys))
    tables = {table: scan_in_place.rows(engine, found) for table, found in loaded.items()}
    scan_in_place.count_unknown_customers(engine, tables, loaded)
    left_out = {
        rejected(table): engine.scan(found.rejected.rename(segments.stored))
        for table, found in loaded.items()
        if not isinstance(found, ScannedTable) and not found.rejected.is_empty()
    }
    headers = [header for found in loaded.values() for header in found.headers]
    split = segments.split(
        {**tables, **left_out},
        by,
        query.where or {},
        headers,
        keep=engine.keep,
        text=engine.text,
        unique="customers" in loaded and "customer_id" in loaded["customers"].unique,
    )
    names = [*query.by, *(query.where or {})]
    refused = {request.name: _refusal(request, names, split, loaded) for request in ready}
    skipped = [Skipped(name, (why,)) for name, why in refused.items() if why]
    ready = [request for request in ready if not refused[request.name]]
    wanted: list[tuple[KpiRequest[ValueKpi], list[Grouping]]] = []
    for request in of_type(ready, ValueKpi):
        groupings: list[Grouping] = [(), *([query.by] if query.by else [])]
        for rule in rules[request.name]:
            fits = rule.by and not any(split.lacks(t, [rule.by]) for t in request.needs)
            if rule.by and fits and (rule.by,) not in groupings:
                groupings.append((rule.by,))
        wanted.append((request, groupings))
    tabular = of_type(ready, Analysis)
    calendar = span.calendar(config, loaded, as_of)
    context = Context(
        adapter=engine,
        tables=split.tables,
        bare=split.bare,
        customers=split.customers,
        whole=tables,
        marked=split.marked,
        columns={table: found.columns for table, found in loaded.items()},
        unique=_unique(loaded),
        by=tuple(segments.column(name) for name in by),
        own={table: frozenset(map(segments.column, names)) for table, names in split.own.items()},
        timeline=Timeline(
            calendar=calendar,
            bounds=calendar.bounds,
            first_day=span.first_day(loaded, as_of),
            first_unknown_day=as_of + periods.DAY,
            timezone=config.timezone,
            from_columns=engine.table,
        ),
    )
    states = aggregate(
        context,
        [(r.name, r.kpi.parts(r.definition), groupings) for r, groupings in wanted],
    )
    answers: list[Result] = []
    for request, groupings in wanted:
        currency = _currency(config, request, loaded)
        mine: list[Result] = []
        for grouping in groupings:
            of_grouping = states[request.name, grouping]
            fitted = [
                fit(context, model, grouping, segments_of(of_grouping, grouping))
                for model in of_type([request], Model)
            ]
            mine += results(
                request,
                fitted[0] if fitted else {},
                grouping,
                of_grouping,
                calendar,
                low_n=config.limits.low_n,
                currency=currency,
            )
        if request.kpi.higher_is_better is not None:
            ratings.rate(mine, rules[request.name], higher_is_better=request.kpi.higher_is_better)
        check_sums(mine)
        answers += mine
    order = {period.label: i for i, period in enumerate(calendar.answer)}
    answers.sort(key=lambda r: (r.metric, r.start, r.end, order[r.period], bool(r.segment)))
    made = table_answers(
        tabular,
        context,
        split,
        () if query.count_rows else query.by,
        custom=len(config.periods.custom),
        requests=lambda names: requests(config, names),
    )
    answers += [
        row_count(request, made[request.name], rules[request.name], as_of)
        for request in (tabular if query.count_rows else ())
    ]
    return answers, made, skipped


def _refusal(
    request: KpiRequest[Kpi], names: Sequence[str], split: Split, loaded: Mapping[str, Found]
) -> Refused | None:
    """Why it cannot be told of these tables, or not by these columns."""
    refused = scan_in_place.refusal(request, loaded)
    if refused:
        return refused
    for table in request.needs:
        name = split.lacks(table, names)
        if name:
            return Refused(text("engine.no_segment", table=table, column=name))
    return None


def _unique(loaded: Mapping[str, Found]) -> frozenset[tuple[str, str]]:
    """Columns in which no value stands twice, as the loader has proved."""
    return frozenset((table, column) for table, found in loaded.items() for column in found.unique)


def _currency(
    config: Config, request: KpiRequest[ValueKpi], loaded: Mapping[str, Found]
) -> str | None:
    tables = request.needs
    return config.currency or next(
        (found for t in tables if t in loaded and (found := loaded[t].currency)), None
    )


def _unread(table: str, specs: Sequence[SourceSpec]) -> Account:
    names = ([s.query.name] if s.query else map(shown_path, s.paths) for s in specs)
    paths = [name for several in names for name in several]
    return Account(table, paths, notes=[text("engine.not_read")])


def _refuse(skipped: Sequence[Skipped], loaded: Mapping[str, Found]) -> None:
    """A metric that was asked for by name and cannot be computed."""
    headers = {h for found in loaded.values() for h in found.headers}
    hint = text("engine.give_file")
    if headers:
        hint = text("engine.columns_there", columns=", ".join(sorted(headers)))
    raise DataError(
        joined(
            text("engine.cannot_be_computed", metric=skip.metric, reason=skip.reason)
            for skip in skipped
        ),
        hint=hint,
        problems=[Problem(skip.reason) for skip in skipped] if len(skipped) > 1 else (),
    )
