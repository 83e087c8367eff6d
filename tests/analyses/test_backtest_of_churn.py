"""The backtest of churn: each cut is what a run on that day would have said, and what came."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from math import sqrt
from typing import Any

import pytest

from crm_kpi import catalogue
from crm_kpi.analyses import _backtest_of_churn
from crm_kpi.analyses._spec import Analysis
from crm_kpi.catalogue import Entry, KpiKind
from crm_kpi.models import _leaving
from tests.models.test_clv_predicted import HALF, ROWS
from tests.models.test_expected_churn import MEMBERS

from .support import table

COLUMNS = [
    "model", "cut", "customers", "observed", "mean_p", "auc", "brier", "skill", "rmse", "bias",
]  # fmt: skip
BUYERS, STAYS = {"transactions": ROWS}, {"customers": MEMBERS}


@pytest.fixture(autouse=True)
def analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    """The half as an analysis of its own."""
    own = Analysis(
        needs=lambda definition, there: dict.fromkeys(there, ("customer_id",)),
        rows=lambda scope, definition: _backtest_of_churn.rows(scope, 3),
    )
    entry = Entry("past", "analyses", "Past", "it.", KpiKind.TABLE, "past")
    entries, load = catalogue.entries(), catalogue.load
    monkeypatch.setattr(catalogue, "entries", lambda: {**entries, "past": entry})
    monkeypatch.setattr(catalogue, "load", lambda name: own if name == "past" else load(name))
    # Whether columns are worth it is asked anew on each day; here they are.
    monkeypatch.setattr(_leaving, "LEAST_SKILL", -1)


def past(tables: Any, definition: str = "{}", **options: Any) -> list[dict[str, Any]]:
    words = [f"definitions.expected_churn={definition}", *options.pop("set_", ())]
    return table(tables, "past", as_of=HALF, set_=words, **options)


def risks_then(tables: Any, day: date, definition: str = "") -> dict[str, dict[str, Any]]:
    """What a run on that day says, of rows up to it alone."""
    rows = table(tables, "churn_risk", as_of=day, definition=definition)
    return {row["customer_id"]: row for row in rows}


def days_bought(rows: Any) -> dict[str, set[date]]:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        sums[row["customer_id"], row["date"]] += float(row["amount"])
    found: dict[str, set[date]] = defaultdict(set)
    for (who, day), amount in sums.items():
        if amount > 1e-9:
            found[who].add(date.fromisoformat(day))
    return found


def ranked(scores: list[tuple[float, bool]]) -> float:
    """Pair by pair."""
    pairs = [(s > t) + (s == t) / 2 for s, did in scores if did for t, other in scores if not other]
    return sum(pairs) / len(pairs)


def test_of_buyers() -> None:
    found = past(BUYERS)
    assert [list(row) for row in found] == [COLUMNS] * 9
    cuts = [HALF - timedelta(days=90 * k) for k in (1, 2, 3)]
    assert [(row["model"], row["cut"]) for row in found] == [
        (model, cut) for cut in cuts for model in ("model", "recency", "rate")
    ]
    bought, rows = days_bought(ROWS), iter(found)
    for cut in cuts:
        model, recency, rate = next(rows), next(rows), next(rows)
        then = risks_then(BUYERS, cut)
        end = cut + timedelta(days=90)
        later = {who: sum(cut < day <= end for day in bought[who]) for who in then}
        n, did = len(then), {who: number > 0 for who, number in later.items()}
        share = sum(did.values()) / n
        chances = {who: 1 - row["risk"] for who, row in then.items()}
        brier = sum((chances[who] - did[who]) ** 2 for who in then) / n
        assert {row["customers"] for row in (model, recency, rate)} == {n}
        assert model["observed"] == pytest.approx(share)
        assert model["mean_p"] == pytest.approx(sum(chances.values()) / n, rel=1e-9)
        assert model["brier"] == pytest.approx(brier, rel=1e-9)
        assert model["skill"] == pytest.approx(1 - brier / (share * (1 - share)), rel=1e-9)
        assert model["auc"] == pytest.approx(ranked([(chances[w], did[w]) for w in then]))
        idle = {who: -row["last_purchase_days"] for who, row in then.items()}
        assert recency["auc"] == pytest.approx(ranked([(idle[w], did[w]) for w in then]))
        assert [recency[name] for name in ("mean_p", "brier", "skill", "rmse", "bias")] == [
            None
        ] * 5
        rates = {
            who: row["frequency"] / max((cut - min(bought[who])).days, 7) * 90
            for who, row in then.items()
        }
        errors = [(rates[who] - later[who]) ** 2 for who in then]
        assert rate["rmse"] == pytest.approx(sqrt(sum(errors) / n))
        assert rate["bias"] == pytest.approx(sum(rates.values()) / sum(later.values()) - 1)
        assert (rate["auc"], rate["skill"]) == (None, None)
        values = table(BUYERS, "customers_value", as_of=cut, definition="{horizon: 90d}")
        said = {row["customer_id"]: row["expected_purchases"] for row in values}
        assert model["bias"] == pytest.approx(sum(said.values()) / sum(later.values()) - 1)
        errors = [(said[who] - later[who]) ** 2 for who in then]
        assert model["rmse"] == pytest.approx(sqrt(sum(errors) / n))
    assert model["skill"] > 0.05


@pytest.mark.parametrize("definition", ["{}", "{columns: [segment], horizon: 60d}"])
def test_of_contracts(definition: str) -> None:
    found = past(STAYS, definition)
    assert [list(row) for row in found] == [COLUMNS] * 3
    days = 60 if "60d" in definition else 90
    for k, row in enumerate(found, 1):
        cut = HALF - timedelta(days=k * days)
        then = risks_then(STAYS, cut, definition)
        ends = {r["customer_id"]: r["churn_date"] for r in MEMBERS}
        end = str(cut + timedelta(days=days))
        did = {who: ends[who] is not None and ends[who] <= end for who in then}
        assert (row["cut"], row["customers"]) == (cut, len(then))
        assert row["observed"] == pytest.approx(sum(did.values()) / len(then))
        mean = sum(each["risk"] for each in then.values()) / len(then)
        assert row["mean_p"] == pytest.approx(mean, rel=1e-9)
        assert row["auc"] == pytest.approx(ranked([(then[w]["risk"], did[w]) for w in then]))
        assert (row["rmse"], row["bias"]) == (None, None)


def test_rows_after_the_last_day_change_nothing_nor_does_the_engine() -> None:
    for tables in (BUYERS, STAYS):
        known = {
            name: [r for r in rows if str(r.get("date") or r.get("signup_date")) <= str(HALF)]
            for name, rows in tables.items()
        }
        found = past(tables)
        assert past({name: rows[::-1] for name, rows in known.items()}) == found
        assert past(tables, set_=["engine=duckdb"]) == found


def test_a_cut_before_anything_was_known_has_no_rows() -> None:
    few = [row for row in ROWS if row["date"] > "2023-08-15"]
    assert {row["cut"] for row in past({"transactions": few})} == {HALF - timedelta(days=90)}
    assert past({"transactions": few[:5]}) == []


def test_who_comes_back_after_a_cut_had_left_by_it() -> None:
    """A cut is told alike from its own time and later, when some have come back since."""
    day = date(2022, 1, 1)
    rows = [
        {
            "subscription_id": f"{number}",
            "customer_id": f"C{number}",
            "start_date": str(day + timedelta(days=number % 400)),
            "end_date": str(day + timedelta(days=number % 400 + 40 + number % 300))
            if number % 3
            else None,
            "amount": "10",
        }
        for number in range(600)
    ]
    again = [
        row | {"subscription_id": f"{row['subscription_id']} again", "start_date": "2023-08-01"}
        for row in rows[::2]
        if row["end_date"] and row["end_date"] < "2023-06-01"
    ]
    again = [row | {"end_date": None} for row in again]
    words = ["definitions.expected_churn={basis: contract, contracts: subscriptions}"]
    how = {"definition": "{of: expected_churn, cuts: 2}", "set_": words}
    without = [row for row in rows if row["start_date"] <= "2023-07-02"]
    then = table({"subscriptions": without}, "backtest", as_of="2023-07-02", **how)
    later = table({"subscriptions": [*rows, *again]}, "backtest", as_of="2023-09-30", **how)
    assert then[0]["cut"] == later[1]["cut"]
    assert later[1] == then[0]
    assert later[0]["customers"] > 100
