"""Ids that are counted become codes, and nobody notices; any other ids stay text."""

from __future__ import annotations

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from crm_kpi.config import load_config
from crm_kpi.engine.backends.id_codes import coded
from crm_kpi.engine.run import KpiQuery, compute
from crm_kpi.errors import UsageError


def _tables(*ids: list[str | None]) -> dict[str, pl.DataFrame]:
    return {
        str(i): pl.DataFrame({"customer_id": pl.Series(one, dtype=pl.String)})
        for i, one in enumerate(ids)
    }


@pytest.mark.parametrize(
    "ids",
    [
        [["KH009", None, "KH012"], ["KH010", "KH009"], [None]],
        [["0017", "0004"]],
        [["đơn 1", "đơn 9"], []],
    ],
)
def test_codes_are_in_the_order_of_the_text_and_become_it(ids: list[list[str | None]]) -> None:
    tables = {**_tables(*ids), "no customers": pl.DataFrame({"amount": [1]})}
    found, codes = coded(tables)
    assert codes is not None
    for name, table in tables.items():
        if name == "no customers":
            assert found[name].equals(table)
            continue
        assert found[name]["customer_id"].dtype == pl.UInt32
        again = nw.from_native(found[name]).select(codes.text().alias("customer_id")).to_native()
        assert again.equals(table)
        told = found[name].sort("customer_id").pipe(nw.from_native)
        told = told.select(codes.text().alias("customer_id")).to_native()
        assert told.equals(table.sort("customer_id"))


@pytest.mark.parametrize(
    "ids",
    [
        [["KH1", "KH01"]],  # would be the same number
        [["KH+1", "KH01"]],
        [["KH01"], ["KX02"]],
        [["KH01", "KH 2"]],
        [["KH01", "KH-1"]],
        [["KH0000000001"]],  # more digits than a code can hold
        [["An", "Bo"]],
        [["KH0001", "KH\u0661\u0662"]],  # digits of another script
        [[None, None]],
        [[]],
    ],
)
def test_what_is_not_counted_stays_as_it_is(ids: list[list[str | None]]) -> None:
    tables = _tables(*ids)
    found, codes = coded(tables)
    assert codes is None
    assert all(found[name].equals(tables[name]) for name in tables)


def test_ids_are_told_as_text() -> None:
    """As segments, in lists and among what --where could have meant."""
    words = ["as_of=2024-12-31", "sources.customers.path=samples/customers.csv"]
    words += ["sources.transactions={path: samples/transactions.csv, dates: '%d/%m/%Y'}"]
    config = load_config(None, words, env={})
    where = {"customer_id": ["KH0006"]}
    question = KpiQuery(["revenue", "rfm"], ("customer_id",), where)
    report = compute(config, question)
    assert {r.segment["customer_id"] for r in report.results if r.segment} == {"KH0006"}
    assert {row["customer_id"] for row in report.tables["rfm"]} == {"KH0006"}
    with pytest.raises(UsageError, match=r"customer_id=\?") as caught:
        compute(config, KpiQuery(["revenue"], where={"customer_id": ["KH0006", "?"]}))
    assert "KH0001" in (caught.value.hint or "")
