"""What stderr says beside the answer: where the rows went, what was assumed."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from crm_kpi.cli.options import QueryOptions, ValidateOptions
from crm_kpi.render.text import visible
from crm_kpi.results import Report, SourceAudit

SHOWN = 3
"""Rejected rows shown per source; all of them, up to the account's limit, with -v."""


def info(text: str) -> None:
    print(visible(text), file=sys.stderr)


def source_summary(report: Report, options: QueryOptions) -> None:
    """One line per source whose rows were not all used as they stand, and one for what was
    assumed to read it; with -v, everything."""
    if options.quiet:
        return
    for note in report.notes:
        info(f"note: {note}")
    for audit in report.sources.values():
        if not audit.rows and audit.notes and not options.verbose:
            continue
        if not options.verbose:
            _assumed(audit)
        gone = _gone(audit)
        if not (gone or options.verbose or audit.unknown_customers):
            continue
        parts = [f"{audit.used:,} of {audit.rows:,} rows used", *gone]
        if audit.unknown_customers:
            parts.append(f"{audit.unknown_customers:,} of unknown customers")
        info(f"{audit.table}: {'; '.join(parts)}")
        shown = audit.problems if options.verbose else audit.problems[:SHOWN]
        for problem in shown:
            info(f"  {problem}")
        if len(shown) < audit.rejected:
            info(f"  and {audit.rejected - len(shown):,} more: crm-kpi validate lists them")
        if options.verbose:
            _details(audit)
    if options.verbose and options.format != "table":  # the table shows them itself
        skips(report, options)


def source_readings(audits: Iterable[SourceAudit], options: ValidateOptions) -> None:
    """How each source was read, in a few words or with -v in full."""
    for audit in audits:
        if options.verbose:
            info(f"{audit.table}: {audit.rows:,} rows")
            _details(audit)
        else:
            _assumed(audit)


def _assumed(audit: SourceAudit) -> None:
    if audit.assumed:
        info(f"{audit.table}: {', '.join(audit.assumed)} (-v says all)")


def _details(audit: SourceAudit) -> None:
    for ours, theirs in audit.columns.items():
        info(f"  {ours} <- {theirs}")
    for note in audit.notes:
        info(f"  {note}")


def _gone(audit: SourceAudit) -> list[str]:
    counted = {
        "rejected": audit.rejected,
        "equal rows dropped": audit.duplicates,
        "excluded": audit.excluded,
        "after as_of": audit.future,
    }
    return [f"{count:,} {name}" for name, count in counted.items() if count]


def skips(report: Report, options: QueryOptions) -> None:
    if not options.quiet:
        for skip in report.skipped:
            info(f"skipped {skip.metric}: {skip.reason}")
