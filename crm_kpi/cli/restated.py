"""`crm-kpi restated LOG`: which values are no longer what they were when first reported, and why.

Every value of the log is asked again as it was asked then, of the files as they are now. Its own
definition is the config's of today: where that is another, this is why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

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
        today = Recomputed.of(_computed(values, config, specs, options), config, specs)
        for value in today.in_force(values):
            compared += 1
            changes += today.restated(value)
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


@dataclass(frozen=True)
class Recomputed:
    """What one run says today.

    results: by KPI, first day, day after the last and segment.
    accounts: of each KPI the tables that it rests on, as the log has them.
    reading: the fingerprint of how the config reads files.
    """

    report: Report
    results: Mapping[tuple[Any, ...], Result]
    accounts: Mapping[str, Mapping[str, Mapping[str, Any]]]
    reading: str

    @classmethod
    def of(cls, report: Report, config: Config, specs: Specs) -> Self:
        results = {
            (r.metric, r.start.isoformat(), r.end.isoformat(), encode(r.segment)): r
            for r in report.results
        }
        tables = value_log.tables_of(report, config, specs)
        accounts = {name: value_log.account(report, needed) for name, needed in tables.items()}
        return cls(report, results, accounts, value_log.reading(config))

    def in_force(self, values: Sequence[LoggedValue]) -> Iterator[LoggedValue]:
        """Of the values of one question that with the definition of today, else the last one;
        within the periods that were asked for."""
        spans = {(start, end) for _, start, end, _ in self.results}
        by_question: dict[tuple[Any, ...], list[LoggedValue]] = {}
        for value in values:
            if not spans or (value.start, value.end) in spans:
                by_question.setdefault(value.question, []).append(value)
        for several in by_question.values():
            result = self.results.get(_place(several[0]))
            now = value_log.as_json(result.definition) if result else None
            yield next((value for value in several if value.definition == now), several[-1])

    def restated(self, value: LoggedValue) -> Iterator[Restatement]:
        """Nothing where the value is as it was."""
        result = self.results.get(_place(value))
        if result is None:
            if value.value is not None:
                yield Restatement(value, None, self._gone(value.metric))
            return
        now = value_log.as_json(result.value)
        if (now, result.unit) != (value.value, value.unit):
            yield Restatement(value, now, joined(self._causes(value, result)))

    def _gone(self, metric: str) -> Message:
        skipped = [skip.reason for skip in self.report.skipped if skip.metric == metric]
        gone = text("restated.no_segment") if metric in self.accounts else text("restated.no_kpi")
        return joined(skipped or [gone])

    def _causes(self, value: LoggedValue, result: Result) -> list[Message]:
        """What is no longer as it was then, as far as the log tells it."""
        causes = [*self._other_question(value, result)]
        now = self.accounts[value.metric]
        tables = [*dict.fromkeys((*value.sources, *now))]
        if value_log.as_json(result.definition) != value.definition:  # it may rest on others
            tables = [table for table in value.sources if table in now]
        causes += _of_tables(tables, value.sources, now)
        as_of = self.report.as_of.isoformat()
        if not causes and as_of != value.as_of:
            causes.append(text("restated.as_of", old=value.as_of, new=as_of))
        if result.value is None and result.reason:
            causes.append(text("restated.no_value", reason=result.reason))
        return causes or [text("restated.unknown")]

    def _other_question(self, value: LoggedValue, result: Result) -> Iterator[Message]:
        """What of it is not in the files."""
        definition = value_log.as_json(result.definition)
        if definition != value.definition:
            changes = ", ".join(_changes(value.definition, definition))
            yield text("restated.definition", changes=changes)
        if result.unit != value.unit:
            yield text("restated.unit", old=value.unit, new=result.unit)
        if self.report.version != value.version:
            yield text("restated.version", old=value.version, new=self.report.version)
        if self.reading != value.reading:
            yield text("restated.reading")


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            then, now = (_plain(block.get(key)) for block in (old, new))
            yield f"{key} {then} → {now}"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return NOTHING if value is None else str(value)


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
