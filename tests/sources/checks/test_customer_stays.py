"""Customers with several rows: stays that overlap are one."""

from __future__ import annotations

from datetime import date

from crm_kpi.readings import How
from crm_kpi.tables import JOINED
from tests.sources.conftest import read

HEADER = "customer_id,signup_date,churn_date\n"


def _stays(rows: str, header: str = HEADER, **how: object) -> list[tuple[object, ...]]:
    loaded = read("customers", header + rows, **how)
    assert loaded.audit.rejected == 0
    frame = loaded.frame.sort("customer_id", "signup_date")
    # Quality is judged by the rows as they stand, so what was joined is told apart.
    assert (JOINED in frame.columns) == any("join" in said for said in loaded.audit.assumed)
    return frame.drop(JOINED, strict=False).rows()


def test_stays_that_overlap_are_one() -> None:
    rows = (
        "A,2023-01-01,2023-06-01\nA,2023-05-31,2023-12-01\nB,2024-01-01,\nB,2024-02-01,\n"
        "C,2024-01-01,2024-01-01\nC,2024-01-01,\nA,2023-01-01,2023-06-01\n"
    )
    assert _stays(rows) == [
        ("A", date(2023, 1, 1), date(2023, 12, 1)),
        ("B", date(2024, 1, 1), None),
        ("C", date(2024, 1, 1), date(2024, 1, 1)),
        ("C", date(2024, 1, 1), None),
    ]
    audit = read("customers", HEADER + rows).audit
    assert (audit.duplicates, audit.used) == (3, 4)
    (reading,) = audit.meaning
    assert (reading.how, reading.rows) == (How.CONVENTIONAL, 2)
    assert audit.assumed == ["2 rows joined with others of the same customer"]


def test_a_long_stay_holds_all_that_start_in_it() -> None:
    rows = "A,2023-01-01,2023-12-01\nA,2023-02-01,2023-03-01\nA,2023-04-01,2023-05-01\n"
    assert _stays(rows) == [("A", date(2023, 1, 1), date(2023, 12, 1))]


def test_stays_one_after_another_are_several() -> None:
    rows = "A,2023-01-01,2023-06-01\nA,2023-06-01,2023-12-01\n"
    assert len(_stays(rows)) == 2
    assert read("customers", HEADER + rows).audit.meaning == []


def test_what_was_updated_last_is_told() -> None:
    header = "customer_id,signup_date,updated_at,segment,owner\n"
    texts = {"customers": frozenset({"segment", "owner"})}
    rows = "A,2023-01-01,2024-03-01,vip,\nA,2023-02-01,2024-01-01,new,An\n"
    assert _stays(rows, header, texts=texts) == [
        ("A", date(2023, 1, 1), "vip", "An", date(2024, 3, 1))
    ]
    rows = "A,2023-02-01,,late,\nA,2023-01-01,,early,An\n"
    assert [row[2] for row in _stays(rows, header, texts=texts)] == ["late"]
