"""What the coming periods bring, by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest

from crm_kpi.errors import ConfigError, UsageError
from tests.support import ask

from .support import Row, report, table

OPTIONS: dict[str, Any] = {"as_of": "2023-12-31"}
Tables = Mapping[str, Sequence[Row]]


def months(amounts: Sequence[float], first: int = 2022 * 12) -> list[Row]:
    """A sale in the middle of each month."""
    return [
        {
            "transaction_id": str(at),
            "customer_id": f"C{at % 7}",
            "date": f"{(first + at) // 12}-{(first + at) % 12 + 1:02}-15",
            "amount": Decimal(str(amount)),
            "channel": "web" if at % 2 else "shop",
        }
        for at, amount in enumerate(amounts)
    ]


GROWN = {"transactions": months([100] * 12 + [144] * 12)}
FROM = ["periods.from=2022-01"]


def test_half_of_the_growth() -> None:
    rows = table(GROWN, "forecast", definition="{horizon: 3}", set_=FROM, **OPTIONS)
    assert [row["period"] for row in rows] == ["2024-01", "2024-02", "2024-03"]
    assert [row["value"] for row in rows] == pytest.approx([172.8] * 3)
    assert {row["method"] for row in rows} == {"seasonal_growth"}
    assert (rows[0]["start"], rows[0]["end"]) == (date(2024, 1, 1), date(2024, 2, 1))
    # From 12 to 23 months on the last season was believed; 44 of all scores are log 1.44, and
    # the others, of origin 12 + k and so of months up to 12 ahead, have their fourth root.
    assert rows[0]["low_80"] < 172.8 < rows[0]["high_80"] <= rows[0]["high"]


def test_the_first_month_that_begins_with_the_first_row() -> None:
    """The first row lies in the middle of January, of which more may be unknown."""
    rows = table(GROWN, "forecast", definition="{horizon: 1}", **OPTIONS)
    assert {row["method"] for row in rows} == {"seasonal_naive"}  # 23 months
    early = {"transactions": [*GROWN["transactions"], *months([0])]}
    early["transactions"][-1] |= {"date": "2022-01-01", "transaction_id": "x"}
    (row,) = table(early, "forecast", definition="{horizon: 1}", **OPTIONS)
    assert row["value"] == pytest.approx(172.8)  # 24


@pytest.mark.parametrize(
    ("amounts", "method", "value"),
    [
        ([90, 100, 110, 90, 100, 110], "mean", 100),
        ([*range(1, 12)], "mean", 6),
        ([*range(1, 13)], "seasonal_naive", 1),
        ([100 + 2 * month for month in range(36)], "mix", 165.8455),
    ],
)
def test_the_method_by_how_much_is_past(amounts: list[float], method: str, value: float) -> None:
    first = 2024 * 12 - len(amounts)
    tables = {"transactions": months(amounts, first)}
    words = [f"periods.from={first // 12}-{first % 12 + 1:02}"]
    row = table(tables, "forecast", set_=words, **OPTIONS)[0]
    assert (row["period"], row["method"]) == ("2024-01", method)
    assert row["value"] == pytest.approx(value, abs=5e-5)


def test_no_band_of_few_errors() -> None:
    """Eleven months have none: a year must have passed before the last season can be asked."""
    found = report({"transactions": months([9] * 11, 2023 * 12 + 1)}, "forecast",
                   set_=["periods.from=2023-02"], **OPTIONS)  # fmt: skip
    assert {row["low"] for row in found.tables["forecast"]} == {None}
    assert "no bands: too few earlier forecasts" in found.notes[-1]


def test_by_week_and_by_day() -> None:
    days = [
        {"customer_id": "A", "date": f"2024-01-{day:02}", "amount": Decimal(10 + day % 7)}
        for day in range(1, 29)
    ]
    rows = table({"transactions": days}, "forecast", as_of="2024-01-28", every="day")
    assert [row["period"] for row in rows[:2]] == ["2024-01-29", "2024-01-30"]
    assert [row["value"] for row in rows[:7]] == pytest.approx(
        [10 + day % 7 for day in range(1, 8)]
    )
    (week,) = table(
        {"transactions": days * 3}, "forecast", as_of="2024-02-11", every="week",
        definition="{horizon: 1}",
    )  # fmt: skip
    assert (week["period"], week["method"]) == ("2024-W07", "mean")


def test_too_little_past_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        table({"transactions": months([1] * 6, 2023 * 12 + 6)}, "forecast", **OPTIONS)
    assert (
        error.value.message == "revenue has 5 whole periods to learn from, and a forecast needs 6"
    )
    with pytest.raises(UsageError, match="23 whole periods to learn from, and mix needs 24"):
        table(GROWN, "forecast", definition="{method: mix}", **OPTIONS)
    found = report(GROWN, "forecast", "revenue", must=False, as_of="2022-03-31")
    assert [(skip.metric, skip.reason) for skip in found.skipped] == [
        ("forecast", "revenue has 2 whole periods to learn from, and a forecast needs 6")
    ]


@pytest.mark.parametrize("every", ["year", "all"])
def test_periods_without_a_season_are_refused(every: str) -> None:
    with pytest.raises(UsageError, match="by day, week, month or quarter"):
        table(GROWN, "forecast", every=every, **OPTIONS)


@pytest.mark.parametrize("metric", ["repeat_purchase_rate", "nps", "clv_predicted", "cohorts"])
def test_rates_and_predictions_are_refused(metric: str) -> None:
    with pytest.raises(ConfigError) as error:
        table(GROWN, "forecast", definition=f"{{metric: {metric}}}", **OPTIONS)
    (problem,) = error.value.problems
    assert "no sum of money and no count" in problem.reason
    assert "revenue, " in str(problem.hint)
    assert "nps" not in str(problem.hint)


def test_no_such_metric() -> None:
    with pytest.raises(ConfigError) as error:
        table(GROWN, "forecast", definition="{metric: revenu}", **OPTIONS)
    assert "did you mean 'revenue'?" in str(error.value.problems[0])


def test_a_variant_of_a_metric() -> None:
    words = [*FROM, "definitions.any_visit={metric: customers, basis: activity, window: period}"]
    definition = "{metric: any_visit, horizon: 1}"
    (row,) = table(GROWN, "forecast", definition=definition, set_=words, **OPTIONS)
    assert (row["metric"], row["value"]) == ("any_visit", 1)


def test_after_a_gap_it_begins_anew() -> None:
    """The average order of a month without any is not known."""
    rows = months([10] * 14, 2022 * 12 + 10)
    del rows[4]
    found = report(
        {"transactions": rows},
        "forecast",
        definition="{metric: average_order_value}",
        **OPTIONS,
    )
    assert {row["method"] for row in found.tables["forecast"]} == {"mean"}  # 9 months
    assert found.notes[0] == (
        "average_order_value of 2023-03 is not known (no orders), so only the periods after it "
        "are learnt from"
    )


def test_it_begins_where_the_past_ends() -> None:
    rows = months([10] * 14, 2022 * 12 + 10)[:-1]
    found = report(
        {"transactions": rows},
        "forecast",
        definition="{metric: average_order_value}",
        **OPTIONS,
    )
    assert found.tables["forecast"][0]["period"] == "2023-12"
    assert "average_order_value of 2023-12 is not known (no orders)" in found.notes[0]


def test_it_says_how_far_it_would_have_been_off() -> None:
    tables = {"transactions": months([100 + 2 * month for month in range(48)], 2020 * 12)}
    options = {**OPTIONS, "set_": ["periods.from=2020-01"]}
    found = report(tables, "forecast", **options)
    auto, naive = report(tables, "backtest", definition="{of: forecast}", **options).tables[
        "backtest"
    ]
    assert (auto["method"], naive["method"]) == ("auto", "seasonal_naive")
    assert (auto["origins"], naive["ratio"]) == (12, 1)
    assert (naive["mae"], auto["ratio"]) == (24, pytest.approx(auto["mae"] / 24))
    said = f"the last 12 forecasts of 12 periods each were off by {auto['mae']:.3g} a period"
    assert said in found.notes[0]
    assert f"{auto['ratio']:.2f} times as much as seasonal_naive" in found.notes[0]


def test_it_falls_back_on_what_would_have_been_better() -> None:
    """Sales that doubled every other year and halved again: growth was never worth believing."""
    amounts = [50] * 12 + [100] * 12 + [100] * 12 + [100] * 12
    tables = {"transactions": months(amounts, 2020 * 12)}
    found = report(tables, "forecast", set_=["periods.from=2020-01"], **OPTIONS)
    assert {row["method"] for row in found.tables["forecast"]} == {"seasonal_naive"}
    assert found.notes[0].endswith("so seasonal_naive it is")
    asked = table(
        tables,
        "forecast",
        definition="{method: mix}",
        set_=["periods.from=2020-01"],
        **OPTIONS,
    )
    assert {row["method"] for row in asked} == {"mix"}


def test_the_last_periods_that_are_shown_do_not_matter() -> None:
    words = [*FROM, "periods.last=3"]
    assert table(GROWN, "forecast", set_=words, **OPTIONS) == table(
        GROWN, "forecast", set_=FROM, **OPTIONS
    )
    earlier = table(GROWN, "forecast", set_=[*FROM, "periods.to=2023-06"], **OPTIONS)
    known = table(GROWN, "forecast", set_=FROM, as_of="2023-06-30")
    assert earlier == known
    assert earlier[0]["period"] == "2023-07"


def test_it_rests_on_what_the_metric_tells() -> None:
    """Stocks too, of which the bounds of the calendar are made."""
    subscriptions = [
        {"customer_id": f"C{at}", "plan": "a", "start_date": f"2022-{at % 12 + 1:02}-10",
         "end_date": f"2023-{at % 9 + 4:02}-20", "amount": Decimal(7 + at), "interval": "month"}
        for at in range(40)
    ]  # fmt: skip
    tables = {"subscriptions": subscriptions}
    for metric in ("mrr", "arr"):
        definition = f"{{metric: {metric}, horizon: 1, method: seasonal_naive}}"
        words = ["periods.from=2022-02", "periods.last=2"]
        (row,) = table(tables, "forecast", definition=definition, set_=words, **OPTIONS)
        told = ask(tables, [metric], as_of="2023-12-31", every="month")
        (ago,) = [result.value for result in told.results if result.period == "2023-01"]
        assert row["value"] == pytest.approx(float(ago or 0))


def test_segments_are_forecast_by_themselves() -> None:
    rows = [dict(row, channel=name) for name in ("a", "b") for row in GROWN["transactions"]]
    rows += [dict(row, channel="late") for row in GROWN["transactions"][-3:]]
    rows = [dict(row, transaction_id=str(at)) for at, row in enumerate(rows)]
    found = report(
        {"transactions": rows}, "forecast", by=["channel"], definition="{horizon: 1}", **OPTIONS
    )
    assert [row["segment.channel"] for row in found.tables["forecast"]] == ["a", "b"]
    late = "late: revenue has 2 whole periods to learn from, and a forecast needs 6"
    assert found.notes == [late]


DEALS = [
    {"opportunity_id": name, "created_at": "2023-05-02T08:00", "outcome": outcome, "stage": "Demo",
     "closed_at": closed, "amount": amount and Decimal(amount), "expected_close": expected}
    for name, outcome, closed, amount, expected in [
        ("won", "won", "2023-06-01T08:00", 1, None),
        ("lost", "lost", "2023-06-01T08:00", 1, None),
        ("a", "open", None, 1000, "2024-01-01"),
        ("b", "open", None, 500, "2024-01-31"),
        ("c", "open", None, 300, "2024-03-15"),
        ("d", "open", None, 80, "2023-12-31"),
        ("e", "open", None, 60, None),
        ("f", "open", None, None, "2024-01-15"),
        ("g", "open", None, 40, "2025-01-01"),
    ]
]  # fmt: skip


def test_the_pipeline_by_month() -> None:
    found = report({**GROWN, "opportunities": DEALS}, "forecast", set_=FROM, **OPTIONS)
    rows = [row for row in found.tables["forecast"] if row["metric"] == "weighted_pipeline"]
    assert [(row["period"], row["value"]) for row in rows] == [
        ("2024-01", 750),  # half of what had been in the stage was won
        ("2024-03", 150),
        ("overdue", 40),
        ("later", 20),
        ("undated", 30),
    ]
    deviation = sqrt(0.25 * (1000**2 + 500**2))
    assert rows[0]["low_80"] == pytest.approx(750 - 1.2815516 * deviation)
    assert (rows[0]["low"], rows[0]["high"]) == (0, 1500)  # 1.96 of it would be more than all
    assert {row["method"] for row in rows} == {"learned"}
    assert (rows[2]["start"], rows[2]["end"]) == (None, date(2024, 1, 1))
    assert (rows[3]["start"], rows[3]["end"]) == (date(2025, 1, 1), None)
    assert found.notes[-1].startswith("1 open deal without an amount or odds")
    assert [row["metric"] for row in found.tables["forecast"]].count("revenue") == 12


def test_the_pipeline_adds_up_to_the_metric() -> None:
    deals = [dict(deal, probability=0.3) for deal in DEALS]
    tables = {**GROWN, "opportunities": deals}
    for word in ("given", "learned"):
        words = [*FROM, f"definitions.weighted_pipeline={{probability: {word}}}"]
        rows = table(tables, "forecast", set_=words, **OPTIONS)
        mine = [row for row in rows if row["metric"] == "weighted_pipeline"]
        assert {row["method"] for row in mine} == {word}
        told = ask(
            tables,
            ["weighted_pipeline"],
            as_of="2023-12-31",
            definitions={"weighted_pipeline": f"{{probability: {word}}}"},
        ).results[-1]
        assert sum(Fraction(row["value"]) for row in mine) == Fraction(told.value or 0)


def test_the_pipeline_stands_by_money_alone_and_in_no_segment_twice() -> None:
    tables = {**GROWN, "opportunities": DEALS}
    of_customers = "{metric: customers, horizon: 1}"
    words = [*FROM, "definitions.customers={basis: activity, window: period}"]
    assert len(table(tables, "forecast", definition=of_customers, set_=words, **OPTIONS)) == 1
    rows = table(tables, "forecast", by=["channel"], set_=FROM, **OPTIONS)
    assert {row["metric"] for row in rows} == {"revenue"}


BUYERS = months([100 + 7 * (at % 12) + at for at in range(40)], 2020 * 12 + 8)


def test_rows_after_as_of_change_nothing() -> None:
    later = months([9_999] * 5, 2024 * 12)
    later = [dict(row, transaction_id=f"later {row['transaction_id']}") for row in later]
    deals = [dict(DEALS[0], opportunity_id="x", created_at="2024-01-05T08:00", closed_at=None)]
    before = {"transactions": BUYERS, "opportunities": DEALS}
    after = {"transactions": [*BUYERS, *later], "opportunities": [*DEALS, *deals]}
    for name in ("forecast", "backtest"):
        assert table(before, name, **OPTIONS) == table(after, name, **OPTIONS)


def test_a_currency_changes_the_size_alone() -> None:
    thousand = [dict(row, amount=1_000 * row["amount"]) for row in BUYERS]
    ours, theirs = (
        table({"transactions": rows}, "forecast", **OPTIONS) for rows in (BUYERS, thousand)
    )
    numbers = ("value", "low", "high", "low_80", "high_80")
    for row, other in zip(ours, theirs, strict=True):
        assert [other[name] for name in numbers] == pytest.approx(
            [1_000 * row[name] for name in numbers], rel=1e-11
        )
        assert row["method"] == other["method"]


def test_twice_everybody_is_twice_the_forecast() -> None:
    twins = [
        dict(row, customer_id=f"twin {row['customer_id']}", transaction_id=f"t{at}")
        for at, row in enumerate(BUYERS)
    ]
    once = table({"transactions": BUYERS}, "forecast", **OPTIONS)
    twice = table({"transactions": [*BUYERS, *twins]}, "forecast", **OPTIONS)
    for row, other in zip(once, twice, strict=True):
        assert other["value"] == pytest.approx(2 * row["value"], rel=1e-11)
        assert other["high"] == pytest.approx(2 * row["high"], rel=1e-11)


@pytest.mark.parametrize("name", ["forecast", "backtest"])
def test_the_same_on_duckdb(name: str) -> None:
    tables = {"transactions": BUYERS, "opportunities": DEALS}
    ours = table(tables, name, **OPTIONS)
    assert table(tables, name, set_=["engine.name=duckdb"], **OPTIONS) == ours
