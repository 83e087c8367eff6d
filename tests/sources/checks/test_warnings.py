"""What is lawful and yet often a mistake is said: on stderr in few words, in JSON in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi import sources
from crm_kpi.sources import ReadOptions, SourceSpec
from crm_kpi.tables import TABLES
from tests.sources.conftest import AS_OF, read

ORDERS = "customer_id,date,amount,transaction_id\n"


def said(table: str, text: str, **how: object) -> tuple[list[str], list[str]]:
    audit = read(table, text, **how).audit
    return audit.assumed, audit.notes


def test_an_order_whose_rows_repeat_its_total() -> None:
    text = ORDERS.replace("\n", ",Item\n") + (
        "A,2024-01-31,300,1,x\nA,2024-01-31,300,1,y\nB,2024-01-31,10,2,x\n"
    )
    short, long = said("transactions", text)
    assert "1 order with the same amount on each row added up" in short
    assert any("declare once: transaction_id" in note for note in long)


def test_lines_of_different_amounts_are_no_doubt() -> None:
    text = ORDERS + "A,2024-01-31,300,1\nA,2024-01-31,200,1\nB,2024-01-31,10,2\nB,2024-01-31,10,2\n"
    assert not [word for word in said("transactions", text)[0] if "added up" in word]


def test_an_order_in_two_files() -> None:
    one = ORDERS + "A,2024-01-31,300,1\nB,2024-01-31,100,2\n"
    other = ORDERS + "B,2024-02-01,100,2\nC,2024-02-02,50,3\n"
    Path("1.csv").write_text(one)
    Path("2.csv").write_text(other)
    spec = SourceSpec("transactions", ("1.csv", "2.csv"))
    audit = sources.load(TABLES["transactions"], [spec], ReadOptions(AS_OF)).audit
    assert "1 order in several files added up" in audit.assumed
    assert any("where files overlap" in note for note in audit.notes)


def test_an_nps_without_a_score_above_5() -> None:
    rows = [f"nps,{score},2024-01-31" for score in (5, 4, 5)]
    text = "\n".join(["survey,score,answered_at", *rows, ""])
    short, long = said("surveys", text)
    assert short == ["no nps score is above 5"]
    assert any("definitions.nps.scale" in note for note in long)
    assert said("surveys", text.replace("nps,4", "nps,6"))[0] == []


def test_a_year_that_is_a_slip() -> None:
    text = "customer_id,date,amount\nA,1900-01-14,5\nB,2024-01-15,5\n"
    assert said("transactions", text)[0] == ["1 row before 1970"]


@pytest.mark.parametrize(
    ("offset", "zone", "is_said"),
    [("+07:00", "UTC", True), ("+0700", "UTC", True), ("Z", "UTC", False),
     ("+00:00", "UTC", False), ("+07:00", "Asia/Ho_Chi_Minh", False)],
)  # fmt: skip
def test_times_at_an_offset_on_utc_days(offset: str, zone: str, is_said: bool) -> None:
    text = f"survey,score,answered_at\nnps,9,2024-01-31T23:30:00{offset}\n"
    short, long = said("surveys", text, timezone=zone)
    assert (short == [f"times at {offset} are counted on UTC days"]) is is_said
    assert bool(long) is is_said


def test_rows_that_are_left_out_are_counted_by_cause() -> None:
    text = "customer_id,date,amount,Status,Mode\n" + "".join(
        f"A,2024-01-31,5,{status},{mode}\n"
        for status, mode in [("paid", "live"), ("open", "live"), ("open", "test"), ("paid", "test")]
    )
    audit = read(
        "transactions", text, where={"Status": ("paid",)}, exclude={"Mode": ("test",)}
    ).audit
    assert audit.excluded == 3
    assert "2 rows left out by where: Status" in audit.notes
    assert "1 row left out by exclude: Mode" in audit.notes


@pytest.mark.parametrize(
    ("ids", "count"),
    [
        (("C1", "C1\u200b", "C1\u200b"), 1),
        (("C1\u200b", "C1\xad", "C2"), 1),
        (("C1", "\ufeffC1", "C1\u3164"), 2),
        (("C 1", "C\xa01"), 1),
        (("Đ1", "Đ\u20602", "Đ3"), 0),
        (("Đ1", "Đ2"), 0),
    ],
)
def test_ids_that_look_the_same(ids: tuple[str, ...], count: int) -> None:
    rows = "".join(f"X{i}\u200b,2024-01-31,1,{one}\n" for i, one in enumerate(ids))
    short, long = said("transactions", ORDERS + rows)
    told = [f"transaction_id: {count} ids are another one but for invisible characters"]
    assert [note for note in long if "invisible" in note] == (told if count else [])
    assert [note for note in short if "invisible" in note] == (told if count else [])
