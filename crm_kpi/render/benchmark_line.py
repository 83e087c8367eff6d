"""What others have, in a line: where it comes from is never left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_kpi.messages import Message, text
from crm_kpi.render.outline import distinct
from crm_kpi.render.speak import Speaker
from crm_kpi.render.text import visible
from crm_kpi.results import Result

_UNKNOWN = "C"


def benchmark_lines(results: Sequence[Result], speaker: Speaker) -> list[str]:
    """One for each figure that these results of a KPI carry."""
    return [*distinct(_line(r.benchmark, r.unit, speaker) for r in results if r.benchmark)]


def grade_said(grade: str) -> Message | str:
    """The grade; of what nobody knows the origin of, that too."""
    return text("render.origin_unknown", grade=grade) if grade == _UNKNOWN else grade


def _line(benchmark: Mapping[str, Any], unit: str, speaker: Speaker) -> str:
    facts = [
        speaker.limit(benchmark["value"], unit) + speaker.suffix(unit),
        *(benchmark[name] for name in ("region", "year") if benchmark[name]),
        speaker.say(grade_said(benchmark["grade"])),
        benchmark["source"],
    ]
    said = text(
        "render.benchmark", industry=benchmark["industry"], facts=" · ".join(map(visible, facts))
    )
    return visible(speaker.say(said))
