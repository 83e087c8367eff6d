"""Which table a file is: the one whose columns its headers are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from crm_kpi.errors import DataError
from crm_kpi.sources.csvfile import CsvFile
from crm_kpi.sources.headers import key, listed, matches, recognised
from crm_kpi.sources.series import tidy
from crm_kpi.sources.session import Session
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.tables import TABLES, Table

_SURVEYS = {
    "nps": r"\bnps\b|net promoter|recommend|giới thiệu|gioi thieu",
    "csat": r"\bcsat\b|satisf|hài lòng|hai long",
    "ces": r"\bces\b|effort|\beas(?:y|ily)\b|nỗ lực|no luc|\bdễ\b|de dang",
}
"""Per survey: the words by which its question, or the file that holds it, is known."""

_SCORES = r"\A(?:[0-9]|10)(?:\.0+)?\z"


@dataclass(frozen=True)
class Fit:
    """How well a file fits one table, by its headers."""

    table: str
    headers: tuple[str, ...]
    columns: dict[str, tuple[int, ...]]
    """Our column: the positions of the headers that can be it; without those that none can."""
    score: int
    """How many headers say something in this table."""
    named: bool
    """The file is called like the table."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns that no header can be."""
        return tuple(c for c in TABLES[self.table].required if c not in self.columns)


def recognise(path: str) -> str:
    """The name of the table with all its required columns in the file, and most others.

    Raises:
        DataError: the file cannot be read, or fits no table.
    """
    found = fits(path)
    if found[0].missing:
        raise fits_none(path, found)
    return found[0].table


def fits(path: str) -> list[Fit]:
    """How the file fits each table: those whose required columns it has first, the best first.

    A single header such as `date` says nothing, so two are needed, or one that is written as
    we write it.

    Raises:
        DataError: the file cannot be read.
    """
    session = Session()
    found: list[Fit] = []
    unreadable: DataError | None = None
    for name, table in TABLES.items():
        try:
            file = session.open(path, table, SourceSpec(name, (path,)))
        except DataError as error:
            unreadable = error
            continue
        found.append(_fit(file, table))
    if not found:
        assert unreadable is not None
        raise unreadable
    return sorted(found, key=_rank)


def fits_none(path: str, found: Sequence[Fit]) -> DataError:
    """The file is no table."""
    return DataError(
        f"{path}: fits none of the tables; it has {listed(found[0].headers)}",
        hint="name its table and columns in a config: sources: {TABLE: {path: …, columns: {…}}}",
    )


def survey_in(text: str) -> str | None:
    """The survey that a question, a header or the name of a file speaks of; None if unsure.

    >>> survey_in("Bạn có sẵn lòng giới thiệu chúng tôi?"), survey_in("csat_2024"), survey_in("x")
    ('nps', 'csat', None)
    """
    text = unicodedata.normalize("NFC", text).casefold().replace("_", " ")
    found = [survey for survey, words in _SURVEYS.items() if re.search(words, text)]
    return found[0] if len(found) == 1 else None


def _fit(file: CsvFile, table: Table) -> Fit:
    headers = file.headers
    columns = {name: tuple(at) for name in table.names if (at := matches(table, name, headers))}
    score = recognised(table, headers, ())
    if table.name == "surveys" and "survey" not in columns:
        questions = _questions(file, columns.get("score", ()))
        score += len(questions)
        if questions:
            columns["score"] = tuple(sorted((*columns.get("score", ()), *questions)))
    ours = {key(header) for header in headers}
    if score < 2 and not any(key(name) in ours for name in table.required):
        columns = {}
    return Fit(table.name, headers, columns, score, _called(file.path, table.name))


def _questions(file: CsvFile, known: Sequence[int]) -> list[int]:
    """Headers that are a survey's question, with nothing but scores from 0 to 10 below them."""
    asked = [i for i, h in enumerate(file.headers) if i not in known and survey_in(h)]
    if not asked:
        return []
    file.want(asked)
    frame = file.frame()
    return [i for i in asked if _scores(frame[str(i)])]


def _scores(text: pl.Series) -> bool:
    answers = tidy(text).drop_nulls()
    return not answers.is_empty() and answers.str.contains(_SCORES).all()


def _called(path: str, table: str) -> bool:
    return key(table.removesuffix("s")) in key(Path(path).stem)


def _rank(fit: Fit) -> tuple[bool, int, bool, int]:
    return bool(fit.missing), -fit.score, not fit.named, -len(TABLES[fit.table].required)
