"""How deals ended, told by their states or stages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.conftest import read


def outcomes(column: str, *words: str, **how: Any) -> list[str | None] | None:
    rows = (f"{i},2024-01-01,2024-02-01,{word}\n" for i, word in enumerate(words))
    text = f"opportunity_id,created_at,closed_at,{column}\n" + "".join(rows)
    frame = read("opportunities", text, **how).frame
    return frame["outcome"].to_list() if "outcome" in frame.columns else None


@pytest.mark.parametrize(
    "words",
    [("Won", "Lost", "Open"), ("Gewonnen", "Verloren", "Angebot"), ("失注", "受注", "商談")],
)
@pytest.mark.parametrize("column", ["status", "stage", "Giai đoạn"])
def test_both_words_tell_it_in_any_language(column: str, words: tuple[str, ...]) -> None:
    assert sorted(filter(None, outcomes(column, *words) or [])) == ["lost", "open", "won"]


def test_words_of_vietnamese_crms() -> None:
    words = ("Kết thúc thành công", "Kết thúc thất bại", "Trúng thầu", "Trượt thầu", "Đàm phán")
    assert outcomes("Giai đoạn", *words) == ["won", "lost", "won", "lost", "open"]


def test_a_status_of_known_words_alone_tells_it() -> None:
    assert outcomes("status", "Won", "Open") == ["won", "open"]


def test_stages_without_both_tell_nothing() -> None:
    assert outcomes("stage", "Won", "Negotiation") is None
    assert outcomes("status", "Hot", "Cold") is None


def test_what_was_taken_is_said() -> None:
    text = "opportunity_id,created_at,closed_at,stage\n1,2024-01-01,2024-02-01,Won\n"
    audit = read("opportunities", text + "2,2024-01-01,2024-02-01,Lost\n3,2024-01-01,,Hold\n").audit
    assert "outcome from 'stage'" in audit.assumed
    assert [(r.column, r.rows) for r in audit.meaning] == [("stage", 1)]
    assert "open are Hold" in audit.meaning[0].evidence


def test_a_star_leaves_words_that_are_known() -> None:
    how = {"columns": {"outcome": "Step"}, "values": {"outcome": {"*": "open"}}}
    assert outcomes("Step", "Won", "Lost", "Talk", **how) == ["won", "lost", "open"]


def test_an_outcome_that_is_mapped_to_stages() -> None:
    how = {"columns": {"outcome": "Step"}, "values": {"outcome": {"Talk": "lost"}}}
    assert outcomes("Step", "Won", "Lost", "Talk", "Call", **how) == ["won", "lost", "lost", "open"]
