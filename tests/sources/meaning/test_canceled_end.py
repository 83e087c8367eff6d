"""A canceled subscription is paid until its term ends."""

from __future__ import annotations

from datetime import date

from tests.sources.conftest import read

HEADER = "subscription_id,customer_id,start_date,amount,canceled_at,due_date"
ROWS = (
    "s1,a,2024-01-01,10,2024-03-10,2024-04-01",
    "s2,b,2024-01-01,10,2024-03-10,2024-03-01",
    "s3,c,2024-01-01,10,,2024-04-01",
)


def test_the_end_of_the_term_is_the_end_of_one_that_was_canceled() -> None:
    loaded = read("subscriptions", "\n".join([HEADER, *ROWS]))
    assert loaded.frame["end_date"].to_list() == [date(2024, 4, 1), date(2024, 3, 10), None]
    assert [reading.rows for reading in loaded.audit.meaning] == [1]
    assert "1 canceled and paid until the end of the term" in loaded.audit.assumed


def test_an_end_that_is_there_stays() -> None:
    rows = [f"{HEADER},end_date", f"{ROWS[0]},2024-03-15", f"{ROWS[1]},", f"{ROWS[2]},"]
    loaded = read("subscriptions", "\n".join(rows))
    assert loaded.frame["end_date"].to_list() == [date(2024, 3, 15), None, None]
    assert loaded.audit.meaning == []
