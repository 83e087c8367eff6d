"""Scores of surveys: words, codes, direction and scale, from the question and from the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.readings import How, Reading
from crm_kpi.sources import LoadedTable, ReadOptions, SourceSpec
from crm_kpi.sources.mapping.column_mapping import MappedBlock
from crm_kpi.sources.meaning import asking
from crm_kpi.sources.meaning.survey_scores import SurveyScores
from crm_kpi.tables import TABLES
from tests.corpus.program import crm_kpi
from tests.sources.conftest import read

DEFAULTS = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


def answers(question: str, given: Sequence[object], survey: str = "", **how: Any) -> LoadedTable:
    how["otherwise"] = {"survey": survey} if survey else {}
    return read("surveys", written(question, given), **how)


def written(question: str, given: Sequence[object]) -> str:
    rows = (f"2024-01-{day % 28 + 1:02},{answer}\n" for day, answer in enumerate(given))
    return f'Timestamp,"{question}"\n' + "".join(rows)


def scores(loaded: LoadedTable) -> list[int | None]:
    return loaded.frame["score"].to_list()


def reading(loaded: LoadedTable, what: str) -> Reading:
    (found,) = [r for r in loaded.audit.meaning if what in r.reading]
    return found


@pytest.mark.parametrize(
    ("question", "survey", "given", "expected"),
    [("Bạn hài lòng thế nào?", "", ["Rất hài lòng", "Không hài lòng"], [5, 2]),
     ("Mức độ hài lòng", "csat", ["★★★★★", "★★☆☆☆", "⭐⭐⭐"], [5, 2, 3]),
     ("Bạn đánh giá chất lượng thế nào?", "csat", ["Rất tệ", "Tốt", "Bình thường"], [1, 4, 3]),
     ("How satisfied are you?", "", ["Good", "Bad", "Offered"], [5, 1, None]),
     ("Wie zufrieden sind Sie?", "", ["sehr zufrieden", "teils/teils"], [5, 3]),
     ("rating", "csat", ["5 - Rất hài lòng", "4 - Hài lòng"], [5, 4]),
     ("Would you recommend us?", "", ["10 - Extremely likely", "9", "0 - Not at all likely"],
      [10, 9, 0]),
     ("Would you recommend us?", "", ["9/10", "10/10"], [9, 10]),
     ("Bạn sẽ giới thiệu chúng tôi?", "", ["9 điểm", "10 điểm"], [9, 10]),
     ("How easy was it?", "", ["Very easy", "Somewhat easy", "Easy"], [7, 5, 6]),
     ("Was it easy? I agree that it was", "", ["Strongly agree", "Somewhat agree", "Agree"],
      [7, 5, 6])],
)  # fmt: skip
def test_answers_in_words(
    question: str, survey: str, given: Sequence[str], expected: list[int | None]
) -> None:
    assert scores(answers(question, given, survey)) == expected


def test_words_are_said() -> None:
    loaded = answers("Bạn hài lòng thế nào?", ["Rất hài lòng", "Hài lòng", "Không biết"])
    found = reading(loaded, "words read as scores")
    assert (found.how, found.rows) == (How.PROVED, 2)
    assert found.evidence == "'Rất hài lòng' = 5, 'Hài lòng' = 4"
    assert "1 without an answer ('Không biết')" in loaded.audit.assumed


def test_a_word_of_no_scale_is_rejected() -> None:
    loaded = answers("Mức độ hài lòng", ["Rất hài lòng", "Hài lòng", "Gì cơ"], "csat")
    assert [p.value for p in loaded.audit.problems] == ["Gì cơ"]
    assert reading(loaded, "words read as scores").how is How.CONVENTIONAL


def test_words_of_values_are_those_of_the_user() -> None:
    loaded = answers(
        "Mức độ hài lòng", ["Rất hài lòng", "Tốt"], "csat", values={"score": {"tốt": "1"}}
    )
    assert scores(loaded) == [5, 1]


def test_one_file_with_several_surveys() -> None:
    text = (
        "date,survey,score\n2024-01-02,NPS,9/10\n2024-01-02,csat,Very satisfied\n"
        "2024-01-02,ces,4\n2024-01-02,,8\n"
    )
    assert scores(read("surveys", text)) == [9, 5, 4, 8]


@pytest.mark.parametrize(
    ("question", "survey", "given", "expected", "how"),
    [("How much effort did it take you? (1-7)", "ces", [7, 2], [1, 6], How.CONVENTIONAL),
     ("Bạn gặp khó khăn thế nào khi mua hàng? (1-7)", "ces", [7, 2], [1, 6], How.CONVENTIONAL),
     ("Mức độ thuận tiện khi giao dịch (1-7)", "ces", [7, 2], [7, 2], How.CONVENTIONAL),
     ("How easy or difficult was it (1 = very easy, 7 = very difficult)?", "ces", [7, 2], [1, 6],
      How.PROVED),
     ("Wie zufrieden sind Sie (1 = sehr zufrieden, 5 = sehr unzufrieden)?", "", [1, 4], [5, 2],
      How.PROVED),
     ("Mức độ hài lòng", "csat", ["1 - Rất hài lòng", "5 - Rất không hài lòng"], [5, 1],
      How.PROVED),
     ("score", "ces", [7, 2], [7, 2], How.CONVENTIONAL),
     ("I needed much effort (1-7)", "ces", ["1", "7"], [7, 1], How.CONVENTIONAL)],
)  # fmt: skip
def test_which_end_is_good(
    question: str, survey: str, given: Sequence[object], expected: list[int], how: How
) -> None:
    loaded = answers(question, given, survey)
    assert scores(loaded) == expected
    found = reading(loaded, "score is good")
    assert found.how is how
    assert (found.short is not None) == (expected != given)


def test_a_declared_direction_is_left_to_the_metric() -> None:
    question = "How much effort did it take you? (1-7)"
    for easy in (False, True):
        loaded = answers(question, [7, 2], "ces", high_is_easy=easy)
        assert scores(loaded) == [7, 2]
        assert reading(loaded, "as declared").how is How.DECLARED


def test_words_run_as_the_direction_is_declared() -> None:
    given = ["Very easy", "Easy", "Somewhat easy"]
    assert scores(answers("How easy was it?", given, high_is_easy=False)) == [1, 2, 3]


def test_codes_for_no_answer() -> None:
    question = "Zufriedenheit (1-5, 98 = trifft nicht zu, 99 = weiß nicht)"
    loaded = answers(question, [5, 99, 4], "csat")
    assert scores(loaded) == [5, None, 4]
    assert reading(loaded, "no answer").rows == 1


@pytest.mark.parametrize(
    ("question", "survey", "given"),
    [("score", "nps", [9, 10, 0, 3]),
     ("score", "csat", [5, 4, 3, 3]),
     ("Bạn có giới thiệu chúng tôi không? (0-10)", "", [9, 10, 3])],
)  # fmt: skip
def test_nothing_is_asked_of_plain_scores(question: str, survey: str, given: Sequence[int]) -> None:
    loaded = answers(question, given, survey)
    assert scores(loaded) == given
    assert all(r.how is How.PROVED and r.short is None for r in loaded.audit.meaning)


OPEN = [
    ("How easy or difficult was it? (1-7)", "ces", [7, 6, 2]),
    ("How was your experience with us (1-5)?", "ces", [5, 4, 2]),
    ("How easy was it?", "ces", ["Very easy", "Easy", "Neutral", "Difficult"]),
    ("How satisfied are you? (1-10)", "csat", [10, 9, 3]),
    ("How satisfied are you?", "csat", [10, 7, 3]),
    ("How satisfied are you (1-3)?", "csat", [3, 3, 1]),
    ("Wie zufrieden sind Sie (Schulnoten)?", "csat", [1, 1, 4]),
    ("How was the quality?", "csat", ["Good", "Fair", "Poor", "Very good"]),
    ("Would you recommend us? (1-5)", "nps", [5, 4, 2]),
    ("score", "nps", [5, 4, 2, 1] * 5),
    ("score", "csat", [3, 2, 2, 1] * 5),
    ("score", "ces", [5, 4, 2, 1] * 5),
]  # fmt: skip


@pytest.mark.parametrize(("question", "survey", "given"), OPEN)
def test_what_is_open_is_closed_by_each_line(
    question: str,
    survey: str,
    given: Sequence[object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(written(question, given), encoding="utf-8")
    asked = [survey, "a.csv", "--as-of", "2024-01-31", "-f", "json"]
    refused = crm_kpi(*asked)
    assert (refused.code, refused.out) == (3, "")
    lines = re.findall(r"--set '([^']+)'", refused.err)
    figures = re.findall(r"over all answers (-?[0-9.]+)\)", refused.err)
    assert lines
    assert len(lines) == len(figures)
    for line, figure in zip(lines, figures, strict=True):
        done = crm_kpi(*asked, "--set", line)
        assert done.code == 0, done.err
        assert f"{json.loads(done.out)['results'][0]['value']:.2f}" == figure


def test_an_open_scale_comes_before_its_rejects() -> None:
    with pytest.raises(DataError, match="a scale from 1 to 10 is named"):
        answers("How satisfied are you? (1-10)", [10, 9], rejected_rows=Decimal())


def test_a_declared_scale_is_not_asked_for() -> None:
    loaded = answers(
        "How satisfied are you? (1-10)",
        [10, 3],
        scales=DEFAULTS | {"csat": (1, 10)},
        declared_scales=frozenset({"csat"}),
    )
    assert scores(loaded) == [10, 3]
    assert all(r.how is not How.OPEN for r in loaded.audit.meaning)


def test_a_recommendation_from_1_to_10_gives_the_same() -> None:
    loaded = answers("Would you recommend us? (1-10)", [10, 1])
    assert reading(loaded, "scores from 1 to 10").how is How.PROVED


def test_parts_that_contradict_one_another_are_refused() -> None:
    spec = SourceSpec("surveys", (), constants={"survey": "ces"})
    question = SurveyScores(MappedBlock(TABLES["surveys"], spec, []), ReadOptions(date.max))
    question.before_cast(pl.DataFrame({"score": ["Not at all easy", "Very easy"]}))
    with pytest.raises(UsageError, match="has to see all rows at once"):
        question.before_cast(pl.DataFrame({"score": ["Easy", "Neutral", "Difficult"]}))


@pytest.mark.parametrize(
    ("headers", "there", "why"),
    [(("date", "How much effort was it?"), [], "what 'How much effort was it?' asks for"),
     (("date", "Score (99 = don't know)"), [], "what \"Score (99 = don't know)\" asks for"),
     (("date", "score", "Finished"), ["False", "True"], "rows are left out by what 'Finished'"),
     (("submitdate", "score", "lastpage"), [], "rows are left out by what 'answered_at'"),
     (("date", "score", "Finished"), ["True"], None),
     (("date", "score", "status"), ["sent"], None),
     (("date", "How easy was it?"), [], None)],
)  # fmt: skip
def test_what_cannot_be_done_in_place(
    headers: tuple[str, ...], there: list[str], why: str | None
) -> None:
    spec = SourceSpec("surveys", (), columns={"score": headers[1]}, constants={"survey": "ces"})
    table, options = TABLES["surveys"], ReadOptions(date.max)
    found = asking.unfit_in_place(table, spec, headers, options, lambda _: there)
    assert (found is None) == (why is None)
    assert (why or "") in str(found or "")
