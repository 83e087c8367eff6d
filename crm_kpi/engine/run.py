"""One run: a config and a list of metrics in, a report out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_kpi import __version__, analyses, catalogue, periods
from crm_kpi.engine import ratings, segments
from crm_kpi.engine.aggregate import Grouping, aggregate
from crm_kpi.engine.finish import Request, check_sums, results
from crm_kpi.engine.tables import TableRequest, row_count, table_answers, table_requests
from crm_kpi.errors import DataError, Problem, UsageError
from crm_kpi.metrics._spec import alternatives
from crm_kpi.results import Account, Report, Result, Skipped
from crm_kpi.sources.spec import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES, Kind, day, rejected

if TYPE_CHECKING:
    from crm_kpi.config import Config
    from crm_kpi.config.model import Threshold
    from crm_kpi.sources import Loaded

Specs = Mapping[str, Sequence[SourceSpec]]
Read = Callable[[Specs, ReadOptions], "dict[str, Loaded]"]
Asked = Request | TableRequest
Tables = dict[str, list[dict[str, Any]]]


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


def compute(
    config: Config, question: Question, specs: Specs | None = None, *, read: Read | None = None
) -> Report:
    """The report that answers the question.

    Args:
        specs: the sources, where they are not the config's own.
        read: what turns sources into typed tables; default `sources.load_all`.

    Raises:
        UsageError, ConfigError, DataError: as their docstrings say.
        IdentityError: an identity is broken, which is a fault here.
    """
    specs = config.specs() if specs is None else specs
    as_of = config.as_of or today(config.timezone)
    tables = dict.fromkeys([*question.tables, *question.counted])
    asked: list[Asked] = [*requests(config, question.metrics)]
    asked += table_requests(config, list(tables), specs)
    ready, skipped = _with_sources(asked, specs)
    loaded = _load(config, specs, ready, question, as_of, read)
    ready, lacking = _with_columns(ready, loaded)
    skipped += lacking
    answers: list[Result] = []
    made: Tables = {}
    if ready:
        answers, made, unsplit = _answers(config, question, ready, loaded, as_of)
        skipped += unsplit
    if question.must and skipped:
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
        tables={name: made[name] for name in question.tables if name in made},
        skipped=sorted(skipped, key=lambda skip: skip.metric),
        notes=[*_old_data(config, loaded, as_of), *_nowhere(question, loaded)],
    )


STALE = timedelta(days=45)
"""Data that end so long before a today that nobody asked for are an old export."""


def _old_data(config: Config, loaded: Mapping[str, Loaded], as_of: date) -> Iterator[str]:
    last = max(_days(loaded, max), default=as_of)
    if config.as_of is None and last < as_of - STALE:
        yield (
            f"the data end on {last}, but as_of is today, {as_of}: "
            f"what is said of the time between rests on nothing; set --as-of {last}"
        )


def _nowhere(question: Question, loaded: Mapping[str, Loaded]) -> Iterator[str]:
    """--where values that no row has, which are often a word spelt otherwise."""
    for name, wanted in (question.where or {}).items():
        there: set[str] = set()
        for found in loaded.values():
            if name in found.frame.columns:
                there.update(map(str, found.frame[name].drop_nulls().unique().to_list()))
        for value in wanted:
            if value is not None and value not in there:
                some = ", ".join(sorted(there)[:10])
                yield f"no row has {name}={value}; there are: {some}"


def _with_sources(asked: Sequence[Asked], specs: Specs) -> tuple[list[Asked], list[Skipped]]:
    ready, skipped = [], []
    for request in asked:
        missing = [t for t in request.needs if t not in specs]
        if missing:
            skipped.append(Skipped(request.name, f"no {' and no '.join(missing)} source"))
        else:
            ready.append(request)
    return ready, skipped


def _with_columns(
    asked: Sequence[Asked], loaded: Mapping[str, Loaded]
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


def _load(
    config: Config,
    specs: Specs,
    ready: Sequence[Asked],
    question: Question,
    as_of: date,
    read: Read | None,
) -> dict[str, Loaded]:
    if read is None:
        from crm_kpi import sources

        read = sources.load_all
    wanted = {t for request in ready for t in request.needs}
    wanted |= {t for request in ready for t in request.optional if t in specs}
    if "customers" in specs:
        wanted.add("customers")
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
        read_options(config, as_of, texts),
    )


def read_options(
    config: Config, as_of: date, texts: Mapping[str, set[str]], *, everything: bool = False
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
        everything=everything,
    )


def _answers(
    config: Config,
    question: Question,
    ready: Sequence[Asked],
    loaded: Mapping[str, Loaded],
    as_of: date,
) -> tuple[list[Result], Tables, list[Skipped]]:
    import narwhals.stable.v2 as nw

    from crm_kpi.engine.polars import Polars
    from crm_kpi.frames._context import Context

    rules = {request.name: _thresholds(config, request) for request in ready}
    bys = [*question.by, *(r.by for found in rules.values() for r in found if r.by)]
    by = tuple(dict.fromkeys(bys))
    tables = {table: nw.from_native(found.frame.lazy()) for table, found in loaded.items()}
    left_out = {
        rejected(table): nw.from_native(found.rejected.lazy())
        for table, found in loaded.items()
        if not found.rejected.is_empty()
    }
    headers = [header for found in loaded.values() for header in found.headers]
    split = segments.split({**tables, **left_out}, by, question.where or {}, headers)
    wanted, tabular, skipped = [], [], []
    for request in ready:
        used = request.needs
        names = [*question.by, *(question.where or {})]
        lack = next(((t, n) for t in used if (n := split.lacks(t, names))), None)
        if lack:
            table, name = lack
            reason = f"{table} has no column {name}, nor has customers one for its rows"
            skipped.append(Skipped(request.name, reason))
            continue
        if isinstance(request, TableRequest):
            tabular.append(request)
            continue
        groupings: list[Grouping] = [(), *([question.by] if question.by else [])]
        for rule in rules[request.name]:
            fits = rule.by and not any(split.lacks(t, [rule.by]) for t in used)
            if rule.by and fits and (rule.by,) not in groupings:
                groupings.append((rule.by,))
        wanted.append((request, groupings))
    calendar = _calendar(config, loaded, as_of)
    context = Context(
        adapter=Polars(),
        tables=split.tables,
        whole=tables,
        marked=split.marked,
        columns={table: found.columns for table, found in loaded.items()},
        unique=_unique(loaded),
        by=tuple(segments.column(name) for name in by),
        own={table: frozenset(map(segments.column, names)) for table, names in split.own.items()},
        calendar=calendar,
        known=as_of + periods.DAY,
        first_day=_first_day(loaded, as_of),
        timezone=config.timezone,
    )
    states = aggregate(
        context,
        [(r.name, r.metric.parts(r.definition), groupings) for r, groupings in wanted],
    )
    answers: list[Result] = []
    for request, groupings in wanted:
        currency = _currency(config, request, loaded)
        mine: list[Result] = []
        for grouping in groupings:
            mine += results(
                request,
                grouping,
                states[request.name, grouping],
                calendar,
                low_n=config.limits.low_n,
                currency=currency,
            )
        if request.metric.higher_is_better is not None:
            ratings.rate(
                mine, rules[request.name], higher_is_better=request.metric.higher_is_better
            )
        check_sums(mine)
        answers += mine
    order = {period.label: i for i, period in enumerate(calendar.answer)}
    answers.sort(key=lambda r: (r.metric, r.start, r.end, order[r.period], bool(r.segment)))
    made = table_answers(
        tabular,
        context,
        split,
        () if question.counted else question.by,
        custom=len(config.periods.custom),
        requests=lambda names: requests(config, names),
    )
    answers += [
        row_count(request, made[request.name], rules[request.name], as_of)
        for request in tabular
        if request.name in question.counted
    ]
    return answers, made, skipped


def _thresholds(config: Config, request: Asked) -> tuple[Threshold, ...]:
    """Those of the config; where it sets none, the metric's own."""
    from crm_kpi.config.threshold import Threshold

    given = request.metric.thresholds if isinstance(request, Request) else {}
    own = {name: Decimal(str(bound)) for name, bound in given.items()}
    default = (Threshold.model_validate(own),) if own else ()
    return tuple(config.thresholds.get(request.name, default))


def _unique(loaded: Mapping[str, Loaded]) -> frozenset[tuple[str, str]]:
    """Columns in which no value stands twice, as the loader has proved."""
    return frozenset((table, column) for table, found in loaded.items() for column in found.unique)


def _currency(config: Config, request: Request, loaded: Mapping[str, Loaded]) -> str | None:
    tables = request.metric.needs(request.definition)
    return config.currency or next(
        (found for t in tables if t in loaded and (found := loaded[t].currency)), None
    )


def _first_day(loaded: Mapping[str, Loaded], as_of: date) -> date:
    """The earliest day on which any row that was read counts."""
    return min(_days(loaded, min), default=as_of)


def _days(loaded: Mapping[str, Loaded], which: Callable[..., Any]) -> Iterator[date]:
    """The first or the last day on which a row of each table counts."""
    for table, found in loaded.items():
        at = TABLES[table].at
        name = day(at) if at and TABLES[table][at].kind is Kind.TIME else at
        if name in found.frame.columns:
            column = found.frame[name]
            one = column.min() if which is min else column.max()
            if isinstance(one, date):
                yield one


def _calendar(config: Config, loaded: Mapping[str, Loaded], as_of: date) -> periods.Calendar:
    wanted, fiscal = config.periods, config.periods.fiscal_year_start
    start = end = None
    try:
        if wanted.from_ is not None:
            start, _ = periods.parse_moment(str(wanted.from_), fiscal)
        if wanted.to is not None:
            _, end = periods.parse_moment(str(wanted.to), fiscal)
    except ValueError as error:
        raise UsageError(str(error), hint="check --from and --to") from error
    first = _first_day(loaded, as_of)
    until = end or as_of + periods.DAY
    return periods.build(
        wanted.every,
        start=start or min(first, until - periods.DAY),
        end=until,
        as_of=as_of,
        clipped=(start is not None, end is not None),
        last=wanted.last,
        fiscal=fiscal,
        custom=[periods.Range(c.name, c.start, c.end) for c in wanted.custom],
    )


def _unread(table: str, specs: Sequence[SourceSpec]) -> Account:
    paths = [path for spec in specs for path in spec.paths]
    return Account(table, paths, notes=["not read: no metric asked for it"])


def _refuse(skipped: Sequence[Skipped], loaded: Mapping[str, Loaded]) -> None:
    """A metric that was asked for by name and cannot be computed."""
    headers = {h for found in loaded.values() for h in found.headers}
    there = f"the columns there are: {', '.join(sorted(headers))}" if headers else None
    raise DataError(
        "; ".join(f"{skip.metric} cannot be computed: {skip.reason}" for skip in skipped),
        hint=there
        or "give the file as FILE, with an option such as --customers FILE, "
        "or under sources: in the config",
        problems=[Problem(skip.reason) for skip in skipped] if len(skipped) > 1 else (),
    )
