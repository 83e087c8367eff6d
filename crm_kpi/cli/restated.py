"""`crm-kpi restated LOG`: which values are no longer what they were when first reported, and why.

Every value of the log is asked again as it was asked then, of the files as they are now. Its own
definition is the config's of today: where that is another, this is why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm_kpi.cli import progress, restated_output, value_log
from crm_kpi.cli.output import inputs, opened, refuse_inputs
from crm_kpi.cli.report import sources
from crm_kpi.cli.restated_options import RestatedOptions
from crm_kpi.cli.restated_output import Restatement
from crm_kpi.cli.value_log import LoggedValue
from crm_kpi.engine.run import KpiQuery, Specs, compute, everything
from crm_kpi.errors import DataError, ExitCode, UsageError
from crm_kpi.messages import Message, joined, text
from crm_kpi.render.as_json import encode
from crm_kpi.render.cells import NOTHING
from crm_kpi.results import Report, Result

if TYPE_CHECKING:
    from crm_kpi.config.model import Config

_Asked = tuple[str, tuple[str, ...], str]
"""Length of the periods, columns, and what rows: what one run can be asked."""


def run(options: RestatedOptions) -> int:
    """
    Raises:
        DataError: the log cannot be read.
        UsageError: there is nothing to compute from, or nothing of the log is asked for.
    """
    log = _log(options)
    config, specs = sources(options)
    if not specs:
        raise UsageError(text("cli.nothing_to_report"), hint=text("cli.give_files"))
    changes: list[Restatement] = []
    compared = 0
    for values in _runs([value for value in log if _is_asked(value, options)]):
        reports = _computed(values, config, specs, options)
        for value in _in_force(values, reports):
            compared += 1
            changes += _restated(value, reports, config, specs)
    if not compared:
        raise UsageError(text("restated.nothing"), hint=text("restated.leave_out"))
    read = [*inputs(config, specs), options.log_file]
    refuse_inputs(options.output, read)
    with opened(options.output, mark=options.excel) as stream:
        restated_output.write(changes, compared, options.format, stream)
    changed = options.fail_on_change and changes
    return ExitCode.MISSED if changed else ExitCode.OK


def _log(options: RestatedOptions) -> Sequence[LoggedValue]:
    """The first line of each value."""
    try:
        log = value_log.read(options.log_file)
    except OSError as error:
        raise DataError(
            text("restated.unreadable", path=options.log_file, why=error.strerror),
            hint=text("restated.write_one"),
        ) from error
    if not log.values:
        raise DataError(
            text("restated.empty", path=options.log_file), hint=text("restated.write_one")
        )
    if not options.quiet:
        value_log.tell(log)
    return [*{value.identity: value for value in reversed(log.values)}.values()][::-1]


def _is_asked(value: LoggedValue, options: RestatedOptions) -> bool:
    """Whether the options leave the value in: those that are not given say nothing."""
    where = value_log.as_json(dict(sorted(options.filters.items())))
    return (
        options.every in (None, value.every)
        and (not options.by or {*options.by} == value.segment.keys())
        and (not options.where or where == value.where)
    )


def _runs(values: Sequence[LoggedValue]) -> Iterator[list[LoggedValue]]:
    """The values that one run can compute."""
    runs: dict[_Asked, list[LoggedValue]] = {}
    for value in values:
        key = (value.every, (*value.segment,), repr(value.where))
        runs.setdefault(key, []).append(value)
    yield from runs.values()


def _computed(
    values: Sequence[LoggedValue], config: Config, specs: Specs, options: RestatedOptions
) -> Report:
    """What the values are now."""
    first, known = values[0], everything(config)
    bounds = {
        "from_": min(value.start for value in values),
        "to": _day_before(max(value.end for value in values)),
    }
    if options.from_ or options.to or options.last:
        bounds = {}
    periods = config.periods.model_copy(update={"every": first.every, **bounds})
    names = sorted({value.metric for value in values} & {*known})
    query = KpiQuery(names, (*first.segment,), first.where)
    config = config.model_copy(update={"periods": periods, "thresholds": {}})
    with progress.shown(quiet=options.quiet) as read_progress:
        report = compute(config, query, specs, progress=read_progress)
    report.asked = replace(report.asked, where=first.where)
    return report


def _day_before(end: str) -> str:
    return (date.fromisoformat(end) - timedelta(days=1)).isoformat()


def _place(value: LoggedValue) -> tuple[Any, ...]:
    return value.metric, value.start, value.end, encode(dict(value.segment))


def _results(report: Report) -> dict[tuple[Any, ...], Result]:
    return {
        (
            result.metric,
            result.start.isoformat(),
            result.end.isoformat(),
            encode(result.segment),
        ): result
        for result in report.results
    }


def _in_force(values: Sequence[LoggedValue], report: Report) -> Iterator[LoggedValue]:
    """Of the values of one question that with the definition of today, else the last one; within
    the periods that were asked for."""
    results = _results(report)
    spans = {(result.start.isoformat(), result.end.isoformat()) for result in report.results}
    by_question: dict[tuple[Any, ...], list[LoggedValue]] = {}
    for value in values:
        if not spans or (value.start, value.end) in spans:
            by_question.setdefault(value.question, []).append(value)
    for several in by_question.values():
        result = results.get(_place(several[0]))
        now = value_log.as_json(result.definition) if result else None
        yield next((value for value in several if value.definition == now), several[-1])


def _restated(
    value: LoggedValue, report: Report, config: Config, specs: Specs
) -> Iterator[Restatement]:
    result = _results(report).get(_place(value))
    now = None if result is None else value_log.as_json(result.value)
    if now != value.value or (result is not None and result.unit != value.unit):
        why = _why(value, result, report, config, specs)
        yield Restatement(value, now, why)


def _why(
    value: LoggedValue, result: Result | None, report: Report, config: Config, specs: Specs
) -> Message:
    """What is no longer as it was then, as far as the log tells it."""
    if result is None:
        skipped = [skip.reason for skip in report.skipped if skip.metric == value.metric]
        known = any(each.metric == value.metric for each in report.results)
        gone = text("restated.no_segment") if known else text("restated.no_kpi")
        return joined(skipped or [gone])
    causes: list[Message] = []
    definition = value_log.as_json(result.definition)
    if definition != value.definition:
        changes = ", ".join(_changes(value.definition, definition))
        causes.append(text("restated.definition", changes=changes))
    if result.unit != value.unit:
        causes.append(text("restated.unit", old=value.unit, new=result.unit))
    if report.version != value.version:
        causes.append(text("restated.version", old=value.version, new=report.version))
    if value_log.reading(config) != value.reading:
        causes.append(text("restated.reading"))
    tables = value_log.tables_of(report, config, specs)[value.metric]
    now = value_log.account(report, tables)
    compared = [*dict.fromkeys((*value.sources, *now))]
    if definition != value.definition:  # another may rest on other tables
        compared = [table for table in value.sources if table in now]
    causes += _of_tables(compared, value.sources, now)
    if not causes and report.as_of.isoformat() != value.as_of:
        causes.append(text("restated.as_of", old=value.as_of, new=report.as_of.isoformat()))
    if result.value is None and result.reason:
        causes.append(text("restated.no_value", reason=result.reason))
    return joined(causes or [text("restated.unknown")])


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            then, now = (NOTHING if block.get(key) is None else block[key] for block in (old, new))
            yield f"{key} {then} → {now}"


def _of_tables(
    tables: Sequence[str],
    old: Mapping[str, Mapping[str, Any]],
    new: Mapping[str, Mapping[str, Any]],
) -> Iterator[Message]:
    nothing: Mapping[str, Any] = {"rows": 0, "sha256": []}
    for table in tables:
        then, now = old.get(table, nothing), new.get(table, nothing)
        if then["rows"] != now["rows"]:
            yield text("restated.rows", table=table, old=then["rows"], new=now["rows"])
        elif sorted(then["sha256"]) != sorted(now["sha256"]):
            yield text("restated.other_rows", table=table, rows=now["rows"])
