"""What is asked and where it lies -> the tables, read and in the form that the engine takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from crm_kpi.engine import dimensions, sizes
from crm_kpi.engine.column_pruning import unused_after_checks
from crm_kpi.engine.memory import OutOfCore
from crm_kpi.engine.plan import Requests, Specs, requests, tables_read
from crm_kpi.engine.scan_in_place import scan
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.frames.backend import Backend
from crm_kpi.messages import text
from crm_kpi.periods import KnownUntil
from crm_kpi.sources.io.budget import MemoryBudget
from crm_kpi.sources.io.folders import is_utf8
from crm_kpi.sources.loading.dimension_files import Dimension
from crm_kpi.sources.loading.loaded_table import LoadedTable, ScannedTable, TableInput
from crm_kpi.sources.spec import DatedRates, Identities, ReadOptions
from crm_kpi.tables import SURVEYS, TABLES, Kind, rejected

if TYPE_CHECKING:
    from crm_kpi.config import Config
    from crm_kpi.sources.mapping.session import Session

Read = Callable[[Specs, ReadOptions], dict[str, LoadedTable]]
TableInputs = dict[str, TableInput]


def load(
    read: Read,
    backend: Backend,
    config: Config,
    specs: Specs,
    ready: Requests,
    as_of: KnownUntil,
    columns: Iterable[str],
    tables: Iterable[str] = (),
) -> TableInputs:
    """The tables that the KPIs ask for.

    Args:
        read: what reads the tables that are not read in place.
        columns: those of --by and --where.
        tables: are read whoever needs them.

    Raises:
        DataError: as the loader and `scan_in_place.scan` say, or sums would be too large.
        UsageError: a source asks for what its reader cannot do.
    """
    wanted = {*tables_read(ready, specs), *tables}
    asked = {*columns}
    asked |= {rule.by for rules in config.kpi_thresholds.values() for rule in rules if rule.by}
    texts: dict[str, set[str]] = {table: set(asked) for table in wanted}
    for table, name in (column for request in ready for column in request.columns_read()):
        if table in texts and _may_be_text(table, name):
            texts[table].add(name)
    spent = unused_after_checks(ready, asked)
    # --by and --where may join customers to any table.
    needed = None if asked else _needed(ready, wanted)
    options = read_options(config, as_of, texts, spent=spent, named=asked, needed=needed)
    in_place = set(config.engine.in_place)
    here = {t: specs[t] for t in TABLES if t in wanted and t not in in_place}
    loaded: TableInputs = {**read(here, options)}
    for table in (t for t in TABLES if t in wanted and t in in_place):
        codes = (options.currency, *(one.currency for one in loaded.values()))
        currency = next(filter(None, codes), None)
        loaded[table] = scan(backend, table, specs[table], replace(options, currency=currency))
    sizes.check(loaded)
    return loaded


def _may_be_text(table: str, name: str) -> bool:
    """Whether a column is a text, or one of the file's own, which has no other type."""
    return name not in TABLES[table] or TABLES[table][name].kind is Kind.TEXT


def _needed(ready: Requests, tables: Iterable[str]) -> dict[str, frozenset[str]]:
    """Per table: the columns that the KPIs name."""
    read = [column for request in ready for column in request.columns_read()]
    return {table: frozenset(name for of, name in read if of == table) for table in tables}


def reader(
    config: Config, session: Session, space: OutOfCore | None, tell: Callable[[str], None]
) -> Read:
    """What turns sources into typed tables; `tell` takes what is wrong with the cache.

    Raises:
        UsageError: the cache's folder has a name that is not UTF-8.
    """
    from crm_kpi import sources

    if space is not None:
        from crm_kpi.sources.loading import out_of_core

        return partial(out_of_core.load_all, session=session, folder=space.folder, room=space.bytes)
    load = partial(sources.load_all, session=session)
    folder = config.cache_folder()
    if folder is None:
        return load
    if not is_utf8(str(folder)):
        raise UsageError(
            text("engine.cache_not_utf8", path=folder), hint=text("engine.name_other_cache")
        )
    from crm_kpi.sources.loading import cache

    return partial(cache.load_all, folder=folder, load=load, tell=tell)


def read_options(
    config: Config,
    as_of: KnownUntil,
    texts: Mapping[str, set[str]],
    *,
    spent: Mapping[str, frozenset[str]] | None = None,
    named: Iterable[str] = (),
    needed: dict[str, frozenset[str]] | None = None,
    everything: bool = False,
) -> ReadOptions:
    """How all sources are read; the scale of each survey is its metric's."""
    scales, declared, high_is_easy = {}, set(), None
    for survey in SURVEYS:
        (request,) = requests(config, [survey])
        scales[survey] = tuple(getattr(request.definition, "scale"))  # noqa: B009
        variant = config.definitions.get(survey)
        said = variant.definition.model_fields_set if variant else set()
        declared |= {survey} if "scale" in said else set()
        if survey == "ces" and "high_is_easy" in said:
            high_is_easy = getattr(request.definition, "high_is_easy")  # noqa: B009
    rates, rates_file = _exchange_rates(config)
    return ReadOptions(
        as_of=as_of.day,
        moment=as_of.moment,
        timezone=config.timezone,
        own_zone="timezone" not in config.model_fields_set and not _has_zone(config),
        currency=config.currency,
        exchange_rates=rates,
        rates_file=rates_file,
        identities=_identities(config),
        scales=scales,
        declared_scales=frozenset(declared),
        high_is_easy=high_is_easy,
        rejected_rows=config.limits.rejected_rows,
        texts={table: frozenset(names) for table, names in texts.items()},
        named=frozenset(named),
        needed=needed,
        locale=config.locale,
        open_meaning=config.limits.open_meaning,
        until_data=config.as_of == "data",
        spent=dict(spent or {}),
        everything=everything,
    )


def _exchange_rates(
    config: Config,
) -> tuple[dict[str, Decimal | DatedRates], tuple[str, str] | None]:
    """The rates of the config or of its file, and of the file where it is and how it is written.

    Raises:
        UsageError, DataError: as `exchange_rates.read` says.
    """
    file = config.rates_file
    if file is None:
        return config.dated_rates, None
    from crm_kpi.sources.loading import exchange_rates
    from crm_kpi.sources.mapping.session import Session

    session = Session(MemoryBudget.of(config.limits.memory))
    assert config.currency is not None
    rates, line = exchange_rates.read(file, config.currency, session)
    return {**rates}, (file.path, line)


def _identities(config: Config) -> Identities | None:
    """
    Raises:
        UsageError, DataError: as `identities_file.read` says.
    """
    file = config.identities_file
    if file is None:
        return None
    from crm_kpi.sources.loading import identities_file
    from crm_kpi.sources.mapping.session import Session

    return identities_file.read(file, Session(MemoryBudget.of(config.limits.memory)))


def _has_zone(config: Config) -> bool:
    """Whether business hours are those of a declared time zone, on which times are to stay."""
    definitions = (variant.definition for variant in config.definitions.values())
    hours = (getattr(definition, "business_hours", None) for definition in definitions)
    return any(getattr(one, "zone", None) for one in hours)


def refuse_same_columns(by: Sequence[str], loaded: Mapping[str, TableInput]) -> None:
    """Refuses segments that are the same.

    Raises:
        UsageError: a column to split by is named twice, or by its header and its name here.
    """
    columns = [table.audit.columns for table in loaded.values()]
    for place, name in enumerate(by):
        for other in by[:place]:
            pair = {name, other}
            if len(pair) == 1 or any(pair == {*item} for each in columns for item in each.items()):
                reason = text("engine.by_twice", column=name)
                if other != name:
                    reason = text("engine.by_same", column=other, other=name)
                raise UsageError(reason, hint=text("engine.name_once"))


def refuse_unknown_words(
    words: Iterable[tuple[str, str, str | None]],
    loaded: Mapping[str, TableInput],
    lookups: Sequence[Dimension] = (),
) -> None:
    """A value to filter or to judge by that no row has is a word spelt otherwise.

    Args:
        words: where each stands, its column, and the value; a blank is always right.
        lookups: the dimensions that have such columns.

    Raises:
        UsageError: the first that no row of any table has, unless a table lies in place.
    """
    words_of = cache(partial(_words_of, loaded, lookups))
    for place, column, word in words:
        there = words_of(column)
        if word is None or there is None or word in there:
            continue
        some = ", ".join(sorted(there)[:10])
        raise UsageError(
            text("engine.no_row_has", place=place, column=column, value=word),
            hint=did_you_mean(word, there) or text("engine.words_are", words=some),
        )


def _words_of(
    loaded: Mapping[str, TableInput], lookups: Sequence[Dimension], column: str
) -> set[str] | None:
    there = dimensions.words_of(lookups, column)
    for table in loaded.values():
        if isinstance(table, ScannedTable):
            if column in table.headers:
                return None
            continue
        # Rejected rows too: data quality judges all rows.
        for rows in (table.frame, table.rejected):
            if column in rows.columns:
                there.update(map(str, rows[column].drop_nulls().unique().to_list()))
    return there


def prepare(backend: Backend, loaded: TableInputs) -> TableInputs:
    """Tables that were read, in the engine's form. Nobody holds their first form any longer."""
    here = {name: table for name, table in loaded.items() if isinstance(table, LoadedTable)}
    if len(here) < len(loaded):
        return loaded
    frames = {name: table.frame for name, table in here.items()}
    frames |= {rejected(n): table.rejected for n, table in here.items() if len(table.rejected)}
    frames = backend.prepare(frames)
    return {
        name: replace(
            table, frame=frames[name], rejected=frames.get(rejected(name), table.rejected)
        )
        for name, table in here.items()
    }
