"""A survey whose score stands under the question, read without a word of config."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm_kpi.errors import DataError
from crm_kpi.sources import LoadedTable
from crm_kpi.sources.mapping.survey_questions import effort_in, scale_in, survey_in
from tests.sources.conftest import read

QUESTION = "Bạn có sẵn lòng giới thiệu chúng tôi cho bạn bè không?"


def answers(*headers: str, row: str = "9", **how: object) -> LoadedTable:
    head = ",".join(["Dấu thời gian", *headers])
    return read("surveys", f"{head}\n2024/03/14 3:05:06 CH GMT+7,{row}\n", **how)


def test_the_only_question_is_the_score() -> None:
    loaded = answers(QUESTION)
    assert loaded.frame["score"].to_list() == [9]
    assert loaded.frame["survey"].to_list() == ["nps"]
    assert loaded.frame["answered_at"].to_list() == [datetime(2024, 3, 14, 8, 5, 6)]
    note = f"t.csv: score is read from the question {QUESTION!r}, survey is nps"
    assert note in loaded.audit.notes


def test_a_survey_that_is_said_chooses_the_question() -> None:
    loaded = answers(QUESTION, "Bạn hài lòng thế nào?", row="9,4", constants={"survey": "csat"})
    assert (loaded.frame["score"].to_list(), loaded.frame["survey"].to_list()) == ([4], ["csat"])


def test_a_survey_in_a_column_stays_there() -> None:
    loaded = answers(QUESTION, "Loại khảo sát", row="9,NPS")
    assert loaded.frame["survey"].to_list() == ["nps"]


@pytest.mark.parametrize(
    ("headers", "row", "how"),
    [((QUESTION, "Bạn hài lòng thế nào?"), "9,4", {}),
     ((QUESTION,), "9", {"constants": {"survey": "csat"}}),
     ((QUESTION,), "rất sẵn lòng", {}),
     ((QUESTION,), "", {}),
     (("Tên",), "An", {})],
)  # fmt: skip
def test_no_question_or_several_leave_it_open(
    headers: tuple[str, ...], row: str, how: dict[str, object]
) -> None:
    with pytest.raises(DataError, match="no column for score of surveys"):
        answers(*headers, row=row, **how)


def test_a_score_by_name_comes_first() -> None:
    loaded = answers(QUESTION, "Điểm", row="9,4", constants={"survey": "csat"})
    assert loaded.frame["score"].to_list() == [4]


@pytest.mark.parametrize(
    ("text", "survey"),
    [("Quý khách có hài lòng và sẵn sàng giới thiệu dịch vụ không?", "nps"),
     ("Bạn sẽ giới thiệu chúng tôi dễ dàng đến mức nào?", "nps"),
     ("Würden Sie uns weiterempfehlen?", "nps"), ("Recommanderiez-vous nos services ?", "nps"),
     ("Êtes-vous satisfait de ces services ?", "csat"), ("ces_2024", "ces"), ("CES", "ces"),
     ("Mức độ thuận tiện khi giao dịch", "ces"), ("How difficult was it?", "ces"),
     ("How satisfied are you with how easy it was?", None), ("Hardware", None), ("Ngày", None)],
)  # fmt: skip
def test_which_survey_a_question_is_of(text: str, survey: str | None) -> None:
    assert survey_in(text) == survey


@pytest.mark.parametrize(
    ("question", "effort"),
    [("How much effort was it?", "effort"), ("Bạn gặp khó khăn thế nào?", "effort"),
     ("The company made it easy", "easy"), ("Mức độ đơn giản", "easy"),
     ("How easy or difficult was it?", "both"), ("It was not easy", "both"),
     ("Tôi không mất nhiều công sức", "both"), ("How was it?", None)],
)  # fmt: skip
def test_what_a_question_says_of_effort(question: str, effort: str | None) -> None:
    assert effort_in(question) == effort


@pytest.mark.parametrize(
    ("question", "scale"),
    [("Từ 0 đến 10", (0, 10)), ("(1–7)", (1, 7)), ("auf einer Skala von 1 bis 6", (1, 6)),
     ("de 1 à 5", (1, 5)), ("(1-5, 99 = weiß nicht)", (1, 5)), ("Schulnote", (1, 6)),
     ("(1 = very easy, 7 = very difficult)", (1, 7)), ("Score", None), ("2024-01-07", None),
     ("01-05 review", None), ("from 1 to 5 or 1 to 7", None)],
)  # fmt: skip
def test_which_scale_a_question_names(question: str, scale: tuple[int, int] | None) -> None:
    assert scale_in(question) == scale


def test_a_question_that_only_rates_is_the_survey_that_is_asked_for() -> None:
    question = "Anh/chị chấm cho dịch vụ của chúng tôi bao nhiêu điểm (0-10)?"
    loaded = answers(question, "Tuổi", row="9,7", otherwise={"survey": "nps"})
    assert (loaded.frame["score"].to_list(), loaded.frame["survey"].to_list()) == ([9], ["nps"])
    assert f"{question!r} read as nps" in loaded.audit.assumed
    with pytest.raises(DataError, match="no column for score of surveys"):
        answers(question, row="9")
    with pytest.raises(DataError, match="no column for score of surveys"):
        answers("Bạn hài lòng thế nào?", row="4", otherwise={"survey": "nps"})
    with pytest.raises(DataError, match="no column for score of surveys"):
        answers("Đánh giá cửa hàng?", "Đánh giá shipper?", row="4,5", otherwise={"survey": "csat"})


def test_answers_in_words_tell_a_question_but_not_of_a_recommendation() -> None:
    loaded = answers("Bạn đánh giá thế nào?", row="Rất tốt", otherwise={"survey": "csat"})
    assert loaded.frame["score"].to_list() == [5]
    with pytest.raises(DataError, match="no column for score of surveys"):
        answers(QUESTION, row="Rất tốt")


def test_a_column_of_many_numbers_is_no_score() -> None:
    with pytest.raises(DataError, match="no column for score of surveys"):
        answers("Đánh giá lúc mấy giờ?", row="45", otherwise={"survey": "csat"})
