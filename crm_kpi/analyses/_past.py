"""The past of a metric, as far as it can be learnt from, and how well it would have served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_kpi.analyses._spec import Scope
from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, joined, text
from crm_kpi.periods import Rhythm
from crm_kpi.prediction.forecast_backtest import Accuracy
from crm_kpi.prediction.forecasting import AUTO, Past, fewest
from crm_kpi.results import Result, Status, Unit
from crm_kpi.seasons import SEASONS

LEVELS = (80, 95)


@dataclass(frozen=True)
class KnownPast:
    """
    results: of the whole periods one after the other that are learnt from.
    """

    past: Past
    results: Sequence[Result]
    rhythm: Rhythm
    unit: Unit

    def number(self, value: float) -> float:
        """A value with the digits that are the same everywhere; what is counted does not go below
        0."""
        return rounded(value if self.unit is Unit.MONEY else max(0.0, value))


def rounded(value: float) -> float:
    """To 12 digits: the last ones of logarithms are not the same on every machine."""
    return float(f"{value:.12g}")


def known(scope: Scope, metric: str, method: str) -> KnownPast | None:
    """None for a segment of which too little is known, which a note says.

    Raises:
        UsageError: the periods that are asked for have no season, or too few are known.
    """
    rhythm = scope.rhythm
    if rhythm is None or rhythm.every not in SEASONS:
        raise UsageError(text("forecast.no_rhythm"), hint=text("forecast.choose_rhythm"))
    told = scope.past(metric)
    results = _unbroken(scope, metric, told)
    unit = Unit.COUNT if any(r.unit == Unit.COUNT for r in results) else Unit.MONEY
    values = [float(result.value) for result in results if result.value is not None]
    past = Past(values, SEASONS[rhythm.every], method)
    needed, count = fewest(method, past.season), len(values)
    if count >= needed:
        return KnownPast(past, results, rhythm, unit)
    what = text("forecast.too_short", metric=metric, count=count, needed=needed)
    if method != AUTO:
        what = text(
            "forecast.too_short_for", metric=metric, count=count, method=method, needed=needed
        )
    if told and not results:
        what = joined([what, _why(told[-1])])
    if not scope.segment:
        raise UsageError(what, hint=text("forecast.shorter_periods"))
    words = [text("render.blank") if word is None else word for word in scope.segment.values()]
    scope.aside.notes.append(text("forecast.of_segment", segment=joined(words, ", "), what=what))
    return None


def said_of(known: KnownPast, past: Past, accuracy: Accuracy | None) -> list[Message]:
    """How well it would have served.

    past: with the method that is believed.
    accuracy: of the method that was asked for.
    """
    season, count = past.season, len(past.values)
    if accuracy is None:
        return [text("forecast.not_tried", needed=3 * season, count=count)]
    ratio, origins = accuracy.ratio, accuracy.origins
    method = known.past.method
    fell_back = past.method != method
    if fell_back and ratio is None:
        return [text("forecast.fell_back_from", count=origins, season=season, method=method)]
    if ratio is None:
        return []
    if fell_back:
        return [
            text("forecast.fell_back", count=origins, season=season, method=method, ratio=ratio)
        ]
    error = _short(accuracy.mae)
    said = [text("forecast.accuracy", count=origins, season=season, error=error, ratio=ratio)]
    held_80, held_95 = (accuracy.coverage[level] for level in LEVELS)
    if held_80 is not None and held_95 is not None:
        said.append(
            text("forecast.held", held_80=round(100 * held_80), held_95=round(100 * held_95))
        )
    return said


def _short(number: float) -> float:
    """Three digits of it."""
    short = float(f"{number:.3g}")
    return int(short) if short.is_integer() else short


def _unbroken(scope: Scope, metric: str, results: Sequence[Result]) -> list[Result]:
    """The last periods one after the other whose values are known; says which are not."""
    found: list[Result] = []
    for result in reversed(results):
        if _is_known(result):
            found.append(result)
        elif found:
            if any(_is_known(each) for each in results if each.start < result.start):
                why, period = _why(result), result.period
                _tell(scope, text("forecast.after_gap", metric=metric, period=period, why=why))
            break
    ends = [result for result in results if found and result.start > found[0].start]
    if ends:
        why, period = _why(ends[0]), ends[0].period
        _tell(scope, text("forecast.last_unknown", metric=metric, period=period, why=why))
    return found[::-1]


def _tell(scope: Scope, note: Message) -> None:
    """Of the whole; of segments each would say nearly the same."""
    if not scope.segment:
        scope.aside.notes.append(note)


def _why(result: Result) -> str:
    return result.reason or text("render.no_data")


def _is_known(result: Result) -> bool:
    return result.value is not None and result.status is not Status.PENDING
