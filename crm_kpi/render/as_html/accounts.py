"""Why a KPI moved, as bars around zero."""

from __future__ import annotations

from collections.abc import Sequence

from crm_kpi.render.bar_charts import Bar, around_zero
from crm_kpi.render.change_told import ChangeTold
from crm_kpi.render.svg import Svg


def account_charts(told: ChangeTold) -> Sequence[tuple[str, Svg]]:
    """A chart for each account of a change."""
    return [
        (
            account.heading,
            around_zero(
                [
                    Bar(each.name, each.total, each.written, below=each.notes, kind=each.tone)
                    for each in (*account.lines, account.whole)
                ],
                f"{told.title}, {account.heading}: {account.whole.name} {account.whole.written}",
            ),
        )
        for account in told.accounts
        if account.lines
    ]
