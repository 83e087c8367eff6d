"""Orders whose further lines say nothing of the order."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crm_kpi.errors import UsageError
from crm_kpi.readings import How
from crm_kpi.sources import SourceSpec
from crm_kpi.sources.loading import out_of_core
from crm_kpi.sources.spec import ReadOptions
from tests.sources.conftest import AS_OF, read

SAPO = (
    "transaction_id,date,customer_id,channel,amount\n"
    "1,2024-01-02,A,web,10\n1,,,,5\n2,2024-01-03,,shop,7\n2,,,,1\n3,2024-01-04,C,web,2\n"
)
ODOO = (
    "Order Reference,Order Date,Customer,Product,Subtotal\n"
    "S1,2024-01-02,A,x,10\n,,,y,5\nS2,2024-01-03,B,x,7\n,,,z,1\n"
)
COLUMNS = {
    "transaction_id": "Order Reference", "date": "Order Date", "customer_id": "Customer",
    "amount": "Subtotal",
}  # fmt: skip


def test_what_first_lines_have_alone_is_filled_down() -> None:
    loaded = read("transactions", SAPO, texts={"transactions": frozenset({"channel"})})
    assert loaded.frame["customer_id"].to_list() == ["A", "A", None, None, "C"]
    assert loaded.frame["channel"].to_list() == ["web", "web", "shop", "shop", "web"]
    assert (loaded.audit.rejected, loaded.frame["date"].null_count()) == (0, 0)
    (reading,) = loaded.audit.meaning
    assert (reading.how, reading.rows) == (How.PROVED, 2)
    assert "filled down on 2 further lines of orders" in " ".join(loaded.audit.assumed)


def test_numbers_without_which_a_line_belongs_to_the_one_above() -> None:
    loaded = read("transactions", ODOO, columns=COLUMNS)
    assert loaded.frame["transaction_id"].to_list() == ["S1", "S1", "S2", "S2"]
    assert loaded.frame["customer_id"].to_list() == ["A", "A", "B", "B"]
    assert loaded.audit.rejected == 0


@pytest.mark.parametrize("text", [
    "transaction_id,date,customer_id,amount\n1,2024-01-02,A,10\n,2024-01-03,,5\n",
    "transaction_id,date,customer_id,amount\n1,2024-01-02,A,10\n1,2024-01-02,,5\n2,2024-01-02,B,5\n"
    "2,2024-01-02,B,1\n",
    "transaction_id,date,customer_id,amount\n1,2024-01-02,,10\n2,2024-01-03,B,5\n",
])  # fmt: skip
def test_other_blanks_stay(text: str) -> None:
    loaded = read("transactions", text)
    assert loaded.frame["customer_id"].null_count() == 1
    assert loaded.audit.meaning == []


def test_an_amount_on_the_first_line_is_that_of_the_order() -> None:
    text = SAPO.replace("1,,,,5", "1,,,,").replace("2,,,,1", "2,,,,")
    loaded = read("transactions", text)
    assert Decimal(loaded.frame["amount"].sum()) == 19
    assert (loaded.audit.excluded, loaded.audit.rejected) == (2, 0)
    assert loaded.audit.left_out == ["2 further lines of orders without an amount"]


def test_an_amount_that_some_lines_lack_is_a_reject() -> None:
    text = SAPO.replace("1,,,,5", "1,,,,")
    assert read("transactions", text).audit.rejected == 1


def test_in_parts_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)
    Path("t.csv").write_text(SAPO)
    specs = {"transactions": [SourceSpec("transactions", ("t.csv",), numbers="1234.56",
                                         dates="%Y-%m-%d")]}  # fmt: skip
    with pytest.raises(UsageError, match="further lines of an order has to see all rows"):
        out_of_core.load_all(specs, ReadOptions(AS_OF), tmp_path, 1 << 30)
