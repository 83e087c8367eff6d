"""Cohorts as a table whose cells are the deeper the more stayed; the number says it, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_kpi.messages import text
from crm_kpi.render import cells
from crm_kpi.render.numbers import common_decimals
from crm_kpi.render.speak import Speaker
from crm_kpi.results import Number, Unit, exact

STEPS = 10
MOST_COHORTS = 60


@dataclass(frozen=True)
class HeatCell:
    """depth: from 0 to 9; none of a share that is not known."""

    label: str
    depth: int | None
    why: str


@dataclass(frozen=True)
class HeatRow:
    cohort: str
    size: str
    cells: Sequence[HeatCell | None]
    whole: bool


@dataclass(frozen=True)
class HeatMap:
    """more: how many cohorts there are, where not all are drawn."""

    cohort: str
    size: str
    offsets: Sequence[int]
    rows: Sequence[HeatRow]
    more: str = ""


def heat_map(records: Sequence[Mapping[str, Any]], speaker: Speaker) -> HeatMap:
    """The cohorts of an answer; the first offset is left out where all are in it."""
    shares: dict[str, dict[int, Number | None]] = {}
    sizes: dict[str, Number] = {}
    for record in records:
        shares.setdefault(record["cohort"], {})[record["offset"]] = record["share"]
        sizes.setdefault(record["cohort"], record["size"])
    offsets = sorted({offset for row in shares.values() for offset in row})
    if all(row.get(0) in (100, None) for row in shares.values()):
        offsets = [offset for offset in offsets if offset]
    known = [float(s) for row in shares.values() for o, s in row.items() if o and s]
    most, decimals = max(known, default=0.0), common_decimals([exact(s) for s in sizes.values()])

    def cell(name: str, offset: int) -> HeatCell | None:
        if offset not in shares[name]:
            return None
        share = shares[name][offset]
        if share is None:
            return HeatCell(cells.NOTHING, None, "")
        said = speaker.number(exact(share), 0)
        exactly = speaker.amount(share, Unit.PERCENT)
        cohort = cells.cohort(name, speaker)
        why = speaker.say(text("page.cohort_cell", cohort=cohort, offset=offset, share=exactly))
        return HeatCell(said, _depth(float(share), most), why)

    rows = [
        HeatRow(
            speaker.period(name) if name != "all" else speaker.say(cells.TOTAL),
            speaker.number(exact(sizes[name]), decimals),
            [cell(name, offset) for offset in offsets],
            name == "all",
        )
        for name in [*shares][-MOST_COHORTS:]
    ]
    titles = [speaker.say(cells.column_name(name)) for name in ("cohort", "size")]
    more = ""
    if len(shares) > MOST_COHORTS:
        more = speaker.say(text("page.last_rows", count=MOST_COHORTS, rows=len(shares)))
    return HeatMap(titles[0], titles[1], offsets, rows, more)


def _depth(share: float, most: float) -> int:
    """What is below zero has none."""
    return max(0, min(STEPS - 1, int(STEPS * share / most))) if most > 0 else 0
