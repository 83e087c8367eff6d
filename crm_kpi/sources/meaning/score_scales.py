"""On which scale the scores of a survey are, and what each reading of them would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

from crm_kpi.messages import Message, as_number, text
from crm_kpi.metrics.surveys.csat import SATISFIED
from crm_kpi.readings import Outcome
from crm_kpi.sources.spec import ReadOptions

ScaleEnds = tuple[int, int]
"""The lowest and the highest score."""
Counts = Mapping[int, int]
"""Score: answers."""

_KNOWN: tuple[ScaleEnds, ...] = ((1, 3), (1, 5), (1, 7), (1, 10), (0, 10))
"""The scales that are in use, the smallest first."""
_OUTSIDE = Decimal("0.01")
"""Share of the answers above which those outside of a scale are no slips, where no more rejected
rows than that are allowed."""
_ENOUGH = 20
"""Answers from which the lack of high ones says something."""
_AT_TOP = Decimal("0.1")
"""Share of them at the top of a smaller scale, for it to be one that people use."""


def other_scale(
    survey: str, counts: Counts, named: ScaleEnds | None, options: ReadOptions
) -> tuple[ScaleEnds, Message] | None:
    """A scale that is not that of the metric, and what tells it; None where nothing does, or
    where the same comes out."""
    usual, total = options.scales[survey], sum(counts.values())
    if survey in options.declared_scales or not total:
        return None
    if named is not None:
        same = named == usual or (survey == "nps" and named[1] == usual[1])
        return None if same else (named, text("meaning.scale_named", low=named[0], high=named[1]))
    least, most = min(counts), max(counts)
    holds = [scale for scale in _KNOWN if scale[0] <= least and most <= scale[1]]
    why = text("meaning.scores_between", low=least, high=most)
    if outside(counts, usual) > max(_OUTSIDE, options.rejected_rows) * total:
        return (holds[0], why) if holds else None
    smaller = [scale for scale in holds if scale[1] == most < usual[1]]
    if smaller and total >= _ENOUGH and counts[most] >= _AT_TOP * total:
        return smaller[0], why
    return None


def outside(counts: Counts, scale: ScaleEnds) -> int:
    """How many answers lie outside of a scale."""
    return sum(n for score, n in counts.items() if not scale[0] <= score <= scale[1])


def figure(survey: str, counts: Counts, scale: ScaleEnds, turned: bool) -> Message:
    """What the metric would be over all answers on that scale."""
    low, high = scale
    scores = {low + high - s if turned else s: n for s, n in counts.items() if low <= s <= high}
    total = sum(scores.values())
    if not total:
        return text("meaning.no_scores")
    if survey == "ces":
        value = Fraction(sum(s * n for s, n in scores.items()), total)
    else:
        top = high - 1 if survey == "nps" else satisfied(high)
        value = Fraction(100 * sum(n for s, n in scores.items() if s >= top), total)
        if survey == "nps":
            value -= Fraction(100 * sum(n for s, n in scores.items() if s < high - 3), total)
    return text("meaning.kpi_is", kpi=survey.upper(), value=as_number(f"{float(value):.2f}"))


def satisfied(high: int) -> int:
    """The lowest score that is satisfied, on a scale up to `high`."""
    return SATISFIED.get(high, high - 1)


def outcomes(
    survey: str, counts: Mapping[ScaleEnds, Counts], turned: Sequence[bool]
) -> tuple[Outcome, ...]:
    """What comes out on each scale, turned round or not, with the lines that say so."""
    both = len(counts) > 1, len(turned) > 1
    return tuple(
        Outcome(
            _what(scale, turn, *both),
            *_line(survey, scale, turn, *both),
            gives=figure(survey, counts[scale], scale, turn),
        )
        for scale, turn in product(counts, turned)
    )


def _what(scale: ScaleEnds, turned: bool, scales: bool, directions: bool) -> Message:
    low, high = scale
    of = text("meaning.on_scale", low=low, high=high)
    if not directions:
        return of
    if turned:
        return text("meaning.high_is_hard", scale=of) if scales else text("meaning.hard", high=high)
    return text("meaning.high_is_easy", scale=of) if scales else text("meaning.easy", high=high)


def _line(
    survey: str, scale: ScaleEnds, turned: bool, scales: bool, directions: bool
) -> tuple[str, str]:
    """The key of the config, and its value."""
    values = {}
    if scales or not directions:
        values["scale"] = f"[{scale[0]}, {scale[1]}]"
        if survey == "csat" and scale[1] not in SATISFIED:
            values["satisfied"] = str(satisfied(scale[1]))
    if directions:
        values["high_is_easy"] = "false" if turned else "true"
    if len(values) == 1:
        ((name, value),) = values.items()
        return f"definitions.{survey}.{name}", value
    return f"definitions.{survey}", "{" + ", ".join(f"{k}: {v}" for k, v in values.items()) + "}"
