"""What each half of `backtest` declares: as an analysis does, of one kind of prediction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_kpi.analyses._spec import Row, Scope
from crm_kpi.kpi import Needs


@dataclass(frozen=True, kw_only=True)
class BacktestHalf:
    """
    needs, optional: as those of an analysis.
    of_kpis: the KPIs that it is made of; it needs what they need.
    rows: its rows, of a shape of its own, by the definition of `backtest`.
    """

    rows: Callable[[Scope, Any], Iterable[Row]]
    needs: Needs = field(default_factory=dict)
    optional: Needs = field(default_factory=dict)
    of_kpis: Sequence[str] = ()


Halves = Mapping[str, BacktestHalf]
