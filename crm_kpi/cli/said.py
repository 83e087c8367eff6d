"""What stderr says beside the answer: where the rows went, what was assumed."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from crm_kpi.cli.options import QueryOptions, ValidateOptions
from crm_kpi.render.text import visible
from crm_kpi.results import Account, Report

SHOWN = 3
"""Rejected rows shown per source; all of them, up to the account's limit, with -v."""


def line(text: str) -> None:
    print(visible(text), file=sys.stderr)


def accounts(report: Report, given: QueryOptions) -> None:
    """One line per source whose rows were not all used as they stand, and one for what was
    assumed to read it; with -v, everything."""
    if given.quiet:
        return
    for note in report.notes:
        line(f"note: {note}")
    for account in report.sources.values():
        if not account.rows and account.notes and not given.verbose:
            continue
        if not given.verbose:
            _assumed(account)
        gone = _gone(account)
        if not (gone or given.verbose or account.unknown_customers):
            continue
        parts = [f"{account.used:,} of {account.rows:,} rows used", *gone]
        if account.unknown_customers:
            parts.append(f"{account.unknown_customers:,} of unknown customers")
        line(f"{account.table}: {'; '.join(parts)}")
        shown = account.problems if given.verbose else account.problems[:SHOWN]
        for problem in shown:
            line(f"  {problem}")
        if len(shown) < account.rejected:
            line(f"  and {account.rejected - len(shown):,} more: crm-kpi validate lists them")
        if given.verbose:
            _details(account)
    if given.verbose and given.format != "table":  # the table shows them itself
        skips(report, given)


def readings(accounts: Iterable[Account], given: ValidateOptions) -> None:
    """How each source was read, in a few words or with -v in full."""
    for account in accounts:
        if given.verbose:
            line(f"{account.table}: {account.rows:,} rows")
            _details(account)
        else:
            _assumed(account)


def _assumed(account: Account) -> None:
    if account.assumed:
        line(f"{account.table}: {', '.join(account.assumed)} (-v says all)")


def _details(account: Account) -> None:
    for ours, theirs in account.columns.items():
        line(f"  {ours} <- {theirs}")
    for note in account.notes:
        line(f"  {note}")


def _gone(account: Account) -> list[str]:
    counted = {
        "rejected": account.rejected,
        "equal rows dropped": account.duplicates,
        "excluded": account.excluded,
        "after as_of": account.future,
    }
    return [f"{count:,} {name}" for name, count in counted.items() if count]


def skips(report: Report, given: QueryOptions) -> None:
    if not given.quiet:
        for skip in report.skipped:
            line(f"skipped {skip.metric}: {skip.reason}")
