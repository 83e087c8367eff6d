"""Open deals by their probability: given, or learned from how others ended."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm_kpi.results import Result
from tests.support import ask, one

Row = dict[str, Any]
NAME = "weighted_pipeline"
LEARNED = "{probability: learned}"


def deal(
    name: str, amount: object, outcome: str = "open", closed: str | None = None, **more: Any
) -> Row:
    return {
        "opportunity_id": name,
        "created_at": "2024-01-02",
        "closed_at": closed,
        "outcome": outcome,
        "amount": amount,
        **more,
    }


def weighted(
    rows: list[Row],
    period: str = "2024-01",
    definition: str = "{}",
    changes: list[Row] | None = None,
    **options: Any,
) -> Result:
    tables = {"opportunities": rows} | ({"stage_changes": changes} if changes else {})
    options = {"as_of": "2024-03-31"} | options
    return one(ask(tables, [NAME], definitions={NAME: definition}, **options), NAME, period)


@pytest.mark.parametrize(("low", "high"), [(0.4, 0.8), (40.0, 80.0)])
def test_44_000(low: float, high: float) -> None:
    rows = [deal("a", 50_000, probability=low), deal("b", 30_000, probability=high)]
    result = weighted(rows)
    assert result.value == 44_000  # 20,000 + 24,000
    assert (result.n, result.reason) == (2, None)
    assert result.components == {
        "deals": 2,
        "amount": 80_000,
        "unweighted": 0,
        "closed_since": 0,
        "overdue": None,
    }


def test_sums_are_exact() -> None:
    rows = [deal(str(i), "0.10", probability=0.1) for i in range(3)]
    assert weighted(rows).value == Decimal("0.03")
    assert weighted([deal("a", "1000000000000.01", probability=33.333)]).value == Decimal(
        "333330000000.0033333"
    )


def test_percent_is_judged_by_the_whole_column() -> None:
    """Where one deal has 40, 1 is one percent, whichever deals are looked at."""
    rows = [
        deal("a", 1000, probability=1.0, owner="An"),
        deal("b", 1000, "lost", "2024-02-01", probability=40.0, owner="Bình"),
    ]
    assert weighted(rows, "2024-03").value == 10
    assert weighted(rows, "2024-03", where={"owner": ["An"]}).value == 10


def test_a_probability_that_is_none() -> None:
    rows = [
        deal("a", 100, probability=50.0),
        deal("b", 100, probability=None),
        deal("c", 100, probability=-1.0),
        deal("d", 100, probability=101.0),
        deal("e", None, probability=50.0),
    ]
    result = weighted(rows)
    assert (result.value, result.n, result.components["unweighted"]) == (50, 5, 4)
    assert result.reason == "4 of 5 open deals left out: no amount or no probability"
    nothing = weighted(rows[1:2])
    assert (nothing.value, nothing.status) == (None, "no_data")
    assert nothing.reason == "no open deal has both an amount and a probability"


def test_a_deal_that_has_closed_since_is_said_to_be_hindsight() -> None:
    rows = [
        deal("a", 100, probability=0.5),
        deal("b", 100, "won", "2024-02-10", probability=1.0),
    ]
    january = weighted(rows)
    assert (january.value, january.components["closed_since"]) == (150, 1)
    assert january.reason == "1 of 2 deals closed since: weighted with hindsight"
    assert (weighted(rows, "2024-02").value, weighted(rows, "2024-02").reason) == (50, None)


# Closed by the end of February: offer 1 won of 2, first talk 0 of 1.
ENDED = [
    deal("w", 5, "won", "2024-02-10", stage="offer"),
    deal("x", 5, "lost", "2024-02-12", stage="offer"),
    deal("y", 5, "lost", "2024-02-12", stage="first talk"),
]


def test_learned_from_the_deals_own_stage() -> None:
    rows = [*ENDED, deal("a", 1000, stage="offer"), deal("b", 400, stage="first talk")]
    assert weighted(rows, "2024-02").value == 500  # 1000 x 1/2 + 400 x 0
    assert weighted(rows, "2024-02", LEARNED).value == 500


def test_learned_as_of_the_end_of_the_period() -> None:
    rows = [
        *ENDED,
        deal("z", 5, "won", "2024-03-05", stage="offer"),
        deal("a", 900, stage="offer"),
        deal("b", 100, stage="unheard of"),
    ]
    february, march = (weighted(rows, p) for p in ("2024-02", "2024-03"))
    # In February z was open: 905 x 1/2 (with hindsight as to its stage). In March 2 of 3 are won.
    assert (february.value, march.value) == (Decimal("452.5"), 600)
    assert february.components["closed_since"] == 1
    assert march.reason == "1 of 2 open deals left out: no amount or no probability"
    early = weighted(rows, "2024-01")
    assert (early.value, early.components["unweighted"]) == (None, 6)  # nothing had closed


def test_a_third_of_a_dong() -> None:
    rows = [
        deal("w", 5, "won", "2024-02-10", stage="s"),
        *(deal(f"x{i}", 5, "lost", "2024-02-10", stage="s") for i in range(2)),
        *(deal(f"a{i}", 1, stage="s") for i in range(3)),
    ]
    assert weighted(rows, "2024-02").value == 1  # 3 x 1/3, not 0.9999


CHANGES = [
    # w and x were in both stages, y only in the first; z twice in the first.
    ("w", "talk", "2024-01-02"), ("w", "offer", "2024-01-20"),
    ("x", "talk", "2024-01-02"), ("x", "offer", "2024-01-20"),
    ("y", "talk", "2024-01-02"),
    ("z", "talk", "2024-01-02"), ("z", "offer", "2024-01-10"), ("z", "talk", "2024-01-20"),
    # The open deal moves on in March.
    ("a", "talk", "2024-01-05"), ("a", "offer", "2024-03-10"),
]  # fmt: skip
HISTORY = [{"opportunity_id": i, "stage": s, "entered_at": t} for i, s, t in CHANGES]


def test_learned_from_stage_changes() -> None:
    rows = [
        deal("w", 5, "won", "2024-02-10", stage="closed"),
        *(deal(name, 5, "lost", "2024-02-12", stage="closed") for name in "xyz"),
        deal("a", 1200, stage="offer"),
    ]
    # Of those that had been in talk 1 of 4 is won, in offer 1 of 3.
    assert weighted(rows, "2024-02", LEARNED, HISTORY).value == 300
    assert weighted(rows, "2024-03", LEARNED, HISTORY).value == 400
    assert weighted(rows, "2024-03", LEARNED, HISTORY).components["closed_since"] == 0
    # `--where stage=` chooses deals by the stage of today; their history is read whole.
    only = weighted(rows, "2024-02", LEARNED, HISTORY, where={"stage": ["offer"]})
    assert only.value == 300


def test_a_deal_without_a_stage_change_is_in_its_own_stage() -> None:
    rows = [
        deal("w", 5, "won", "2024-02-10", stage="closed"),
        deal("x", 5, "lost", "2024-02-10", stage="closed"),
        deal("new", 100, stage="offer"),
    ]
    assert weighted(rows, "2024-02", LEARNED, HISTORY).value == 50  # w of w and x


def test_odds_are_those_of_all_deals_in_every_segment() -> None:
    rows = [
        deal("w", 5, "won", "2024-02-10", stage="s", owner="An"),
        deal("x", 5, "lost", "2024-02-10", stage="s", owner="Bình"),
        deal("a", 100, stage="s", owner="An"),
        deal("b", 300, stage="s", owner="Bình"),
    ]
    tables = {"opportunities": rows}
    report = ask(tables, [NAME], as_of="2024-02-29", by=("owner",))
    found = [one(report, NAME, "2024-02", owner=o).value for o in ("An", "Bình")]
    assert (found, one(report, NAME, "2024-02").value) == ([50, 150], 200)
    assert weighted(rows, "2024-02", where={"owner": ["An"]}).value == 50


def test_no_open_deals_and_missing_columns() -> None:
    result = weighted([deal("a", 5, "won", "2024-02-02", probability=1.0)], "2024-03")
    assert (result.value, result.reason) == (0, None)
    report = ask({"opportunities": [deal("a", 5)]}, [NAME], as_of="2024-03-31")
    assert report.skipped[0].reason == "opportunities has no column probability or stage"
    report = ask(
        {"opportunities": [deal("a", 5, stage="s")]},
        [NAME],
        as_of="2024-03-31",
        definitions={NAME: "{probability: given}"},
    )
    assert report.skipped[0].reason == "opportunities has no column probability"


def test_anything_above_1_makes_the_column_percent() -> None:
    rows = [deal("a", 1000, probability=0.5), deal("b", 1000, probability=1.5)]
    assert weighted(rows).value == 20  # 0.5 % and 1.5 %


def test_overdue_deals_are_told_apart() -> None:
    rows = [
        deal("1", 50, probability=0.5, expected_close="2024-01-31"),
        deal("2", 30, probability=0.5, expected_close="2024-02-01"),
    ]
    january = weighted(rows)
    assert (january.value, january.components["overdue"]) == (40, 50)
