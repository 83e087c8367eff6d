"""A figure of the page: its heading, its charts, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_kpi.render.as_html.cards import Sorted
from crm_kpi.render.as_html.heat_map import HeatMap
from crm_kpi.render.svg import Svg


@dataclass(frozen=True)
class FigureTable:
    titles: Sequence[tuple[str, bool]]
    """Of each column, and whether it holds numbers."""
    rows: Sequence[Sequence[Sorted]]
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """
    charts: each with a heading, which is empty where there is one alone.
    note: what to mind about them.
    table: the same numbers and those that are not drawn; of what has no chart, all.
    """

    id: str
    title: str
    sub: str
    wide: bool = False
    legend: Sequence[tuple[str, str]] = ()
    charts: Sequence[tuple[str, Svg]] = ()
    heat: HeatMap | None = None
    table: FigureTable | None = None
    note: str = ""
