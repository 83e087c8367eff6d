"""What the scores of a survey mean: words as scores, codes for no answer, which end is the good
one, and on which scale they are.

Answers in words become scores before they are typed. Typed scores are turned round where the
question says that a low one is good, and counted; in the end it is told what was taken. Plain
scores under a plain header are counted alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, text
from crm_kpi.readings import Reading
from crm_kpi.sources.mapping import survey_questions
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.mapping.headers import matches
from crm_kpi.sources.meaning import score_direction, score_words, scores_told
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.score_direction import Direction
from crm_kpi.sources.meaning.score_scales import ScaleEnds
from crm_kpi.sources.meaning.score_words import WordScores
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.columns import choice_words
from crm_kpi.sources.parsing.survey_answers import PLAIN
from crm_kpi.sources.parsing.text_ops import plain
from crm_kpi.sources.spec import ReadOptions


@dataclass
class SeenSurvey:
    """What was seen of one survey."""

    words: WordScores = field(default_factory=WordScores)
    of_word: Counter[str] = field(default_factory=Counter)
    """Answers by what is written, but for plain numbers."""
    scores: Counter[int] = field(default_factory=Counter)
    """Answers by their score, before it is turned round."""
    none: Counter[str] = field(default_factory=Counter)
    """Answers that say that there is none, by their word or code."""


class SurveyScores(Question):
    """What the scores of a survey mean."""

    name = "scores"
    title = text("meaning.scores")
    tables = frozenset({"surveys"})
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.header = str(next(iter(block.headers("score")), "score"))
        self.codes = survey_questions.codes(self.header)
        self.seen: dict[str, SeenSurvey] = {}

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        return any("score" in part.reads for part in block.parts)

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        header = _score_header(view)
        survey = view.spec.constants.get("survey")
        if header is None or not score_direction.turns(survey, header, view.options):
            return HeaderAnswer()
        return HeaderAnswer(looks_at=("score",))

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return text("meaning.scores_in_place", column=_score_header(view))

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        if "score" not in frame.columns or frame["score"].dtype != pl.String:
            return frame
        declared = self.block.spec.values.get("score", {})
        if "*" in declared:
            return frame
        left = {plain(w).casefold() for w in (*declared, *(self.block.spec.missing or ()))}
        answers = frame["score"]
        for survey, mine in self._by_survey(frame):
            odd = answers.filter(mine & ~answers.str.contains(PLAIN))
            few = [word for word in words(odd) or () if plain(word).casefold() not in left]
            if few:
                meant = self._in_numbers(odd.filter(odd.is_in(few)), survey)
                read = answers.replace(list(meant), pl.Series([*meant.values()], dtype=pl.String))
                answers = answers.zip_with(~mine, read)
        return frame.with_columns(answers.alias("score"))

    def _by_survey(self, frame: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
        """Each survey of which there are rows, and which those are."""
        if "survey" not in frame.columns:
            survey = self.block.spec.constants.get("survey", "")
            yield _our_word(self.block, survey), pl.repeat(True, frame.height, eager=True)
            return
        column = frame["survey"].cast(pl.String).fill_null("")
        named: dict[str, list[str]] = {}
        for word in words(column) or ():
            named.setdefault(_our_word(self.block, word), []).append(word)
        for survey, those in named.items():
            yield survey, column.is_in(those)

    def _in_numbers(self, odd: pl.Series, survey: str) -> dict[str, str | None]:
        """What is written: the score, or None where it is no answer.

        Raises:
            UsageError: rows that came before were read by another scale.
        """
        seen = self.seen.setdefault(survey, SeenSurvey())
        before = seen.words.scores
        counts = Counter(dict(odd.value_counts().iter_rows()))
        seen.of_word += counts
        seen.words = found = score_words.of(seen.of_word, survey, self.options)
        if any(found.scores.get(word) != score for word, score in before.items()):
            raise UsageError(
                text("meaning.sees_all_rows", question=self.title),
                hint=text("loading.raise_memory"),
            )
        seen.none += Counter({word: counts[word] for word in found.answers.unanswered})
        none = dict.fromkeys(found.answers.unanswered)
        return none | {word: str(score) for word, score in found.scores.items()}

    def rows(self, rows: BlockRows) -> None:
        frame = rows.frame
        if "score" not in frame.columns or "survey" not in frame.columns:
            return
        coded = frame["score"].is_in(list(self.codes)) if self.codes else None
        if coded is not None and coded.any():
            frame = frame.with_columns(score=pl.when(~coded).then(pl.col("score")))
            gone = rows.frame.filter(coded)
            for survey, code, count in _counted(gone):
                self.seen.setdefault(survey, SeenSurvey()).none[str(code)] += count
        there = frame.filter(frame["score"].is_not_null() & frame["survey"].is_not_null())
        for survey, score, count in _counted(there):
            self.seen.setdefault(survey, SeenSurvey()).scores[score] += count
        for survey, seen in self.seen.items():
            direction = self._direction(survey, seen)
            if direction is not None and direction.turned:
                frame = frame.with_columns(_turned(survey, *self.scale(survey, seen)))
        rows.frame = frame

    def _direction(self, survey: str, seen: SeenSurvey) -> Direction | None:
        answers = seen.words.answers
        return score_direction.of_scores(survey, self.header, answers, self.options)

    def named(self, survey: str, seen: SeenSurvey) -> ScaleEnds | None:
        """The scale that the question or the answers name."""
        asked, most = survey_questions.scale_in(self.header), seen.words.answers.most
        if asked is not None or most is None:
            return asked
        low, high = self.options.scales[survey]
        if most != high:
            low = 0 if 0 in seen.scores or most == self.options.scales["nps"][1] > high else 1
        return low, most

    def scale(self, survey: str, seen: SeenSurvey) -> ScaleEnds:
        """The scale on which scores are turned round: that of the metric, or one that gives the
        same, or that of the words."""
        usual, named = self.options.scales[survey], self.named(survey, seen)
        if seen.words.scale is not None and not seen.words.fits:
            return 1, seen.words.scale.points
        same = survey == "nps" and named is not None and named[1] == usual[1]
        return named if named is not None and same else usual

    def readings(self) -> Iterable[Reading]:
        for survey, seen in sorted(self.seen.items()):
            yield from scores_told.of_words(survey, self.header, seen.words, seen.of_word)
            yield from scores_told.of_none(self.header, seen.none)
            if survey in self.options.scales:
                yield from scores_told.of_scores(
                    survey,
                    self.header,
                    seen.words,
                    seen.of_word,
                    seen.scores,
                    self.named(survey, seen),
                    self._direction(survey, seen),
                    self.options,
                )


def _score_header(view: HeaderView) -> str | None:
    """The header of the scores, where they are one column."""
    source = view.spec.columns.get("score")
    if source is None:
        found = matches(view.table, "score", view.headers)
        return view.headers[found[0]] if len(found) == 1 else None
    if isinstance(source, int):
        return view.headers[source - 1] if 0 < source <= len(view.headers) else None
    names = (source,) if isinstance(source, str) else source if isinstance(source, tuple) else ()
    keys = [key(name) for name in names]
    return next((header for header in view.headers if key(header) in keys), None)


def _our_word(block: MappedBlock, word: str) -> str:
    """The survey that a word stands for; the word itself where nobody knows."""
    said = {plain(w).casefold(): ours for w, ours in block.spec.values.get("survey", {}).items()}
    word = said.get(plain(word).casefold(), word)
    return choice_words(block.table["survey"]).get(key(word), word)


def _counted(frame: pl.DataFrame) -> Iterable[tuple[str, int, int]]:
    columns = pl.col("survey").cast(pl.String), pl.col("score")
    counts = frame.select(columns).group_by("survey", "score").len().sort("survey", "score")
    return counts.filter(pl.col("survey").is_not_null()).iter_rows()


def _turned(survey: str, low: int, high: int) -> pl.Expr:
    score = pl.col("score")
    mine = (pl.col("survey").cast(pl.String) == survey) & score.is_between(low, high)
    return pl.when(mine).then(low + high - score).otherwise(score).alias("score")
