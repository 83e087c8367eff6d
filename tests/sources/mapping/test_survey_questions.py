"""A survey whose score stands under the question, read without a word of config."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm_kpi.errors import DataError
from crm_kpi.sources import LoadedTable
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
