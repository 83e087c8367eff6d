"""Answers in words as scores: of the scales that have them, the one that the metric asks for."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.score_scales import satisfied
from crm_kpi.sources.parsing.answer_words import KINDS, OF_SURVEY, WordScale
from crm_kpi.sources.parsing.survey_answers import PLAIN, Answers, read
from crm_kpi.sources.spec import ReadOptions

USUAL = ReadOptions(date.min)
"""With the scales that metrics have where nothing else is declared."""


@dataclass
class WordScores:
    """The scores of the words of one survey."""

    answers: Answers = field(default_factory=Answers)
    scores: dict[str, int] = field(default_factory=dict)
    """Of every word that is known."""
    scale: WordScale | None = None
    """What they were read by, where they hold no numbers."""
    rivals: list[WordScale] = field(default_factory=list)
    """Others that would give something else."""
    fits: bool = True
    """Whether the scale has as many points as that of the metric."""


def of(there: Collection[str], survey: str | None, options: ReadOptions) -> WordScores:
    """The scores of the different answers of a survey; without a survey, as
    of satisfaction."""
    found = WordScores(read(there, OF_SURVEY.get(survey or "csat", KINDS)))
    found.scores = dict(found.answers.scores)
    low, high = options.scales.get(survey or "", (1, 5))
    if found.answers.pair and survey in ("csat", None):
        found.scores |= {w: high if good else low for w, good in found.answers.pair.items()}
    elif found.answers.scales:
        usual = high - low + 1
        fitting = [scale for scale in found.answers.scales if scale.points == usual]
        found.scale = (fitting or found.answers.scales)[0]
        found.fits = bool(fitting)
        others = fitting if survey in options.declared_scales and fitting else found.answers.scales
        found.rivals = _rivals(found.scale, others, survey)
        start = low if fitting else 1
        found.scores |= {word: start + n - 1 for word, n in found.scale.levels.items()}
    return found


def in_numbers(text: pl.Series, survey: str | None) -> pl.Series:
    """A column of answers as the scores that they are on the usual scales."""
    few = words(text.filter(~text.str.contains(PLAIN).fill_null(value=True)))
    scores = of(few, survey, USUAL).scores if few else {}
    meant = pl.Series([str(score) for score in scores.values()], dtype=pl.String)
    return text.replace(list(scores), meant)


def _rivals(chosen: WordScale, others: Sequence[WordScale], survey: str | None) -> list[WordScale]:
    if survey == "ces":
        return [scale for scale in others if _line(scale) != _line(chosen)]
    content = _content(chosen)
    return [scale for scale in others if _content(scale) != content]


def _line(scale: WordScale) -> tuple[int, Mapping[str, int]]:
    return scale.points, scale.levels


def _content(scale: WordScale) -> set[str]:
    """The words of those who are satisfied."""
    return {word for word, n in scale.levels.items() if n >= satisfied(scale.points)}


def as_values(scores: Mapping[str, int]) -> str:
    """Words and their scores as `values: {score: …}`, in YAML on one line."""
    pairs = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return "{" + ", ".join(f"{json.dumps(w, ensure_ascii=False)}: {n}" for w, n in pairs) + "}"
