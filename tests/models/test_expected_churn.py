"""Expected churn: by activity as by contract, what was known then and nothing later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from crm_kpi.errors import ConfigError
from crm_kpi.results import Report, Status
from tests.support import ask, one

from .test_clv_predicted import ROWS, said

Rows = list[dict[str, Any]]
NAME = "expected_churn"
HALF = date(2023, 12, 31)


def members(seed: int = 4, number: int = 400) -> Rows:
    """Members who leave a monthly plan often, and a yearly one seldom."""
    random, rows = Random(seed), []
    for i in range(number):
        plan = random.choice(["monthly", "yearly", None])
        hazard = {"monthly": 0.12, "yearly": 0.02, None: 0.06}[plan]
        begun = date(2022, 1, 1) + timedelta(days=random.randrange(700))
        days = random.randrange(30)
        while random.random() > hazard:
            days += 30
        ended = begun + timedelta(days=days)
        rows.append(
            {
                "customer_id": f"M{i:03d}",
                "signup_date": str(begun),
                "churn_date": str(ended) if ended < date(2024, 6, 1) else None,
                "segment": plan,
                "region": random.choice(["north", "south"]),
            }
        )
    return rows


MEMBERS = members()


def buying(rows: Sequence[Any] = ROWS, definition: str = "{}", **options: Any) -> Report:
    options = {"as_of": HALF, "every": "quarter", **options}
    return ask({"transactions": rows}, [NAME], definitions={NAME: definition}, **options)


def staying(rows: Sequence[Any] = MEMBERS, definition: str = "{}", **options: Any) -> Report:
    options = {"as_of": HALF, "every": "quarter", **options}
    return ask({"customers": rows}, [NAME], definitions={NAME: definition}, **options)


def number(report: Report, name: str = "", label: str = "2023-Q4") -> float:
    result = one(report, NAME, label)
    found = result.components[name] if name else result.value
    assert found is not None, result.reason
    return float(found)


def test_worked_by_hand() -> None:
    """300 customers are there for ten days when 30 leave; who is older than 30 days has lived
    through a step, and of 200 who did and went on 10 left in the next."""
    rows = [
        {"customer_id": f"A{i}", "signup_date": "2024-01-01",
         "churn_date": "2024-01-11" if i < 30 else None} for i in range(300)
    ]  # fmt: skip
    # On 10 February the others have lived through step 0: 270 + 30 events.
    found = staying(rows, "{ridge: 0, horizon: 30d}", as_of="2024-02-10", every="month")
    result = one(found, NAME, "2024-02")
    assert (result.n, result.components["events"], result.components["exposure"]) == (270, 30, 300)
    # Nobody has reached the band of step 1, and that of step 0 holds.
    assert result.value == pytest.approx(10, rel=1e-5)
    ninety = staying(rows, "{ridge: 0}", as_of="2024-02-10", every="month")
    assert number(ninety, label="2024-02") == pytest.approx(27.1, rel=1e-5)
    assert number(ninety, "expected_lost", "2024-02") == pytest.approx(2.7 * 27.1, rel=1e-5)


def test_too_few() -> None:
    few = one(buying(ROWS[:20]), NAME, "2023-Q4")
    assert (few.value, few.status) == (None, Status.NO_DATA)
    assert "a prediction needs 100" in str(few.reason)
    nobody = one(staying([], as_of=HALF), NAME, "2023-Q4")
    assert (nobody.value, nobody.n, nobody.reason) == (None, 0, "no customers at the end")
    stay = [row | {"churn_date": None} for row in MEMBERS]
    result = one(staying(stay), NAME, "2023-Q4")
    assert (result.value, result.reason) == (None, "0 customers have left: a prediction needs 30")


def test_a_column_that_tells_nothing_is_dropped_and_one_that_does_is_not() -> None:
    plain, region, plan = (
        staying(definition=f"{{columns: [{names}]}}") for names in ("", "region", "segment")
    )
    dropped, kept = one(region, NAME, "2023-Q4"), one(plan, NAME, "2023-Q4")
    assert dropped.value == number(plain)
    assert dropped.status is Status.LOW_N
    assert str(dropped.reason).startswith("told without region: with them the past was hardly")
    assert kept.reason is None
    assert kept.value != number(plain)
    monthly, yearly = (
        one(staying(definition="{columns: [segment]}", by=["segment"]), NAME, "2023-Q4", segment=s)
        for s in ("monthly", "yearly")
    )
    assert float(monthly.value or 0) > 2 * float(yearly.value or 0)


def test_many_patterns_and_values_are_refused() -> None:
    each = [row | {"region": f"town {i}"} for i, row in enumerate(MEMBERS)]
    result = one(staying(each, "{columns: [region]}"), NAME, "2023-Q4")
    assert result.value is None
    assert "of which at most 100 can be learnt from: take columns" in str(result.reason)
    letters, turns = "abcdefghijklmnopqrst", {"region": 1, "segment": 20, "channel": 7}
    each = [
        row | {name: letters[i // by % 20] for name, by in turns.items()}
        for i, row in enumerate(members(number=1500))
    ]
    result = one(staying(each, "{columns: [region, segment, channel]}"), NAME, "2023-Q4")
    assert result.value is None
    assert "of which at most 2,000 can be learnt from: take fewer columns" in str(result.reason)


def test_subscriptions_are_one_stay_from_the_first_start_to_the_last_end() -> None:
    rows = []
    for row in MEMBERS:
        begun = date.fromisoformat(row["signup_date"])
        subscription = {"customer_id": row["customer_id"], "amount": "9"}
        middle = str(begun + timedelta(days=10))
        if row["churn_date"] is None or row["churn_date"] > middle:
            rows += [
                subscription | {"start_date": str(begun), "end_date": middle},
                subscription | {"start_date": middle, "end_date": row["churn_date"]},
            ]
        else:
            rows.append(subscription | {"start_date": str(begun), "end_date": row["churn_date"]})
    # A month in which nobody is between two.
    found = ask({"subscriptions": rows}, [NAME], as_of=HALF, every="quarter")
    assert number(found) == number(staying())
    assert one(found, NAME, "2023-Q4").definition["contracts"] == "subscriptions"


@pytest.mark.parametrize("by", [[], ["segment"]])
def test_later_rows_change_no_byte(by: list[str]) -> None:
    day = str(HALF)
    sooner = [
        row | {"churn_date": row["churn_date"] if str(row["churn_date"]) <= day else None}
        for row in MEMBERS
        if row["signup_date"] <= day
    ]
    assert sooner != MEMBERS
    whole = staying(as_of="2024-05-31", by=by)
    results = [r for r in whole.results if r.end <= HALF + timedelta(days=1)]
    assert said(staying(sooner, by=by).results) == said(results)
    purchases = [row for row in ROWS if row["date"] <= day]
    whole = buying(as_of="2024-06-30")
    results = [r for r in whole.results if r.end <= HALF + timedelta(days=1)]
    assert said(buying(purchases).results) == said(results)


@pytest.mark.parametrize("definition", ["{}", "{columns: [segment]}"])
def test_engines_and_orders_of_rows_agree_to_the_last_digit(definition: str) -> None:
    expected = said(staying(definition=definition, by=["segment"]).results)
    other = staying(MEMBERS[::-1], definition, by=["segment"])
    assert said(other.results) == expected
    other = staying(definition=definition, by=["segment"], set_=["engine=duckdb"])
    assert said(other.results) == expected
    bought = said(buying(by=["channel"]).results)
    assert said(buying(by=["channel"], set_=["engine=duckdb"]).results) == bought
    assert said(buying(ROWS[::-1], by=["channel"]).results) == bought


def test_money_is_no_matter_and_segments_add_up() -> None:
    rich = [row | {"amount": f"{row['amount']}0"} for row in ROWS]
    assert buying(rich).results == buying().results
    for found, column in (
        (buying(by=["channel"]), "channel"),
        (staying(by=["segment"]), "segment"),
    ):
        whole = one(found, NAME, "2023-Q4")
        parts = [r for r in found.results if r.period == "2023-Q4" and r.segment]
        assert {*parts[0].segment} == {column}
        lost = sum(float(part.components.get("expected_lost") or 0) for part in parts)
        assert lost == pytest.approx(float(whole.components["expected_lost"] or 0), rel=1e-12)


def test_everybody_twice() -> None:
    twice = [*MEMBERS, *(row | {"customer_id": f"N{row['customer_id']}"} for row in MEMBERS)]
    assert number(staying(twice, "{ridge: 2}")) == pytest.approx(number(staying()), rel=1e-6)
    more = [*ROWS, *(row | {"customer_id": f"N{row['customer_id']}"} for row in ROWS)]
    assert number(buying(more, "{prior: 0}")) == number(buying(definition="{prior: 0}"))


def test_further_ahead_more_are_lost_or_have_bought() -> None:
    month, year = (number(staying(definition=f"{{horizon: {h}}}")) for h in ("30d", "12 months"))
    assert month < number(staying()) < year
    month, year = (number(buying(definition=f"{{horizon: {h}}}")) for h in ("30d", "12 months"))
    assert month > number(buying()) > year


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("{horizon: soon}", "horizon"),
        ("{prior: -1}", "prior"),
        ("{model: pareto}", "mbg"),
        ("{ridge: -1}", "ridge"),
        ("{basis: luck}", "activity"),
        ("{basis: contract, model: bg}", "model does not go with basis contract"),
        ("{basis: activity, columns: [segment]}", "columns does not go with basis activity"),
        ("{columns: [plan]}", "customers have no column plan"),
        *(
            (f"{{columns: [{name}]}}", f"{name} changes when somebody does")
            for name in ("status", "churn_date", "end_date", "Churn reason", "Trạng thái")
        ),
    ],
)
def test_a_definition_that_is_none(definition: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        staying(definition=definition)
    told = [str(caught.value), str(caught.value.hint), *map(str, caught.value.problems)]
    assert said in " ".join(told)


def test_the_past_is_told_in_a_line() -> None:
    bought = buying(backtest=True).backtests[NAME]
    assert str(bought).startswith("backtest 3 x 90 days: ")
    assert str(bought).endswith(" %")
    assert "kiểm chứng 3 x 90 ngày" in bought.in_language("vi")
    left = staying(backtest=True).backtests[NAME]
    assert "% expected to leave" in str(left)
    assert buying().backtests == {}
    short = buying([row for row in ROWS if row["date"] < "2023-02-01"], backtest=True,
                   as_of="2023-02-01")  # fmt: skip
    assert short.backtests[NAME] == "backtest: the history is too short for one"
