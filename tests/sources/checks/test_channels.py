"""Customers of several files who share no id."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from crm_kpi.sources import SourceSpec, load
from crm_kpi.sources.checks import channels
from crm_kpi.sources.spec import Identities, ReadOptions
from crm_kpi.tables import ROW, TABLES
from tests.sources.conftest import AS_OF


def _said(*files: list[str]) -> str | None:
    ids = [one for file in files for one in file]
    bases = [sum(map(len, files[:at])) for at in range(len(files))]
    rows = pl.DataFrame({ROW: range(len(ids)), "customer_id": ids}).cast({ROW: pl.UInt32})
    return channels.added_up(rows.lazy(), bases)


@pytest.mark.parametrize("other", [
    ["an.nguyen", "binh92"], ["0912345678"], ["a@x.vn"], ["SHOP-1", "SHOP-2"], ["1001", "1002"],
])  # fmt: skip
def test_ids_of_another_program_are_other_customers(other: list[str]) -> None:
    said = _said(["KH001", "KH002"], ["KH003"], other)
    assert said is not None
    assert "'KH001'" in said
    assert repr(other[0]) in said


@pytest.mark.parametrize("files", [
    (["KH001", "KH002"], ["KH003"]),
    (["KH001", "an"], ["binh", "KH003"]),
    (["KH001"], ["a@x.vn", "b@x.vn"], ["KH001", "b@x.vn"]),
    (["C1"], ["7", "C1"]),
    (["KH001"], []),
    (["KH001", "an"],),
])  # fmt: skip
def test_nothing_is_said_of_one_programs_ids(files: tuple[list[str], ...]) -> None:
    assert _said(*files) is None


def test_it_is_said_where_people_are_counted_and_nothing_joins_them() -> None:
    header = "customer_id,date,amount\n"
    Path("a.csv").write_text(header + "KH001,2024-01-05,10\n")
    Path("b.csv").write_text(header + "an.nguyen,2024-01-05,10\n")
    specs = [SourceSpec("transactions", (path,)) for path in ("a.csv", "b.csv")]
    of_money = {"transactions": frozenset({"date", "amount"})}
    of_people = {"transactions": frozenset({"date", "customer_id"})}
    joined = Identities("ids.csv", {"KH001": "KH001", "an.nguyen": "KH001"})
    for options, said in (
        (ReadOptions(AS_OF, needed=of_people), True),
        (ReadOptions(AS_OF), True),
        (ReadOptions(AS_OF, needed=of_money), False),
        (ReadOptions(AS_OF, identities=joined), False),
    ):
        assumed = load(TABLES["transactions"], specs, options).audit.assumed
        assert any("are added up" in one for one in assumed) is said


def test_answers_at_one_moment_are_told() -> None:
    text = "customer_id,score,answered_at\nA,9,2024-03-04\nA,2,2024-03-04\nB,9,2024-03-04\n"
    Path("s.csv").write_text(text)
    specs = [SourceSpec("surveys", ("s.csv",), constants={"survey": "csat"})]
    for needed, said in ((frozenset({"customer_id"}), True), (frozenset({"score"}), False)):
        options = ReadOptions(AS_OF, needed={"surveys": needed}, scales={"csat": (1, 10)})
        assumed = load(TABLES["surveys"], specs, options).audit.assumed
        assert (
            any("1 customer with several answers at one moment" in one for one in assumed) is said
        )
