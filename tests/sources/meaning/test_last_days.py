"""What an end is: the last day, or the first day without."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from tests.sources.conftest import read


def ends(header: str, *rows: str, **how: Any) -> tuple[list[date | None], list[How]]:
    content = f"customer_id,start_date,{header},amount,interval\n"
    loaded = read("subscriptions", content + "".join(f"{row},1,month\n" for row in rows), **how)
    readings = [r.how for r in loaded.audit.meaning if r.column == header]
    return loaded.frame["end_date"].to_list(), readings


ONE = "A,2024-01-05,2024-02-04"
FOLLOWED = (ONE, "A,2024-02-05,2024-03-04", "A,2024-03-05,")
MET = ("A,2024-01-05,2024-02-05", "A,2024-02-05,2024-03-05", "A,2024-03-05,")


def test_a_plain_end_is_the_first_day_without_and_nothing_is_said() -> None:
    assert ends("end_date", ONE) == ([date(2024, 2, 4)], [])


def test_the_next_row_a_day_later_proves_last_days() -> None:
    days = [date(2024, 2, 5), date(2024, 3, 5), None]
    assert ends("end_date", *FOLLOWED) == (days, [How.PROVED])


def test_the_next_row_on_the_day_proves_first_days_without() -> None:
    days = [date(2024, 2, 5), date(2024, 3, 5), None]
    assert ends("Expiry date", *MET) == (days, [How.PROVED])


def test_rows_that_contradict_one_another_are_open_and_the_lines_close_it() -> None:
    rows = (*FOLLOWED, *(row.replace("A,", "B,") for row in MET))
    with pytest.raises(DataError, match="2 times, on its day 2 times") as refused:
        ends("end_date", *rows)
    assert "--set 'sources.subscriptions.end=exclusive'" in str(refused.value.hint)
    assert ends("end_date", *rows, end="exclusive")[0][0] == date(2024, 2, 4)
    assert ends("end_date", *rows, end="inclusive")[0][0] == date(2024, 2, 5)


def test_chance_proves_nothing() -> None:
    """Of many who came back some day, one came back on the next."""
    back = [f"C{n},2024-01-0{n},2024-02-04" for n in range(1, 9)]
    again = [f"C{n},2024-02-{4 + n:02},2024-05-20" for n in range(1, 9)]
    assert ends("end_date", *back, *again)[1] == []


def test_last_days_of_months() -> None:
    days = [date(2024, 2, 1), date(2024, 3, 1)]
    rows = ("A,2024-01-01,2024-01-31", "B,2024-02-01,2024-02-29")
    assert ends("end_date", *rows) == (days, [How.PROVED])


@pytest.mark.parametrize(
    "header",
    ["Expiration date", "Expires at", "Valid until", "Ngày hết hạn", "Hiệu lực đến", "Gültig bis",
     "Date d'échéance", "Fecha de vencimiento", "Scadenza", "Paid through"],
)  # fmt: skip
def test_headers_of_expiry(header: str) -> None:
    found = ends(header, ONE, columns={"end_date": header})
    assert found == ([date(2024, 2, 5)], [How.CONVENTIONAL])


@pytest.mark.parametrize("header", ["Ended at", "Ngày kết thúc", "Contract end", "end"])
def test_headers_of_an_end(header: str) -> None:
    found = ends(header, ONE, columns={"end_date": header})
    assert found[0] == [date(2024, 2, 4)]


def test_a_time_of_day_is_a_moment() -> None:
    assert ends("Expires at", "A,2024-01-05,2024-02-04 17:30:00")[0] == [date(2024, 2, 4)]
    assert ends("Expires at", "A,2024-01-05,2024-02-04 00:00:00")[0] == [date(2024, 2, 5)]


@pytest.mark.parametrize(
    ("header", "day"), [("Left at", 4), ("Last day", 5), ("Kunde bis", 5), ("Ngày rời bỏ", 4)]
)
def test_the_day_on_which_a_customer_left(header: str, day: int) -> None:
    content = f"customer_id,signup_date,{header}\nA,2024-01-05,2024-02-04\n"
    loaded = read("customers", content, columns={"churn_date": header})
    assert loaded.frame["churn_date"].to_list() == [date(2024, 2, day)]


def test_what_is_declared_and_the_rows_contradict_is_refused_with_both() -> None:
    for rows, declared, other in (
        (FOLLOWED, "exclusive", "inclusive"),
        (MET, "inclusive", "exclusive"),
    ):
        with pytest.raises(DataError, match="all the same, as declared") as refused:
            ends("end_date", *rows, end=declared)
        assert f"--set 'sources.subscriptions.end={other}'" in str(refused.value.hint)
        assert "--set 'limits.open_meaning=note'" in str(refused.value.hint)
        assert ends("end_date", *rows, end=other)[1] == [How.DECLARED]
        assert ends("end_date", *rows, end=declared, open_meaning="note")[1] == [How.OPEN]
