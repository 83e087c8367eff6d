"""A report as plain records with full precision: what json, ndjson and csv write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

from crm_kpi.errors import Problem, UsageError
from crm_kpi.results import Account, Report, Result

RESULT_FIELDS = (
    "metric",
    "period",
    "start",
    "end",
    "partial",
    "segment",
    "value",
    "unit",
    "n",
    "low",
    "high",
    "components",
    "definition",
    "previous",
    "change",
    "target",
    "warning",
    "rating",
    "status",
    "reason",
    "progress",
)
"""The fields of a result, in the order in which they are written."""
_RESULT_VALUES = attrgetter(*RESULT_FIELDS)


def result_record(result: Result) -> dict[str, Any]:
    return dict(zip(RESULT_FIELDS, _RESULT_VALUES(result), strict=True))


def source_record(account: Account) -> dict[str, Any]:
    """Where every row of a source went; the table's name is the key it stands under."""
    return {
        "paths": account.paths,
        "rows": account.rows,
        "used": account.used,
        "rejected": account.rejected,
        "problems": [_problem_record(problem) for problem in account.problems],
        "duplicates": account.duplicates,
        "excluded": account.excluded,
        "future": account.future,
        "skipped": account.skipped,
        "unknown_customers": account.unknown_customers,
        # The most frequent first; by name where equal, so that every run agrees.
        "reasons": dict(sorted(account.reasons.items(), key=lambda item: (-item[1], item[0]))),
        "columns": account.columns,
        "notes": account.notes,
        "bytes": account.bytes,
        "sha256": account.sha256,
    }


def union_of_names(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every name of the records, in the order of first appearance."""
    return list(dict.fromkeys(name for record in records for name in record))


def has_own_text(value: Any) -> bool:
    """Whether a setting is written as its text: a length of time is a named tuple, 90d."""
    return isinstance(value, tuple) and type(value) is not tuple


def only_table(report: Report, format: str) -> list[dict[str, Any]] | None:
    """The rows that a line-by-line format writes instead of results.

    None where the report has results (its tables are then left to json), or
    nothing at all.

    Raises:
        UsageError: several tables and no results; one stream of rows cannot hold them.
    """
    if report.results or not report.tables:
        return None
    if len(report.tables) > 1:
        names = ", ".join(report.tables)
        raise UsageError(
            f"{format} holds one table, and this answer has {len(report.tables)}: {names}",
            hint="use --format json, or ask for one of them",
        )
    return next(iter(report.tables.values()))


def _problem_record(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason,
        "hint": problem.hint,
    }
