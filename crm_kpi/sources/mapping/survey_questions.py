"""Surveys whose score stands under the question itself, as Typeform and Google Forms export it:
which column it is, and what the question says of its scale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from crm_kpi.sources.mapping.headers import matches
from crm_kpi.sources.parsing import survey_answers
from crm_kpi.sources.parsing.answer_words import (
    KINDS,
    OF_SURVEY,
    folded,
    is_unanswered,
    question_words,
)
from crm_kpi.sources.parsing.text_ops import tidy
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.sources.tabular_file import ColumnRequest, TabularFile
from crm_kpi.tables import Table

_MANY = 64
"""Different answers; a column with more of them is no score."""
_HIGHEST = 10
"""Of the scores that tell that a column is one."""

_NAMES = {"nps": re.compile(r"\bnps\b"), "csat": re.compile(r"\bcsat\b")}
_CES = re.compile(r"\bCES\b")
_LETTERS = re.compile(r"[^\W\d_]+")
_A_QUESTION = 4
"""Words, from which a header is a question rather than a name."""

_RANGE = r"(?<![\d.,/-])([01])\s*(?:[-–—~/]|\.\.\.?|…|\b(?:{to})\b)\s*(10|[3-9])(?![\d/-]|[.,]\d)"
_POLE = r"(?<![\d.,])(\d{{1,3}})\s*(?:[=:–—-]|\b(?:{means})\b)\s*([^\W\d_][^\d,;()/=|?]*)"
_NEAR = 24
"""Letters before a word within which a negation is about it."""


def survey_in(text: str) -> str | None:
    """The survey that a question, a header or the name of a file speaks of; None if unsure. Who
    asks for a recommendation asks for nothing else.

    >>> survey_in("Bạn có sẵn lòng giới thiệu chúng tôi?"), survey_in("csat_2024"), survey_in("x")
    ('nps', 'csat', None)
    """
    words = folded(text)
    if _NAMES["nps"].search(words) or question_words("nps").search(words):
        return "nps"
    csat = _NAMES["csat"].search(words) or question_words("csat").search(words)
    ces = _is_called_ces(text) or effort_in(text) is not None
    return None if bool(csat) == bool(ces) else "csat" if csat else "ces"


def _is_called_ces(text: str) -> bool:
    """In French `ces` is an everyday word, so that only the name itself is one."""
    text = text.replace("_", " ")
    return bool(_CES.search(text)) or (
        len(_LETTERS.findall(text)) < _A_QUESTION and "ces" in folded(text).split()
    )


def effort_in(question: str) -> str | None:
    """`easy` where a high score means easy, `effort` where it means hard, `both` where words for
    either or a negation leave that open; None where the question speaks of neither.

    >>> effort_in("How easy was it?"), effort_in("How much effort was it?")
    ('easy', 'effort')
    """
    text = folded(question)
    found = {
        name: match for name in ("easy", "effort") if (match := question_words(name).search(text))
    }
    if not found:
        return None
    negation = question_words("negates")
    negated = any(
        negation.search(text, max(0, m.start() - _NEAR), m.start()) for m in found.values()
    )
    return "both" if len(found) > 1 or negated else next(iter(found))


def is_question(header: str) -> bool:
    """Whether a header asks something, rather than being the name of a column."""
    return "?" in header or len(_LETTERS.findall(header)) >= _A_QUESTION


def scale_in(question: str) -> tuple[int, int] | None:
    """The lowest and the highest score that a question names.

    >>> scale_in("How was it (1-7)?"), scale_in("Trên thang điểm từ 0 đến 10")
    ((1, 7), (0, 10))
    """
    ranges = re.compile(_RANGE.format(to=_alternatives("to")))
    found = {(int(m[1]), int(m[2])) for m in ranges.finditer(folded(question))}
    if not found and (ends := [number for number, _ in poles(question)]):
        found = {(min(ends), max(ends))} if len(ends) > 1 else set()
    if not found and asks_for_marks(question):
        found = {(1, 6)}
    return found.pop() if len(found) == 1 else None


def poles(question: str) -> list[tuple[int, str]]:
    """The numbers that a question explains, with what they mean there; but for codes of answers
    that are none.

    >>> poles("Zufriedenheit (1 = sehr zufrieden, 6 = sehr unzufrieden, 99 = weiß nicht)")
    [(1, 'sehr zufrieden'), (6, 'sehr unzufrieden')]
    """
    explained = _explained(question)
    return [(n, label) for n, label in explained if n <= _HIGHEST and not is_unanswered(label)]


def codes(question: str) -> frozenset[int]:
    """The numbers of which a question says that they are no answer, or something beyond its scale.

    >>> codes("Score (99 = don't know)")
    frozenset({99})
    """
    return frozenset(n for n, label in _explained(question) if n > _HIGHEST or is_unanswered(label))


def asks_for_marks(question: str) -> bool:
    """Whether marks of a school are asked for, of which 1 is the best."""
    return question_words("marks").search(folded(question)) is not None


def _explained(question: str) -> list[tuple[int, str]]:
    explained = re.compile(_POLE.format(means=_alternatives("means")))
    return [(int(m[1]), m[2].strip(" .-–—")) for m in explained.finditer(folded(question))]


def _alternatives(name: str) -> str:
    return question_words(name).pattern.replace(r"\b", "")


def found_in(file: TabularFile, known: Sequence[int] = ()) -> list[int]:
    """Positions of the headers, but for those that are `known`, that are a survey's question,
    with nothing but scores below them; where none is, of those that ask for a rating."""
    free = [(i, header) for i, header in enumerate(file.headers) if i not in known]
    asked = _scored(file, [i for i, header in free if survey_in(header)])
    if asked or known:
        return asked
    return _scored(file, [i for i, header in free if _rates(header)])


def asked(table: Table, spec: SourceSpec, file: TabularFile) -> tuple[SourceSpec, str | None]:
    """The source with the one question that can be its score, where it has no other column for
    it, and the question.

    A survey that is declared must be the one of which the question speaks; where none does, it
    is the one question that asks for a rating without saying of what.
    """
    declared = spec.columns.keys() | spec.constants.keys()
    if table.name != "surveys" or "score" in declared or matches(table, "score", file.headers):
        return spec, None
    named = spec.constants.get("survey")
    kinds = {i: survey_in(header) for i, header in enumerate(file.headers)}
    likely = [i for i, kind in kinds.items() if kind or (named and _rates(file.headers[i]))]
    fits = [i for i in _scored(file, likely, named) if named is None or kinds[i] in (None, named)]
    surely = [i for i in fits if kinds[i]]
    fits = surely or fits
    if len(fits) != 1:
        return spec, None
    question, survey = file.headers[fits[0]], kinds[fits[0]] or named
    constants = spec.constants
    if "survey" not in spec.columns and not matches(table, "survey", file.headers):
        constants = constants | ({"survey": survey} if survey else {})
    return replace(spec, columns=spec.columns | {"score": question}, constants=constants), question


def _rates(header: str) -> bool:
    """Whether a header asks for a rating or for effort, of whatever."""
    words = question_words("rates"), question_words("csat"), question_words("easy")
    text = folded(header)
    asks = any(word.search(text) for word in words) or effort_in(header) or scale_in(header)
    return bool(asks) and (is_question(header) or scale_in(header) is not None)


def _scored(file: TabularFile, asked: Sequence[int], named: str | None = None) -> list[int]:
    """Those of the columns that hold nothing but scores."""
    if not asked:
        return []
    file.want(ColumnRequest(asked))
    frame = file.frame()
    return [i for i in asked if _scores(frame[str(i)], file.headers[i], named)]


def _scores(text: pl.Series, question: str, named: str | None) -> bool:
    few = tidy(text).drop_nulls().unique().sort()
    if few.is_empty() or len(few) > _MANY:
        return False
    survey = survey_in(question) or named
    found = survey_answers.read(few.to_list(), OF_SURVEY.get(survey or "", KINDS))
    in_words = found.scales or (found.pair and survey == "csat")
    if not found.known or (found.pair and not in_words):
        return False
    none = codes(question)
    return bool(in_words) or all(n <= _HIGHEST or n in none for n in found.scores.values())
