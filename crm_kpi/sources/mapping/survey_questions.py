"""Surveys whose score stands under the question itself, as Typeform and Google Forms export it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from crm_kpi.sources.mapping.headers import matches
from crm_kpi.sources.parsing.text_ops import tidy
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.sources.tabular_file import ColumnRequest, TabularFile
from crm_kpi.sources.unicode import normalized
from crm_kpi.tables import Table

_SURVEYS = {
    "nps": r"\bnps\b|net promoter|recommend|giới thiệu|gioi thieu",
    "csat": r"\bcsat\b|satisf|hài lòng|hai long",
    "ces": r"\bces\b|effort|\beas(?:y|ily)\b|nỗ lực|no luc|\bdễ\b|de dang",
}
"""Per survey: the words by which its question, or the file that holds it, is known."""

_SCORES = r"\A(?:[0-9]|10)(?:\.0+)?\z"


def survey_in(text: str) -> str | None:
    """The survey that a question, a header or the name of a file speaks of; None if unsure.

    >>> survey_in("Bạn có sẵn lòng giới thiệu chúng tôi?"), survey_in("csat_2024"), survey_in("x")
    ('nps', 'csat', None)
    """
    text = normalized("NFC", text).casefold().replace("_", " ")
    surveys = [survey for survey, words in _SURVEYS.items() if re.search(words, text)]
    return surveys[0] if len(surveys) == 1 else None


def found_in(file: TabularFile, known: Sequence[int] = ()) -> list[int]:
    """Positions of the headers, but for those that are `known`, that are a survey's question,
    with nothing but scores from 0 to 10 below them."""
    asked = [i for i, h in enumerate(file.headers) if i not in known and survey_in(h)]
    if not asked:
        return []
    file.want(ColumnRequest(asked))
    frame = file.frame()
    return [i for i in asked if _scores(frame[str(i)])]


def asked(table: Table, spec: SourceSpec, file: TabularFile) -> tuple[SourceSpec, str | None]:
    """The source with the one question that can be its score, where it has no other column for
    it, and the question. A survey that is declared must be the one of which the question speaks."""
    declared = spec.columns.keys() | spec.constants.keys()
    if table.name != "surveys" or "score" in declared or matches(table, "score", file.headers):
        return spec, None
    named = spec.constants.get("survey")
    kinds = {i: survey_in(file.headers[i]) for i in found_in(file)}
    fits = [i for i, kind in kinds.items() if named in (None, kind)]
    if len(fits) != 1:
        return spec, None
    question, survey = file.headers[fits[0]], str(kinds[fits[0]])
    constants = spec.constants
    if "survey" not in spec.columns and not matches(table, "survey", file.headers):
        constants = constants | {"survey": survey}
    return replace(spec, columns=spec.columns | {"score": question}, constants=constants), question


def _scores(text: pl.Series) -> bool:
    answers = tidy(text).drop_nulls()
    return not answers.is_empty() and answers.str.contains(_SCORES).all()
