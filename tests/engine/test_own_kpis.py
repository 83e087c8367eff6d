"""`metrics:` KPIs of one's own: formulas over others, and KPIs of some of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import crm_kpi
from crm_kpi.errors import ConfigError, UsageError
from crm_kpi.results import Status

SALES = """transaction_id,customer_id,date,amount,shop
1,A,2024-01-05,100,north
2,B,2024-01-06,300,south
3,A,2024-01-20,-40,north
4,A,2024-02-01,50,north
5,C,2024-02-03,10.5,
6,B,2024-04-01,1,south
"""
ANSWERS = """response_id,customer_id,answered_at,survey,score,shop
1,A,2024-01-05,nps,10,north
2,B,2024-01-06,nps,0,south
3,C,2024-01-07,nps,9,south
4,A,2024-02-07,nps,9,north
"""
ENGINES = pytest.mark.parametrize("engine", ["polars", "duckdb"])
REFUNDS = {"formula": "-100 * revenue.refunds / revenue.gross", "unit": "percent"}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sales.csv").write_text(SALES, encoding="utf-8")
    Path("answers.csv").write_text(ANSWERS, encoding="utf-8")


def ask(*names: str, metrics: Mapping[str, Any], more: Any = None, **how: Any) -> crm_kpi.Answer:
    values = {"metrics": metrics, "as_of": "2024-04-30", "limits.low_n": 1} | (more or {})
    files = {"transactions": "sales.csv", "surveys": "answers.csv"}
    return crm_kpi.report(*names, set=values, **files, **how)


def values(answer: crm_kpi.Answer, name: str, **segment: str | None) -> list[Any]:
    return [r.value for r in answer.results if r.metric == name and r.segment == segment]


@ENGINES
def test_a_formula(engine: Any) -> None:
    answer = ask("refunds", metrics={"refunds": REFUNDS}, engine=engine)
    # 100 x 40 / 400; nothing; nothing sold in March
    assert values(answer, "refunds") == [10, 0, None, 0]
    january, _, march, _ = answer.results
    assert (january.metric, january.unit, january.n) == ("refunds", "percent", 3)
    assert january.components == {"revenue.refunds": -40, "revenue.gross": 400}
    assert january.definition["formula"] == "-100 * revenue.refunds / revenue.gross"
    assert (march.status, march.reason) == (Status.NO_DATA, "division by zero")
    assert {result.metric for result in answer.results} == {"refunds"}
    assert answer.metrics["refunds"].formula == "-100 * revenue.refunds / revenue.gross"


def test_it_is_split_like_any_other() -> None:
    answer = ask("refunds", "revenue", metrics={"refunds": REFUNDS}, by="shop", to="2024-02")
    assert values(answer, "refunds", shop="north") == [40, 0]
    assert values(answer, "refunds", shop="south") == [0, None]
    assert values(answer, "refunds", shop=None) == [None, 0]
    assert values(answer, "revenue", shop="north") == [60, 50]


def test_of_several_tables_and_of_one_another() -> None:
    made = {
        "per_answer": {"formula": "revenue / answers_given", "unit": "money"},
        "answers_given": {"formula": "nps.promoters + nps.passives + nps.detractors"},
    }
    answer = ask("per_answer", metrics=made, to="2024-02")
    assert values(answer, "per_answer") == [120, Decimal("60.5")]


def test_a_component_that_is_not_known_is_the_reason() -> None:
    made = {"gap": {"formula": "1 * time_between_purchases.km_median", "unit": "days"}}
    answer = ask("gap", metrics=made, to="2024-01")
    (january,) = answer.results
    assert january.value is None
    assert january.reason


def test_what_makes_another_unsure_makes_it_unsure() -> None:
    made = {"twice": {"formula": "2 * nps", "unit": "points"}}
    answer = ask("twice", metrics=made, more={"limits.low_n": 30})
    january, _, march, _ = answer.results
    assert (january.status, january.n) == (Status.LOW_N, 3)
    assert march.value is None
    assert march.reason == f"nps: {ask('nps', metrics={}).results[2].reason}"


@ENGINES
def test_some_of_the_rows(engine: Any) -> None:
    made = {
        "north": {"metric": "revenue", "where": {"shop": "north"}},
        "some": {"metric": "revenue", "where": {"shop": ["south", ""]}, "title": "All but north"},
        "gap": {"formula": "revenue - north - some", "unit": "money"},
        "refunds": REFUNDS,
        "north_refunds": {"metric": "refunds", "where": {"shop": "north"}},
    }
    names = ["north", "some", "gap", "north_refunds"]
    answer = ask(*names, metrics=made, to="2024-02", engine=engine)
    assert values(answer, "north") == [60, 50]
    assert values(answer, "some") == [300, Decimal("10.5")]
    assert values(answer, "gap") == [0, 0]
    assert values(answer, "north_refunds") == [40, 0]
    assert next(r for r in answer.results if r.metric == "north").definition["where"] == {
        "shop": ["north"]
    }
    assert answer.metrics["some"].title == "All but north"
    assert answer.metrics["north"].title == "Revenue (north)"


def test_it_is_what_where_says() -> None:
    made = {"north": {"metric": "nps", "where": {"shop": "north"}}}
    mine = ask("north", metrics=made)
    theirs = ask("nps", metrics={}, where={"shop": "north"})
    assert values(mine, "north") == values(theirs, "nps")


def test_both_filters_hold() -> None:
    made = {"north": {"metric": "revenue", "where": {"shop": "north"}}}
    answer = ask("north", "revenue", metrics=made, where={"shop": ["south"]}, to="2024-01")
    assert values(answer, "north") == [0]
    assert values(answer, "revenue") == [300]


def test_goals() -> None:
    made = {"refunds": REFUNDS | {"higher_is_better": False}}
    goals = {"thresholds.refunds": {"target": 5, "warning": 12, "by": "shop"}}
    answer = ask("refunds", metrics=made, more=goals, to="2024-01")
    rated = {r.segment["shop"]: r.rating for r in answer.results if r.segment}
    assert rated == {"north": "missed", "south": "met", None: None}


def test_a_report_of_everything_has_them() -> None:
    answer = ask(metrics={"refunds": REFUNDS, "calls": {"formula": "interactions / revenue"}})
    assert "refunds" in {result.metric for result in answer.results}
    assert "calls" in {skip.metric for skip in answer.skipped}


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ({}, "should have a formula, or a metric and where"),
        ({"formula": "revenue", "metric": "nps"}, "should have a formula, or a metric and where"),
        ({"formula": "revenue +"}, "is no formula"),
        ({"formula": "revenu + 1"}, "unknown metric revenu"),
        ({"formula": "cohorts + 1"}, "cohorts is a table; a formula needs numbers"),
        ({"formula": "own + 1"}, "own is made of itself"),
        ({"formula": "revenue", "where": {"shop": "north"}}, "a formula has no `where`"),
        ({"formula": "revenue", "unit": "kilo"}, "should be percent, points, score, count, ratio"),
        ({"metric": "nps"}, "a metric needs `where`: of which rows it is told"),
        ({"metric": "no", "where": {"shop": "north"}}, "unknown metric no"),
        (
            {"metric": "nps", "where": {"shop": "north"}, "unit": "points"},
            "a metric with `where` has its own unit",
        ),
    ],
)
def test_faults_of_the_config(own: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ask("own", metrics={"own": own})
    (problem,) = caught.value.problems
    assert problem.reason.startswith(reason)


def chain(formula: str, count: int) -> dict[str, Any]:
    """KPIs each made of the one before."""
    made = {"a0": {"formula": "revenue + 0"}}
    return made | {f"a{i}": {"formula": formula.format(f"a{i - 1}")} for i in range(1, count)}


@pytest.mark.parametrize("formula", ["{0} + 1", "{0} * {0}", "{0} + {0} - {0}"])
def test_what_grows_without_end_is_refused(formula: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ask("a0", metrics=chain(formula, 400))
    assert all("is made of more than 200 KPIs" in p.reason for p in caught.value.problems)


def test_a_long_chain_is_computed() -> None:
    made = chain("{0} + 1", 190)
    assert values(ask("a189", metrics=made, to="2024-01"), "a189") == [360 + 189]


def test_a_value_beyond_all_amounts_is_none() -> None:
    made = {"huge": {"formula": "*".join(["revenue"] * 40) + " / 7"}}
    (january,) = ask("huge", metrics=made, to="2024-01").results
    assert (january.value, january.reason) == (None, "the value is too large")


def test_the_definition_is_that_of_its_parts_too() -> None:
    made = {
        "north": {"metric": "revenue", "where": {"shop": "north"}},
        "share": {"formula": "100 * north / revenue"},
    }
    (january,) = ask("share", metrics=made, to="2024-01").results
    assert january.definition["of"]["north"]["where"] == {"shop": ["north"]}
    assert january.definition["of"]["revenue"] == {"order": "id", "free_orders": "drop"}


@pytest.mark.parametrize("analysis", ["forecast", "drivers"])
def test_tables_are_made_of_those_of_the_catalogue(analysis: str) -> None:
    how = {f"definitions.{analysis}": {"metric": "refunds"}}
    with pytest.raises(ConfigError) as caught:
        ask(analysis, metrics={"refunds": REFUNDS}, more=how)
    assert "refunds is a KPI of the config" in caught.value.problems[0].reason


def test_names_that_are_taken_or_cannot_be() -> None:
    with pytest.raises(ConfigError) as caught:
        ask(metrics={"nps": {"formula": "revenue"}, "Chỉ số": {"formula": "revenue"}})
    assert [problem.reason for problem in caught.value.problems] == [
        "nps is a metric of its own",
        "a name should be small letters, digits and _",
    ]


def test_a_goal_needs_a_direction() -> None:
    with pytest.raises(ConfigError) as caught:
        ask(metrics={"refunds": REFUNDS}, more={"thresholds.refunds.target": 5})
    assert "neither better high nor low" in caught.value.problems[0].reason


def test_a_component_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="revenue has no component refund") as caught:
        ask("own", metrics={"own": {"formula": "revenue.refund / revenue"}})
    assert "refunds" in str(caught.value.hint)


def test_a_column_or_value_that_is_not_there() -> None:
    with pytest.raises(UsageError, match=r"metrics\.own\.where: no row has shop=nort"):
        ask("own", metrics={"own": {"metric": "nps", "where": {"shop": "nort"}}})
    with pytest.raises(UsageError, match="metrics: where shopp: no table that is read"):
        ask("own", metrics={"own": {"metric": "nps", "where": {"shopp": ""}}})
