"""Predicted CLV: the same customers on every engine and in any order, and nothing of later days."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from crm_kpi.results import Report, Result, Status
from tests.support import ask, one

Rows = list[dict[str, Any]]
FIRST = date(2023, 1, 1)
HALF = date(2023, 12, 31)
NAME = "clv_predicted"


def company(seed: int = 7, customers: int = 600) -> Rows:
    """Customers who come in 2023, buy for a while, now and then give something back, and leave."""
    random, rows = Random(seed), []
    for number in range(customers):
        day = FIRST + timedelta(days=random.randrange(360))
        who, channel = f"C{number:03d}", random.choice(["web", "shop"])
        rate, leaves = random.gammavariate(0.8, 1 / 20), random.betavariate(0.8, 1.6)
        worth = 30 / random.gammavariate(4, 0.25)
        while day < date(2024, 7, 1):
            amount = round(worth * random.uniform(0.5, 1.7), 2)
            rows.append({"customer_id": who, "date": day.isoformat(), "amount": str(amount)})
            if random.random() < 0.1:
                again = rows[-1] | {"amount": str(-amount / 2)}
                rows.append(again | {"date": (day + timedelta(days=2)).isoformat()})
            if random.random() < leaves:
                break
            day += timedelta(days=1 + min(999, int(random.expovariate(rate))))
            if random.random() < 0.5:
                channel = random.choice(["web", "shop"])
        for row in rows:
            row.setdefault("channel", channel)
    return rows


ROWS = company()


def answer(rows: Sequence[Any] = ROWS, definition: str = "{}", **options: Any) -> Report:
    options = {"as_of": HALF, "every": "quarter", **options}
    return ask({"transactions": rows}, [NAME], definitions={NAME: definition}, **options)


def said(results: Sequence[Result]) -> str:
    return json.dumps([asdict(result) for result in results], default=str)


def known(found: Report) -> str:
    """Every byte of the results."""
    return said(found.results)


def test_of_who_nobody_could_learn_there_is_no_value() -> None:
    few = [{"customer_id": f"C{i}", "date": "2023-02-03", "amount": 10} for i in range(99)]
    result = one(answer(few), NAME, "2023-Q4")
    assert (result.value, result.n, result.status) == (None, 99, Status.NO_DATA)
    assert result.reason == "99 customers with a purchase: a prediction needs 100"
    assert result.components == {"historic": 990, "repeat_customers": 0}
    again = [row | {"date": "2023-03-03"} for row in few[:29]]
    result = one(answer([*few, *again, few[0] | {"customer_id": "X"}]), NAME, "2023-Q4")
    assert result.reason == "29 customers came back: a prediction needs 30"
    assert (result.n, result.components["repeat_customers"]) == (100, 29)
    nothing = one(answer([row | {"amount": -1} for row in few]), NAME, "2023-Q4")
    assert (nothing.value, nothing.n, nothing.reason) == (None, 0, "no customer with an order")


def test_what_a_customer_is() -> None:
    """A day is one purchase, worth its net amount; the first says nothing of repeat purchases."""
    rows = [*ROWS]
    steady = [
        ("2023-03-01", 5), ("2023-03-01", 7), ("2023-03-05", 30), ("2023-03-05", -30),
        ("2023-04-01", 40), ("2023-04-02", -10),
    ]  # fmt: skip
    rows += [{"customer_id": "new", "date": day, "amount": a} for day, a in steady]
    before, after = (one(answer(each), NAME, "2023-Q4") for each in (ROWS, rows))
    assert after.n == (before.n or 0) + 1
    more = {
        name: after.components[name] - before.components[name]  # type: ignore[operator]
        for name in ("historic", "repeat_customers")
    }
    assert more == {"historic": 42, "repeat_customers": 1}
    # Twelve and forty are two purchases; a day that comes to nothing is a third if asked for.
    dropped, counted = (
        one(answer(rows, f"{{free_orders: {word}}}"), NAME, "2023-Q4").components
        for word in ("drop", "count")
    )
    assert dropped["r"] != counted["r"]
    assert dropped["historic"] == counted["historic"]


@pytest.mark.parametrize("by", [[], ["channel"]])
def test_later_rows_change_no_byte(by: list[str]) -> None:
    sooner = [row for row in ROWS if row["date"] <= HALF.isoformat()]
    assert len(sooner) < len(ROWS)
    whole = answer(as_of="2024-06-30", by=by)
    results = [r for r in whole.results if r.end <= HALF + timedelta(days=1)]
    assert known(answer(sooner, by=by)) == said(results)


@pytest.mark.parametrize("by", [[], ["channel"]])
def test_engines_and_orders_of_rows_agree_to_the_last_digit(by: list[str]) -> None:
    expected = known(answer(by=by))
    assert known(answer(by=by, set_=["engine=duckdb"])) == expected
    assert known(answer(list(reversed(ROWS)), by=by)) == expected


def test_segments_add_up_and_are_learnt_from_together() -> None:
    found = answer(by=["channel"])
    for label in ("2023-Q2", "2023-Q3", "2023-Q4"):
        whole = one(found, NAME, label)
        parts = [r for r in found.results if r.period == label and r.segment]
        assert [part.segment["channel"] for part in parts] == ["shop", "web"]
        for name in ("future", "expected_purchases", "historic", "repeat_customers"):
            total = sum(float(part.components[name] or 0) for part in parts)
            assert total == pytest.approx(float(whole.components[name] or 0), rel=1e-12)
        weighted = sum(float(part.value or 0) * (part.n or 0) for part in parts)
        assert weighted == pytest.approx(float(whole.value or 0) * (whole.n or 0), rel=1e-12)
        assert {"r", "alpha", "v", "log_likelihood"} <= set(whole.components)
        assert not {"r", "alpha", "v", "log_likelihood"} & set(parts[0].components)


def test_everybody_twice() -> None:
    """Without a prior, which is one for however many customers."""
    twice = [*ROWS, *(row | {"customer_id": f"twin of {row['customer_id']}"} for row in ROWS)]
    one_of, both = (one(answer(rows, "{prior: 0}"), NAME, "2023-Q4") for rows in (ROWS, twice))
    assert both.n == 2 * (one_of.n or 0)
    assert both.value == one_of.value
    assert both.components["r"] == one_of.components["r"]
    assert both.components["future"] == pytest.approx(2 * float(one_of.components["future"] or 0))
    held = one(answer(twice), NAME, "2023-Q4")
    assert held.value == pytest.approx(one(answer(), NAME, "2023-Q4").value, rel=0.01)


def test_a_hundredth_of_the_currency() -> None:
    cents = [row | {"amount": str(100 * Decimal(row["amount"]))} for row in ROWS]
    whole, small = (one(answer(rows), NAME, "2023-Q4") for rows in (ROWS, cents))
    assert float(small.value or 0) == pytest.approx(100 * float(whole.value or 0), rel=1e-12)
    for name in ("r", "alpha", "a", "b", "p", "q", "log_likelihood", "expected_purchases"):
        assert small.components[name] == whole.components[name]


def test_the_unit_of_time_changes_what_is_shown_alone() -> None:
    weeks, days, months = (
        one(answer(definition=f"{{unit: {unit}}}"), NAME, "2023-Q4")
        for unit in ("week", "day", "month")
    )
    alpha = float(weeks.components["alpha"] or 0)
    assert days.components["alpha"] == pytest.approx(7 * alpha, rel=1e-5)
    assert months.components["alpha"] == pytest.approx(alpha * 7 * 12 / 365.25, rel=1e-5)
    for other in (days, months):
        assert other.value == weeks.value
        assert {**other.components, "alpha": 0} == {**weeks.components, "alpha": 0}


def test_discount_and_horizon() -> None:
    def of(definition: str) -> dict[str, float]:
        result = one(answer(definition=definition), NAME, "2023-Q4")
        return {name: float(part or 0) for name, part in result.components.items()}

    year, money, shorter = of("{}"), of("{discount: 0}"), of("{discount: 0, horizon: 6 months}")
    assert year["expected_purchases"] == money["expected_purchases"]
    assert 0.9 < year["future"] / money["future"] < 1
    assert shorter["future"] < money["future"] < 2 * shorter["future"]
    # Where nothing is discounted, months and days are the same time.
    assert of("{discount: 0, horizon: 366d}")["future"] == pytest.approx(money["future"], rel=1e-9)


def test_bg_and_mbg_differ() -> None:
    bg, mbg = (one(answer(definition=f"{{model: {m}}}"), NAME, "2023-Q4") for m in ("bg", "mbg"))
    assert bg.components["expected_purchases"] != mbg.components["expected_purchases"]


def test_who_buys_often_and_for_more_is_noted() -> None:
    rows = [
        {
            "customer_id": f"C{i}",
            "date": str(FIRST + timedelta(days=60 * k + i % 50)),
            "amount": worth,
        }
        for i in range(120)
        for often, worth in [(1 + i % 6, 10 * (1 + i % 6) ** 2)]
        for k in range(often)
    ]
    result = one(answer(rows), NAME, "2023-Q4")
    assert result.status is Status.LOW_N
    assert "who buys more often also pays more each time (correlation 0.9" in str(result.reason)


def test_equal_purchases() -> None:
    result = one(answer([row | {"amount": 9} for row in ROWS if "-" not in row["amount"]]),
                 NAME, "2023-Q4")  # fmt: skip
    assert result.value
    assert "p" not in result.components
    assert result.components["log_likelihood"]


def test_nobody_seen_leaving_is_noted_or_refused() -> None:
    steady = [
        {"customer_id": f"C{i}", "date": str(FIRST + timedelta(days=k * 11 + i % 9)), "amount": 5}
        for i in range(120)
        for k in range(32)
    ]
    held = one(answer(steady, "{model: bg}"), NAME, "2023-Q4")
    assert held.value
    assert held.reason == (
        "the data hardly show anyone leaving, so who is still there rests on the prior"
    )
    free = one(answer(steady, "{model: bg, prior: 0}"), NAME, "2023-Q4")
    assert free.value is None
    assert "prior" in str(free.reason) or "no parameters" in str(free.reason)


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("{model: pareto}", "mbg"),
        ("{horizon: soon}", "12 months"),
        ("{horizon: 0d}", "12 months"),
        ("{horizon: 5h}", "12 months"),
        ("{horizon: 11 years}", "12 months"),
        ("{prior: -1}", "0"),
        ("{discount: -0.1}", "0"),
        ("{unit: year}", "week"),
        ("{window: 30d}", "horizon"),
    ],
)
def test_a_definition_that_is_none(definition: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        answer(definition=definition)
    told = [str(caught.value), str(caught.value.hint), *map(str, caught.value.problems)]
    assert said in " ".join(told)


def test_who_predicts_nothing_imports_nothing_of_it() -> None:
    script = (
        "import sys\n"
        "from tests.support import ask\n"
        "rows = [{'customer_id': 'A', 'date': '2024-01-02', 'amount': 5}]\n"
        "ask({'transactions': rows}, [sys.argv[1]], as_of='2024-03-31')\n"
        "print(*(name for name in sys.modules if name.startswith('crm_kpi.prediction')))\n"
    )

    def imported(metric: str) -> str:
        words = [sys.executable, "-c", script, metric]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()

    for other in ("revenue", "clv", "repeat_purchase_rate", "rfm", "cohorts"):
        assert imported(other) == ""
    assert "crm_kpi.prediction.buying" in imported(NAME)
