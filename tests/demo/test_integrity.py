"""The data fit together, at every size and for every seed."""

from __future__ import annotations

from pathlib import Path

import pytest

import crm_kpi.demo

from .integrity import check
from .reading import Export, read


def test_the_tables_fit_together(tables: dict[str, Export]) -> None:
    check(tables)
    assert all(export.rows for export in tables.values())


@pytest.mark.parametrize(
    ("customers", "seed"),
    [(n, n) for n in (1, 2, 3, 7, 19, 79, 80, 81, 133, 199, 200, 201, 399, 401)]
    + [(400, seed) for seed in (-1, 0, 8, 99, 123_456_789)]
    + [(1000, 7), (2500, 3)],
)
def test_other_sizes_and_seeds_fit_together(tmp_path: Path, customers: int, seed: int) -> None:
    crm_kpi.demo.write(tmp_path, customers=customers, seed=seed)
    tables = read(tmp_path)
    check(tables)
    assert len(tables["customers"].rows) == customers


def test_the_faults_are_the_announced_ones(tables: dict[str, Export]) -> None:
    rejected = {name: export.rejected for name, export in tables.items() if export.rejected}
    assert rejected.keys() == {"customers", "transactions", "surveys", "tickets"}
    assert [row["signup_date"] for row in rejected["customers"]] == ["31/02/2024"]
    assert [(row["date"], row["amount"]) for row in rejected["transactions"]] == [
        ("31/02/2024 10:15", "95.000"),
        ("23/08/2024 10:15", "liên hệ"),
    ]
    assert [row["score"] for row in rejected["surveys"]] == ["11"]
    assert [(row["created_at"], row["solved_at"]) for row in rejected["tickets"]] == [
        ("2024-07-18 09:12:00", "2024-07-16 15:00:00")
    ]
    assert {name: e.duplicates for name, e in tables.items() if e.duplicates} == {"customers": 2}


def test_some_sales_have_no_known_customer(tables: dict[str, Export]) -> None:
    buyers = [row["customer_id"] for row in tables["transactions"].rows]
    assert buyers.count(None) == 2
    assert buyers.count("KH0000") == 1


def test_orders_have_lines_and_returns(tables: dict[str, Export]) -> None:
    rows = tables["transactions"].rows
    ids = [row["transaction_id"] for row in rows]
    assert len(ids) - len(set(ids)) > 500
    returned = {row["transaction_id"] for row in rows if row["kind"] == "refund"}
    assert any(number.startswith("TH") for number in returned)
    assert any(number.startswith("DH") for number in returned)


def test_phones_keep_their_zero(tables: dict[str, Export]) -> None:
    phones = [row["phone"] for row in tables["customers"].rows if row["phone"]]
    assert all(phone.startswith(("0900", "+84900")) for phone in phones)
    assert len(phones) < len(tables["customers"].rows)


def test_addresses_belong_to_nobody(tables: dict[str, Export]) -> None:
    addresses = [row["email"] for row in tables["customers"].rows if row["email"]]
    assert all(address.endswith("example.com") and address.isascii() for address in addresses)


def test_comments_hold_commas_quotes_and_line_breaks(tables: dict[str, Export]) -> None:
    comments = [row["comment"] for row in tables["surveys"].rows if row["comment"]]
    assert any("\n" in comment for comment in comments)
    assert any("," in comment for comment in comments)
    assert any('"' in comment for comment in comments)
