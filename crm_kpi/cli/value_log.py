"""`--log FILE.ndjson`: every value of a whole period as it was first reported, a line each.

A value is known by its KPI, its period, its segment, its definition, what rows it was asked of and
its unit. What stands in the log already is not added again, and never rewritten: `crm-kpi restated`
shows what has changed since.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO

from crm_kpi.cli import log_lines, notices
from crm_kpi.cli.destination import located
from crm_kpi.cli.output import OutputName, inputs, refuse_inputs, unwritable
from crm_kpi.engine.run import Specs, requests
from crm_kpi.errors import OutputError
from crm_kpi.kpi import Kpi, KpiRequest
from crm_kpi.messages import Message, text
from crm_kpi.render.as_json import encode
from crm_kpi.results import Report, Result, Status

if TYPE_CHECKING:
    from crm_kpi.cli.options import QueryOptions
    from crm_kpi.config.model import Config

OPTION = "--log"
LONGEST_LINE = 1 << 20
"""Bytes. What is longer was not written here."""
_SHOWN = 5
"""Lines that are passed over, as far as each is told."""
PATIENCE = 30
"""Seconds for which another run may hold the log."""
_READING = (
    "timezone",
    "currency",
    "exchange_rates",
    "locale",
    "sources",
    "dimensions",
    "identities",
)
"""Keys of a config by which files become numbers; definitions stand with each value."""


@dataclass(frozen=True)
class LoggedValue:
    """A line of the log.

    every: the length of its period, by which it can be asked again.
    sources: the tables that it rests on: rows used, and the SHA-256 of the files.
    reading: SHA-256 of what the config says of how they are read.
    """

    metric: str
    period: str
    start: str
    end: str
    segment: Mapping[str, str | None]
    definition: Mapping[str, Any]
    where: Mapping[str, Sequence[str | None]]
    every: str
    unit: str
    value: Decimal | int | None
    n: int | None
    status: str
    as_of: str
    reported_at: str
    run_id: str
    version: str
    sources: Mapping[str, Mapping[str, Any]]
    reading: str

    @property
    def identity(self) -> str:
        """What no two lines of a log share."""
        return encode([self.definition, *self.question])

    @property
    def question(self) -> tuple[Any, ...]:
        """The identity without the definition."""
        place = (self.metric, self.period, self.start, self.end)
        return (*place, encode(dict(self.segment)), encode(dict(self.where)), self.unit)


_NAMES = frozenset(field.name for field in fields(LoggedValue))


@dataclass(frozen=True)
class ValueLog:
    """What stands in a log, in its order, and what of it cannot be read."""

    values: Sequence[LoggedValue]
    faults: Sequence[Message]


def keep(
    report: Report,
    config: Config,
    specs: Specs,
    options: QueryOptions,
    rhythms: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> None:
    """Adds to the log that is asked for what a report says for the first time.

    Args:
        rhythms: KPI and period: the length of its periods, where it is not that of the config.

    Raises:
        UsageError, OutputError: as `append` says.
    """
    if options.log is None:
        return
    tables = tables_of(report, config, specs)
    results = [
        (result, rhythms.get((result.metric, result.period), config.periods.every))
        for result in report.results
        if result.metric in tables and not result.partial and result.status is not Status.PENDING
    ]
    values = _values(report, config, results, tables)
    if not values:
        return
    append(options.log, values, [*inputs(config, specs), options.output], quiet=options.quiet)


def tables_of(report: Report, config: Config, specs: Specs) -> dict[str, tuple[str, ...]]:
    """The tables that each KPI of a report rests on; goals of other things and lists have none."""
    names = {result.metric for result in report.results} - config.goals.keys()
    is_cut = bool(report.asked.where) or any(result.segment for result in report.results)

    def cut(request: KpiRequest[Kpi]) -> tuple[str, ...]:
        filtered = any(each.where for each in (request, *request.parts()))
        return ("customers",) if is_cut or filtered else ()

    return {
        request.name: (*dict.fromkeys((*request.needs, *request.optional, *cut(request))),)
        for request in requests(config, sorted(names), specs)
        if not request.kpi.counts_rows
    }


def _values(
    report: Report,
    config: Config,
    results: Sequence[tuple[Result, str]],
    tables: Mapping[str, Sequence[str]],
) -> list[LoggedValue]:
    how = reading(config)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    accounts = {name: account(report, needed) for name, needed in tables.items()}
    return [
        LoggedValue(
            metric=result.metric,
            period=result.period,
            start=result.start.isoformat(),
            end=result.end.isoformat(),
            segment=result.segment,
            definition=as_json(result.definition),
            where=as_json(dict(sorted(report.asked.where.items()))),
            every=every,
            unit=result.unit,
            value=as_json(result.value),
            n=result.n,
            status=result.status.value,
            as_of=report.as_of.isoformat(),
            reported_at=now,
            run_id=log_lines.run_id(),
            version=report.version,
            sources=accounts[result.metric],
            reading=how,
        )
        for result, every in results
    ]


def account(report: Report, tables: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Of each table that has rows: how many are used, and of which files."""
    audits = {name: report.sources[name] for name in tables if name in report.sources}
    return {
        name: {"rows": audit.used, "sha256": [*audit.sha256]}
        for name, audit in audits.items()
        if audit.rows
    }


def reading(config: Config) -> str:
    """A fingerprint of what the config says of how files are read."""
    said = repr([(name, getattr(config, name)) for name in _READING])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def as_json(value: Any) -> Any:
    """As it comes back from the log: decimals with all their digits, lengths of time as text."""
    return json.loads(encode(value), parse_float=Decimal)


def append(
    path: str, values: Sequence[LoggedValue], others: Sequence[OutputName | None], *, quiet: bool
) -> None:
    """Adds what is not in the log yet, all of it or nothing.

    Args:
        others: inputs and outputs of the run, none of which may be the log.

    Raises:
        UsageError: the log is one of them.
        OutputError: it cannot be written, or another run holds it for too long.
    """
    refuse_inputs(path, [other for other in others if other is not None], OPTION)
    try:
        with _opened(path) as file, _locked(path):
            log, ends_well = _read(file, path)
            known = {value.identity for value in log.values}
            new = [value for value in values if value.identity not in known]
            lines = "".join(f"{encode(vars(value))}\n" for value in new)
            _add(file, ("" if ends_well else "\n") + lines if lines else "")
    except OSError as error:
        raise unwritable(OPTION, path, error, text("cli.check_output")) from error
    if not quiet:
        tell(log)


def tell(log: ValueLog) -> None:
    """The lines that are passed over."""
    for fault in log.faults[:_SHOWN]:
        notices.warning(fault)
    if len(log.faults) > _SHOWN:
        notices.warning(text("cli.more_problems", number=len(log.faults) - _SHOWN))


def read(path: str) -> ValueLog:
    """
    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        return _read(file, path)[0]


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """Keeps other runs away, by a file beside the log."""
    from filelock import FileLock, Timeout

    lock = f"{path}.lock"
    with located(lock) as place:
        place.status()  # refuses a link that somebody else put there
    try:
        with FileLock(lock, timeout=PATIENCE):
            yield
    except Timeout as error:
        raise OutputError(
            text("restated.locked", path=path, seconds=PATIENCE),
            hint=text("restated.wait", lock=lock),
        ) from error


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """The log, made where there is none; a link of somebody else is not followed."""
    with located(path) as place:
        status = place.status()
        if status is not None and not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, text("restated.no_file"))
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        with open(place.open(flags, 0o666), "r+b") as file:
            place.refuse_planted(os.fstat(file.fileno()))
            yield file


def _add(file: BinaryIO, lines: str) -> None:
    """One write; what of it did not fit on the disk is taken back."""
    content = lines.encode()
    if not content:
        return
    size = os.fstat(file.fileno()).st_size
    if os.write(file.fileno(), content) < len(content):
        os.ftruncate(file.fileno(), size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(file.fileno())


def _read(file: BinaryIO, path: str) -> tuple[ValueLog, bool]:
    """The log, and whether it ends with a whole line."""
    values: list[LoggedValue] = []
    faults: list[Message] = []
    line, number, begins = b"\n", 0, True
    lines = iter(lambda: file.readline(LONGEST_LINE), b"")
    for line in lines:
        number += begins
        value = _value(line) if begins else None
        if value is not None:
            values.append(value)
        elif begins and line.strip():
            faults.append(text("restated.no_line", path=path, line=number))
        begins = line.endswith(b"\n")
    return ValueLog(values, faults), line.endswith(b"\n")


def _value(line: bytes) -> LoggedValue | None:
    """None for what is no line of ours, or half of one."""
    try:
        found = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    if not line.endswith(b"\n") or not isinstance(found, dict) or not found.keys() >= _NAMES:
        return None
    value = LoggedValue(**{name: found[name] for name in _NAMES})
    return value if _is_sound(value) else None


def _is_sound(value: LoggedValue) -> bool:
    """Whether the fields are of the kinds that they were written as."""
    blocks = (value.segment, value.definition, value.where, value.sources)
    words = (value.metric, value.period, value.every, value.unit, value.as_of)
    more = (value.reported_at, value.version, value.reading, value.run_id)
    try:
        date.fromisoformat(value.start), date.fromisoformat(value.end)
    except (TypeError, ValueError):
        return False
    number = value.value is None or isinstance(value.value, int | Decimal)
    tables = isinstance(value.sources, dict) and all(
        isinstance(one, dict) and {"rows", "sha256"} <= one.keys() for one in value.sources.values()
    )
    return (
        number
        and tables
        and all(isinstance(block, dict) for block in blocks)
        and all(isinstance(word, str) for word in (*words, *more))
    )
