"""What a recipient is to be told now: what is new, what is due again, what has recovered.

    new         it was not told, or at another level
    due again   it was told longer ago than `again`
    recovered   it was told, and the goal is met now, or the value is usual; said once

Of a list of what is to be done each row is new or due by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from crm_kpi.config.notify_block import Recipient
from crm_kpi.notify.told import Findings, ToldFinding
from crm_kpi.render.as_json import encode
from crm_kpi.results import FindingLevel, KpiFinding, Rating, Report, Result

ListRow = Mapping[str, Any]

_LEVELS: Mapping[str, frozenset[FindingLevel]] = {
    "missed": frozenset((FindingLevel.MISSED,)),
    "warning": frozenset((FindingLevel.MISSED, FindingLevel.WARNING)),
    "unusual": frozenset(FindingLevel),
    "always": frozenset(FindingLevel),
}
_OF_GOALS = (FindingLevel.MISSED, FindingLevel.WARNING)
_ROW_KEYS = {"unresolved": ("ticket_id",), "follow_up": ("customer_id", "purchased")}
"""What makes a row of a list the same on another day."""
WRITTEN_TO = frozenset(("follow_up",))
"""Lists of customers to write to: nobody is to be written to twice over one purchase."""
_KEPT = timedelta(days=400)
"""How long it is known who was on such a list, also while they are not on it."""
UNREADABLE = "input"
"""The key, and the level, of input that cannot be trusted."""


@dataclass(frozen=True)
class DueFinding:
    """
    is_new: it is told for the first time, or again; else only beside others, in a report.
    rows: of a list, the rows that are due; None of a number.
    """

    finding: KpiFinding
    is_new: bool
    rows: Sequence[ListRow] | None = None

    @property
    def key(self) -> str:
        return key_of(self.finding.metric, self.finding.segment)


@dataclass(frozen=True)
class Due:
    """
    findings: what is told, the worst first.
    recovered: results that are well again.
    readable: the input can be trusted again.
    known: how many findings were told before and go on.
    memory: what has been told, once this is.
    """

    findings: Sequence[DueFinding]
    recovered: Sequence[Result]
    readable: bool
    known: int
    memory: Findings = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.findings or self.recovered or self.readable)


def decide(
    recipient: Recipient,
    report: Report,
    lists: Mapping[str, str],
    told: Findings,
    now: datetime,
) -> Due:
    """
    Args:
        report: of what the recipient wants to know of, and no more.
        lists: name: the analysis of which it is a variant, of all lists in the report.
        told: what the recipient was told before.
    """
    levels, every_run = _LEVELS[recipient.when], recipient.when == "always"
    memory: dict[str, ToldFinding] = {}
    due: list[DueFinding] = []
    known = 0
    for finding in report.findings:
        if finding.level not in levels:
            continue
        key = key_of(finding.metric, finding.segment)
        before, analysis = told.get(key), lists.get(finding.metric)
        if analysis is None:
            shown, memory[key] = _number(recipient, finding, before, now)
        else:
            rows = report.tables.get(finding.metric, ())
            shown, memory[key] = _list(recipient, finding, analysis, rows, before, now)
        if every_run or shown.is_new:
            due.append(shown)
        else:
            known += 1
    results = _latest(report)
    recovered: list[Result] = []
    for key, before in told.items():
        if key in memory or key == UNREADABLE:
            continue
        result = results.get(key)
        written_to = result is not None and lists.get(result.metric) in WRITTEN_TO
        if written_to:
            kept = _recent(before.rows, now)
            if kept:
                memory[key] = ToldFinding(before.level, before.at, kept)
        elif not _is_over(before, result):
            memory[key] = before
        elif before.level in (*_OF_GOALS, FindingLevel.WORSE):
            assert result is not None
            recovered.append(result)
    return Due(due, recovered, UNREADABLE in told, known, memory)


def is_unreadable_due(recipient: Recipient, told: Findings, now: datetime) -> bool:
    """Whether it is to be told that the input cannot be trusted."""
    before = told.get(UNREADABLE)
    return before is None or not recipient.is_quiet_about(_seconds(before.at, now), once=False)


def key_of(metric: str, segment: Mapping[str, str | None]) -> str:
    """Of a finding: the same KPI and segment, whatever the period."""
    return f"{metric} {encode(dict(segment))}" if segment else metric


def _number(
    recipient: Recipient, finding: KpiFinding, before: ToldFinding | None, now: datetime
) -> tuple[DueFinding, ToldFinding]:
    same = before is not None and before.level == finding.level
    if before and same and recipient.is_quiet_about(_seconds(before.at, now), once=False):
        return DueFinding(finding, False), before
    return DueFinding(finding, True), ToldFinding(finding.level.value, now)


def _list(
    recipient: Recipient,
    finding: KpiFinding,
    analysis: str,
    rows: Sequence[ListRow],
    before: ToldFinding | None,
    now: datetime,
) -> tuple[DueFinding, ToldFinding]:
    once = analysis in WRITTEN_TO
    earlier = before.rows if before else {}
    by_digest = {_digest(analysis, row): row for row in rows}
    quiet = {
        digest: at
        for digest in by_digest
        if (at := earlier.get(digest)) and recipient.is_quiet_about(_seconds(at, now), once=once)
    }
    due = {digest: row for digest, row in by_digest.items() if digest not in quiet}
    kept = _recent(earlier, now) if once else {}
    after = {**kept, **quiet, **dict.fromkeys(due, now)}
    at = now if due or before is None else before.at
    return DueFinding(finding, bool(due), [*due.values()]), ToldFinding(
        finding.level.value, at, after
    )


def _recent(rows: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    return {digest: at for digest, at in rows.items() if now - at < _KEPT}


def _digest(analysis: str, row: ListRow) -> str:
    """A row without what is in it: no id of a customer is kept."""
    parts = [row[name] for name in _ROW_KEYS[analysis]]
    return sha256(encode(parts).encode()).hexdigest()[:24]


def _latest(report: Report) -> dict[str, Result]:
    """The result of the last whole period of each KPI and segment, by its key."""
    latest: dict[str, Result] = {}
    for result in _regular(report.results, report.asked.custom):
        key = key_of(result.metric, result.segment)
        last = latest.get(key)
        if last is None or result.end > last.end:
            latest[key] = result
    return latest


def _regular(results: Iterable[Result], custom: frozenset[str]) -> Iterable[Result]:
    return (r for r in results if not r.partial and r.period not in custom)


def _is_over(before: ToldFinding, result: Result | None) -> bool:
    """A goal is met again, a value usual: not where there is no value, or no goal, any more."""
    if result is None or result.value is None:
        return False
    if before.level in _OF_GOALS:
        return result.rating is Rating.MET
    return not result.unusual


def _seconds(at: datetime, now: datetime) -> float:
    return (now - at).total_seconds()
