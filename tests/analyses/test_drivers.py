"""Why a KPI moved, worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.errors import ConfigError, UsageError
from tests.metrics.rows import customers, sale, scores, sold

from .support import Row, report, table

AS_OF = "2024-02-29"


def drivers(tables: Any, metric: str, *by: str, as_of: str = AS_OF, **more: Any) -> list[Row]:
    words = ", ".join(f"{key}: {value}" for key, value in more.pop("keys", {}).items())
    definition = f"{{metric: {metric}, by: [{', '.join(by)}]{', ' + words if words else ''}}}"
    return table(tables, "drivers", as_of=as_of, definition=definition, **more)


def told(rows: Sequence[Row], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def plan_customers(*spans: tuple[str, int, str, str | None]) -> list[Row]:
    rows = customers(*((count, signup, churn) for _, count, signup, churn in spans))
    plans = [plan for plan, count, _, _ in spans for _ in range(count)]
    return [row | {"segment": plan} for row, plan in zip(rows, plans, strict=True)]


def test_churn_rises_though_both_plans_get_better() -> None:
    """December: 12 of 100 and 9 of 300 leave; February: 20 of 200 and 5 of 200."""
    rows = plan_customers(
        *(("basic", 12, "2023-01-01", "2023-12-15"), ("basic", 68, "2023-01-01", None)),
        *(("basic", 20, "2023-01-01", "2024-02-10"), ("basic", 112, "2024-01-20", None)),
        *(("pro", 9, "2023-01-01", "2023-12-15"), ("pro", 91, "2023-01-01", "2024-01-15")),
        *(("pro", 5, "2023-01-01", "2024-02-10"), ("pro", 195, "2023-01-01", None)),
    )
    keys = {"before": "2023-12", "after": "2024-02"}
    for engine in ("polars", "duckdb"):
        words = [f"engine={engine}"]
        found = drivers({"customers": rows}, "churn_rate", "segment", keys=keys, set_=words)
        names = ("segment", "before", "after", "rate_effect", "mix_effect", "total")
        assert told(found, *names) == [
            (None, 5.25, 6.25, None, None, 1.0),
            ("basic", 12.0, 10.0, -0.75, 1.3125, 0.5625),
            ("pro", 3.0, 2.5, -0.3125, 0.75, 0.4375),
        ]


def test_a_share_by_segments() -> None:
    """The same as a share that is good: all signs turn."""
    answers = [
        *plan_scores("basic", 100 - 12, 12, "2024-01-10"),
        *plan_scores("pro", 300 - 9, 9, "2024-01-10"),
        *plan_scores("basic", 200 - 20, 20, "2024-02-10"),
        *plan_scores("pro", 200 - 5, 5, "2024-02-10"),
    ]
    rows = drivers({"surveys": answers}, "csat", "agent")
    names = ("column", "segment", "before", "after", "rate_effect", "mix_effect", "total")
    assert told(rows, *names) == [
        (None, None, 94.75, 93.75, None, None, -1.0),
        ("agent", "basic", 88.0, 90.0, 0.75, -1.3125, -0.5625),
        ("agent", "pro", 97.0, 97.5, 0.3125, -0.75, -0.4375),
    ]
    assert {(row["period"], row["against"]) for row in rows} == {("2024-02", "2024-01")}


def plan_scores(plan: str, content: int, not_content: int, day: str) -> list[Row]:
    rows = scores("csat", *[5] * content, *[1] * not_content, day=day)
    return [row | {"agent": plan} for row in rows]


def test_a_new_segment_and_intervals() -> None:
    answers = [
        *plan_scores("old", 10, 90, "2024-01-10"),
        *plan_scores("old", 12, 88, "2024-02-10"),
        *plan_scores("new", 1, 49, "2024-02-10"),
    ]
    whole, new, old = drivers({"surveys": answers}, "csat", "agent")
    assert whole["total"] == pytest.approx(-4 / 3)
    assert (new["before"], new["after"], new["rate_effect"]) == (None, 2.0, 0.0)
    assert new["mix_effect"] == pytest.approx(-2.4444, abs=1e-4)
    assert old["rate_effect"] == pytest.approx(1.6667, abs=1e-4)
    assert old["mix_effect"] == pytest.approx(-0.5556, abs=1e-4)
    # Newcombe for 12 of 100 against 10 of 100; nothing for a segment that was not there.
    assert old["change_low"] < 0 < 2 < old["change_high"]
    assert (new["change_low"], new["change_high"]) == (None, None)


SALES = [
    # January: 40 customers, 2 orders each, 30 an order; February: 50, 1.8 (90 orders), 33
    *(sale(f"C{i}", f"2024-01-{day}", 30, channel="web") for i in range(40) for day in (10, 20)),
    *(sale(f"C{i}", "2024-02-10", 33, channel="web") for i in range(50)),
    *(sale(f"C{i}", "2024-02-20", 33, channel="shop") for i in range(40)),
]


def test_revenue_by_factors() -> None:
    whole, *rows = drivers({"transactions": SALES}, "revenue")
    assert (whole["before"], whole["after"], whole["total"]) == (2400, 2970, 570)
    assert told(rows, "column", "factor", "before", "after", "total") == [
        (None, "customers", 40, 50, 598),
        (None, "orders_per_customer", 2, Decimal("1.8"), -284),
        (None, "average_order_value", 30, 33, 256),
    ]


def test_revenue_of_nobody_known_is_a_factor_of_its_own() -> None:
    rows = [*SALES, sale(None, "2024-02-03", 100), sale(None, "2024-01-03", 40)]
    whole, *factors = drivers({"transactions": rows}, "revenue")
    assert whole["total"] == 630
    assert told(factors, "factor", "total") == [
        ("customers", 598),
        ("orders_per_customer", -284),
        ("average_order_value", 256),
        ("without_customer", 60),
    ]


def test_no_factors_without_a_known_customer() -> None:
    nobody = [sale(None, "2024-01-03", 40), sale(None, "2024-02-03", 50)]
    assert len(drivers({"transactions": nobody}, "revenue")) == 1


def test_a_sum_by_segments_and_what_moved_nothing() -> None:
    rows = drivers({"transactions": SALES}, "revenue", "channel")[1:3]
    # A row of another month is in neither of the two.
    assert told(rows, "segment", "before", "after", "rate_effect", "mix_effect", "total") == [
        ("shop", 0, 1320, None, None, 1320),
        ("web", 2400, 1650, None, None, -750),
    ]


def test_mrr_by_its_movements() -> None:
    subscriptions = [
        sold("A", "2023-12-01", 100),
        sold("B", "2023-12-01", 50, "2024-02-10"),
        sold("C", "2024-02-05", 70),
        sold("A", "2024-02-20", 30),
        sold("D", "2023-11-01", 20, "2023-12-15"),
        sold("D", "2024-02-15", 20),
    ]
    whole, *rows = drivers({"subscriptions": subscriptions}, "mrr")
    assert (whole["before"], whole["after"], whole["total"]) == (150, 220, 70)
    assert told(rows, "factor", "before", "after", "total") == [
        ("new", None, None, 70),
        ("churned", None, None, -50),
        ("expansion", None, None, 30),
        ("reactivated", None, None, 20),
        ("contraction", None, None, 0),
    ]


def test_mrr_over_several_months_and_backwards() -> None:
    subscriptions = [
        sold("A", "2023-12-01", 100, "2024-01-20"),
        sold("B", "2023-12-01", 10),
        sold("C", "2024-02-05", 70),
    ]
    keys = {"before": "2023-12", "after": "2024-02"}
    whole, *rows = drivers({"subscriptions": subscriptions}, "mrr", keys=keys)
    assert (whole["against"], whole["before"], whole["after"]) == ("2023-12", 110, 80)
    assert told(rows, "factor", "total")[:2] == [("churned", -100), ("new", 70)]
    keys = {"before": "2024-02", "after": "2023-12"}
    back = drivers({"subscriptions": subscriptions}, "mrr", keys=keys)
    assert back[0]["total"] == 30
    assert told(back[1:3], "factor", "total") == [("churned", 100), ("new", -70)]


def test_several_columns_are_accounts_of_their_own_the_most_unequal_first() -> None:
    answers = [
        row | {"agent": "AB"[i % 2]}
        for row_day, (yes, no) in (("2024-01-10", (6, 2)), ("2024-02-10", (2, 6)))
        for i, row in enumerate(
            [*plan_scores("", yes, 0, row_day), *plan_scores("", 0, no, row_day)]
        )
    ]
    answers = [row | {"channel": "web"} for row in answers]
    rows = drivers({"surveys": answers}, "csat", "agent", "channel")
    assert told(rows, "column", "segment", "total") == [
        (None, None, -50.0),
        ("channel", "web", -50.0),
        ("agent", "A", -25.0),
        ("agent", "B", -25.0),
    ]
    by = {"by": ("agent",)}  # --by beside the columns of the definition
    assert drivers({"surveys": answers}, "csat", "channel", **by) == [rows[0], *rows[1:]]


@pytest.mark.parametrize(
    ("keys", "every", "both"),
    [
        ({}, "month", ("2024-01", "2024-02")),
        ({"after": "2024-01"}, "month", ("2023-12", "2024-01")),
        ({"after": "2023-Q4"}, "month", ("2023-Q3", "2023-Q4")),
        ({"before": "2023-02"}, "month", ("2023-02", "2024-02")),
        ({}, "quarter", ("2023-Q3", "2023-Q4")),
        ({"after": "2024-W07"}, "month", ("2024-W06", "2024-W07")),
    ],
)
def test_which_periods(keys: dict[str, str], every: str, both: tuple[str, str]) -> None:
    rows = [*SALES, sale("C1", "2023-01-01", 1)]
    (whole, *_) = drivers({"transactions": rows}, "revenue", keys=keys, every=every)
    assert (whole["against"], whole["period"]) == both


def test_a_period_of_ones_own() -> None:
    custom = "periods.custom=[{name: Tet, start: 2024-02-08, end: 2024-02-14}]"
    keys = {"after": "Tet"}
    (whole, *_) = drivers({"transactions": SALES}, "revenue", keys=keys, set_=[custom])
    assert (whole["against"], whole["period"]) == ("2024-02-01/2024-02-07", "Tet")
    assert (whole["before"], whole["after"]) == (0, 1650)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"after": "2024-03"}, "2024-03 is not over: nothing is known after 2024-02-29"),
        ({"after": "2024-13"}, "2024-13"),
        ({"after": "2024-01", "before": "2024-01"}, "2024-01 would be compared with itself"),
    ],
)
def test_bad_periods(keys: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        drivers({"transactions": SALES}, "revenue", keys=keys)


def test_no_two_whole_periods() -> None:
    found = report({"transactions": SALES}, "drivers", as_of=AS_OF, every="all")
    assert found.tables["drivers"] == []
    assert found.notes == ["there are no two whole periods: name two, or change --every"]


def test_without_a_column_only_factors_can_say_why() -> None:
    answers = scores("csat", 5, 1, day="2024-01-10") + scores("csat", 5, 5, day="2024-02-10")
    found = report({"surveys": answers}, "drivers", as_of=AS_OF, definition="{metric: csat}")
    assert len(found.tables["drivers"]) == 1
    assert found.notes == ["the change of csat is told by columns: name one, such as --by segment"]


def test_a_period_without_a_value_is_told() -> None:
    answers = plan_scores("a", 3, 1, "2024-02-10")
    found = report(
        {"surveys": answers},
        "drivers",
        as_of=AS_OF,
        definition="{metric: csat, by: [agent]}",
    )
    (row,) = found.tables["drivers"]
    assert (row["before"], row["after"], row["total"]) == (None, 75.0, None)
    assert found.notes == [
        "csat has no value in 2024-01, so that its change cannot be told: no answers"
    ]


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("sales_cycle", "median"),
        ("clv", "several numbers"),
        ("data_quality", "mean of several scores"),
        ("cohorts", "its answer is a table"),
        ("clv_predicted", "predicted"),
    ],
)
def test_what_has_no_parts_is_refused(metric: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        drivers({"transactions": SALES}, metric, "segment")
    assert metric in str(caught.value)


def test_unknown_names() -> None:
    with pytest.raises(UsageError, match="chanel") as caught:
        drivers({"transactions": SALES}, "revenue", "chanel")
    assert caught.value.hint == "did you mean 'channel'?"
    with pytest.raises(ConfigError) as config:
        drivers({"transactions": SALES}, "revenu")
    assert "did you mean 'revenue'?" in str(config.value.problems[0])


def test_a_definition_of_ones_own_is_compared_as_it_is() -> None:
    answers = scores("nps", 10, 8, 0, day="2024-01-10") + scores("nps", 10, 9, 0, day="2024-02-10")
    own = "definitions.short_nps={metric: nps, scale: [0, 10]}"
    found = drivers({"surveys": answers}, "short_nps", set_=[own])
    assert told(found, "metric", "before", "after") == [("short_nps", 0.0, 100 / 3)]
