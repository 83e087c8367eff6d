"""Churn risk: who will be lost, and why; the same risks that expected_churn adds up."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.results import Result
from tests.models.test_clv_predicted import ROWS
from tests.models.test_expected_churn import HALF, MEMBERS
from tests.support import ask, one

from .support import table

BUYERS, STAYS = {"transactions": ROWS}, {"customers": MEMBERS}


def risks(tables: Any, definition: str = "", **options: Any) -> list[dict[str, Any]]:
    return table(tables, "churn_risk", as_of=HALF, definition=definition, **options)


def whole(tables: Any, definition: str = "{}") -> Result:
    found = ask(tables, ["expected_churn"], as_of=HALF, definitions={"expected_churn": definition})
    return one(found, "expected_churn", "2023-12")


@pytest.mark.parametrize(
    ("tables", "definition"),
    [(BUYERS, "{}"), (BUYERS, "{model: bg, horizon: 30d}"), (STAYS, "{columns: [segment]}")],
    ids=["buyers", "bg", "stays"],
)
def test_they_add_up_to_expected_churn_by_whose_definition_they_go(
    tables: Any, definition: str
) -> None:
    for words in (
        {"definition": definition},
        {"set_": [f"definitions.expected_churn={definition}"]},
    ):
        rows = risks(tables, **words)
        total = whole(tables, definition)
        assert len(rows) == total.n
        assert sum(row["risk"] for row in rows) == pytest.approx(
            float(total.components["expected_lost"] or 0), rel=1e-12
        )


def test_the_likeliest_come_first_with_a_reason() -> None:
    rows = risks(BUYERS)
    assert [(-row["risk"], row["customer_id"]) for row in rows] == sorted(
        (-row["risk"], row["customer_id"]) for row in rows
    )
    for row in rows:
        assert row["p_active"] == pytest.approx(1 - row["risk"], rel=1e-12)
        assert row["p_active"] < row["p_alive"]
    often = next(row for row in rows if row["frequency"] > 1)
    days, gap = often["last_purchase_days"], round(often["usual_gap"])
    assert often["reason"].startswith(f"last bought {days} day")
    assert f"every {gap} day" in often["reason"]
    once = next(row for row in rows if not row["frequency"])
    assert once["usual_gap"] is None
    assert once["reason"] == f"bought once, {once['last_purchase_days']} days ago"
    assert once["reason"].in_language("vi").startswith("mua một lần, cách đây ")


def test_of_contracts_the_columns_are_in_the_reason() -> None:
    rows = risks(STAYS, "{columns: [segment]}")
    assert {*rows[0]} == {"customer_id", "risk", "tenure_days", "reason"}
    first, last = rows[0], rows[-1]
    assert first["reason"].startswith(
        f"a customer for {first['tenure_days']} days, segment monthly: "
    )
    assert "segment yearly" in last["reason"]
    assert any("segment blank" in row["reason"] for row in rows)
    assert risks(STAYS)[0]["reason"].endswith("% leave within 30 days")


def test_too_few_have_no_risk_and_a_reason() -> None:
    rows = risks({"transactions": ROWS[:9]})
    assert rows
    assert {row["risk"] for row in rows} == {None}
    assert "a prediction needs 100" in rows[0]["reason"]
    assert risks({"transactions": ROWS[:9]}, "{per: band}") == []


def test_bands_hold_everybody() -> None:
    rows, bands = risks(BUYERS), risks(BUYERS, "{per: band}")
    assert [row["band"] for row in bands] == [
        "80-100 %", "60-80 %", "40-60 %", "20-40 %", "0-20 %"
    ]  # fmt: skip
    assert sum(row["customers"] for row in bands) == len(rows)
    assert sum(row["share"] for row in bands) == pytest.approx(100)
    assert bands[0]["customers"] == sum(row["risk"] >= 0.8 for row in rows)
    assert sum(row["expected_lost"] for row in bands) == pytest.approx(
        sum(row["risk"] for row in rows)
    )


@pytest.mark.parametrize("tables", [BUYERS, STAYS], ids=["buyers", "stays"])
def test_engines_agree_and_later_rows_change_nothing(tables: Any) -> None:
    rows = risks(tables)
    assert risks(tables, set_=["engine=duckdb"]) == rows
    known = {
        name: [row for row in mine if (row.get("date") or row.get("signup_date")) <= str(HALF)]
        for name, mine in tables.items()
    }
    assert risks({name: mine[::-1] for name, mine in known.items()}) == rows
