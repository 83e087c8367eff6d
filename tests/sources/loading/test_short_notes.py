"""What everybody should know of how columns are read, in few words: made of a note's values."""

from __future__ import annotations

import pytest

from crm_kpi.messages import Message, text, texts
from crm_kpi.sources.loading.short_notes import SHORT, short_notes

DAYS = text("parsing.proved", column="date", way="%d/%m/%Y")


@pytest.mark.parametrize(
    ("note", "short"),
    [
        (DAYS, "dates day first (31/12/2024)"),
        (text("parsing.proved", column="date", way="%d.%m.%Y"), "dates day first (31.12.2024)"),
        (text("parsing.proved", column="date", way="%m-%d-%Y"), "dates month first (12-31-2024)"),
        (text("parsing.proved", column="amount", way="1.234,56"), "numbers as 1.234,56"),
        (
            text("parsing.no_decimals", column="amount", way="1,234.56", currency="VND"),
            "numbers as 1,234.56",
        ),
        (
            text("parsing.on_utc_days", column="created_at", offset="+07:00"),
            "times at +07:00 are counted on UTC days",
        ),
        (text("parsing.may_be_swapped", column="date"), "day and month may be swapped"),
        (
            text("mapping.read_by_preset", path="a.csv", title="orders of Shopify", preset="shop"),
            "preset shop",
        ),
        (
            text("mapping.survey_asked", path="a.csv", question="How easy?", survey="ces"),
            "the question 'How easy?'",
        ),
    ],
)
def test_a_note_in_few_words(note: Message, short: str) -> None:
    assert short_notes([note]) == [short]


def test_the_same_words_once_and_none_for_other_notes() -> None:
    again = text("parsing.proved", column="signup_date", way="%d/%m/%Y")
    other = text("parsing.percent", column="probability, read as 5, which its rows prove")
    assert short_notes([DAYS, other, again]) == ["dates day first (31/12/2024)"]


def test_every_key_is_one_of_the_catalogue() -> None:
    assert set(SHORT) <= set(texts("en"))
