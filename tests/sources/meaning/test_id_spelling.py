"""Ids that are one, however they are written, and ids that are lost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.readings import How
from crm_kpi.sources import SourceSpec
from crm_kpi.sources.loading import out_of_core
from crm_kpi.sources.spec import ReadOptions
from tests.sources.conftest import AS_OF, read, rejected


def _sales(*ids: str) -> str:
    return "customer_id,date,amount\n" + "".join(f"{one},2024-01-02,5\n" for one in ids)


def _ids(content: str, **how: object) -> list[str]:
    return read("transactions", content, **how).frame["customer_id"].to_list()


def test_addresses_are_one_whatever_their_case() -> None:
    loaded = read("transactions", _sales("Ann@Example.com", "ann@example.com", "AB", "ab"))
    assert loaded.frame["customer_id"].to_list() == ["ann@example.com"] * 2 + ["AB", "ab"]
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.rows) == (How.CONVENTIONAL, 1)
    assert "1 e-mail addresses in 'customer_id' compared without case" in loaded.audit.assumed


@pytest.mark.parametrize("table", ["customers", "surveys", "tickets"])
def test_addresses_are_so_in_every_table(table: str) -> None:
    files = {
        "customers": "customer_id,signup_date\nA@X.vn,2024-01-02\n",
        "surveys": "customer_id,date,survey,score\nA@X.vn,2024-01-02,nps,9\n",
        "tickets": "ticket_id,created_at,customer_id\n1,2024-01-02,A@X.vn\n",
    }
    assert read(table, files[table]).frame["customer_id"].to_list() == ["a@x.vn"]


@pytest.mark.parametrize("lost", ["8.49123E+11", "8,49123E+11", "1e+05", "9E+12"])
def test_what_a_spreadsheet_rounded_is_no_id(lost: str) -> None:
    text = _sales(f'"{lost}"', "KH1")
    assert rejected(read("transactions", text)) == [
        (2, "customer_id", lost, "an id that a spreadsheet wrote as a rounded number")
    ]
    text = f'transaction_id,date,amount\n"{lost}",2024-01-02,5\n'
    assert len(rejected(read("transactions", text))) == 1


def test_too_many_of_them_are_refused() -> None:
    with pytest.raises(DataError):
        read("transactions", _sales("8.49123E+11", "KH1"), rejected_rows=Decimal(0))


@pytest.mark.parametrize("ids", [("KH1E+1x", "+84912000001"), ("12E", "E+11"), ("007", "7")])
def test_other_ids_stay_as_they_are(ids: tuple[str, ...]) -> None:
    loaded = read("transactions", _sales(*ids))
    assert loaded.frame["customer_id"].to_list() == [*ids]
    assert (loaded.audit.meaning, loaded.audit.assumed) == ([], [])


def test_whole_numbers_have_no_point() -> None:
    loaded = read("transactions", _sales("1001", "1001.0", "1002.00"))
    assert loaded.frame["customer_id"].to_list() == ["1001", "1001", "1002"]
    assert [(r.how, r.rows) for r in loaded.audit.meaning] == [(How.PROVED, 2)]


def test_points_stay_where_not_all_are_whole() -> None:
    assert _ids(_sales("1001.0", "1001.5")) == ["1001.0", "1001.5"]
    assert _ids(_sales("1001.0", "KH1")) == ["1001.0", "KH1"]


def test_telephone_numbers_have_their_leading_zero() -> None:
    text = _sales("0912000001", "912000001", "+84 912 000 001", "84912000001", "0912.000.001")
    text = text.replace("customer_id", "Số điện thoại")
    loaded = read("transactions", text, columns={"customer_id": "Số điện thoại"})
    assert loaded.frame["customer_id"].to_list() == ["0912000001"] * 5
    assert loaded.audit.assumed[0].startswith("4 telephone numbers in 'Số điện thoại'")


def test_numbers_under_another_header_are_no_telephone_numbers() -> None:
    assert _ids(_sales("912000001", "0912000001")) == ["912000001", "0912000001"]


def test_in_parts_it_is_the_same_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)
    monkeypatch.setattr(out_of_core, "ROWS", 2)
    specs = {"transactions": [SourceSpec("transactions", ("t.csv",), numbers="1234.56",
                                         dates="%Y-%m-%d")]}  # fmt: skip

    def ids(*given: str) -> list[str]:
        Path("t.csv").write_text(_sales(*given))
        loaded = out_of_core.load_all(specs, ReadOptions(AS_OF), tmp_path, 1 << 30)
        return loaded["transactions"].frame.scan().collect()["customer_id"].to_list()  # type: ignore[attr-defined]

    assert ids("A@x.vn", "b@x.vn", "a@x.vn") == ["a@x.vn", "b@x.vn", "a@x.vn"]
    assert ids("1.0", "2", "3.0") == ["1", "2", "3"]
    assert ids("K1", "2.5", "3.0", "4.0") == ["K1", "2.5", "3.0", "4.0"]
    with pytest.raises(UsageError, match="which ids are one has to see all rows"):
        ids("1.0", "2", "3.5")
