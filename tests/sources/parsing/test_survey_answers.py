"""Answers of surveys as programs write them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm_kpi.sources.parsing import answer_words
from crm_kpi.sources.parsing.survey_answers import numbered, read, runs_against

FILES = sorted((Path(answer_words.__file__).parent / "words" / "answers").glob("*.json"))


@pytest.mark.parametrize(
    ("answer", "score", "most"),
    [("9/10", 9, 10), ("9 / 10 điểm", 9, 10), ("9 out of 10", 9, 10), ("9 trên 10", 9, 10),
     ("9 von 10", 9, 10), ("9 điểm", 9, None), ("4 stars", 4, None), ("4 ★", 4, None),
     ("★★★★☆", 4, 5), ("★ ★", 2, None), ("⭐️⭐️⭐️", 3, None), ("☆☆☆☆☆", 0, 5),
     ("5 - Rất hài lòng", 5, None), ("5. Rất hài lòng", 5, None), ("(5) Very satisfied", 5, None),
     ("5 (Very satisfied)", 5, None), ("Very satisfied (5)", 5, None),
     ("Not at all likely - 0", 0, None), ("5 Rất hài lòng", 5, None), ("7.0", 7, None)],
)  # fmt: skip
def test_an_answer_holds_its_number(answer: str, score: int, most: int | None) -> None:
    found = numbered(answer)
    assert found is not None
    assert (found.score, found.most) == (score, most)


@pytest.mark.parametrize(
    "answer", ["", "7.5", "2024-01-02", "-1", "nine", "5 apples", "10:30", "1/2/2024", "9 9"]
)
def test_other_text_holds_none(answer: str) -> None:
    assert numbered(answer) is None


def test_labels_tell_the_direction() -> None:
    assert runs_against([(5, "very satisfied"), (1, "very dissatisfied")]) == (False, True)
    assert runs_against([(1, "strongly agree"), (5, "strongly disagree")]) == (True, False)
    assert runs_against([(1, "sehr gut")]) == (True, True)
    assert runs_against([(10, "extremely likely")]) == (False, False)
    assert runs_against([(3, "good")]) is None
    assert runs_against([(1, "good"), (2, "bad"), (3, "very good")]) is None
    assert runs_against([(1, "first thing")]) is None


def test_words_that_are_half_known_are_none() -> None:
    assert read(["Rất hài lòng", "x", "y"]).scales == []
    assert read(["Rất hài lòng", "x"]).unknown == ["x"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_language_is_whole(file: Path) -> None:
    words = json.loads(file.read_text("utf-8"))
    assert words["source"]
    for several in words["scales"].values():
        for levels in several:
            keys = [answer_words.key(word) for level in levels for word in level]
            assert len(keys) == len(set(keys)), levels
            assert 3 <= len(levels) <= 7
            middle = [level[0] for level in levels]
            assert {scale.points for scale in answer_words.word_scales(middle)} >= {len(levels)}
