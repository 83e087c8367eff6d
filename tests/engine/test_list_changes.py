"""Two exports of one customers list: who came, went, turned and returned, and the dates of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.config import load_config
from crm_kpi.engine.customer_lists import read_lists
from crm_kpi.engine.list_changes import Change, ListChanges
from crm_kpi.errors import DataError

OLD_DAY, NEW_DAY = date(2024, 11, 30), date(2024, 12, 31)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def compare(header: str, old: Sequence[str], new: Sequence[str]) -> ListChanges:
    """Two lists of these rows, whose days are given."""
    for name, rows in (("old.csv", old), ("new.csv", new)):
        Path(name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    lists = read_lists("old.csv", "new.csv", load_config(None, env={}), {})
    return ListChanges(*lists, OLD_DAY, NEW_DAY)


def ids(changes: ListChanges) -> dict[str, list[str]]:
    return {change.value: changes.ids(change).to_list() for change in Change}


def table(changes: ListChanges) -> list[tuple[Any, ...]]:
    rows = changes.table.select("customer_id", "signup_date", "churn_date").rows()
    return [tuple(str(cell) if cell else cell for cell in row) for row in rows]


FLAGS = "customer_id,signup_date,churned"


def test_each_change_and_the_dates_that_follow() -> None:
    changes = compare(
        FLAGS,
        ["A,2024-01-03,no", "B,2024-02-13,yes", "C,2024-03-01,no", "D,2024-04-01,no",
         "E,2024-05-01,yes", "X,2024-05-01,yes"],
        ["A,2024-01-03,no", "B,2024-02-13,yes", "C,2024-03-01,yes", "E,2024-05-01,no",
         "F,2024-12-05,no", "G,,no", "H,2024-12-06,yes"],
    )  # fmt: skip
    assert ids(changes) == {
        "came": ["F", "G", "H"], "went": ["D"], "turned": ["C"], "returned": ["E"],
    }  # fmt: skip
    assert (changes.before, changes.after) == (3, 4)
    assert table(changes) == [
        ("A", "2024-01-03", None),
        ("C", "2024-03-01", "2024-12-31"),
        ("D", "2024-04-01", "2024-12-31"),
        ("E", "2024-12-31", None),  # since when not is not known, but until when
        ("F", "2024-12-05", None),
        ("G", "2024-12-31", None),
        ("H", "2024-12-06", "2024-12-31"),
    ]
    assert changes.undated == 2  # B and X had left, nobody knows when
    assert (changes.came_unsigned, changes.unsigned, changes.early) == (1, 0, 0)


def test_a_date_that_a_list_has_is_kept() -> None:
    changes = compare(
        "customer_id,signup_date,churn_date",
        ["A,2024-01-03,", "B,2024-01-03,2024-12-10", "C,2024-01-03,2025-02-01",
         "D,2024-01-03,2024-10-01", "E,2024-01-03,2024-10-01", "F,2024-01-03,2024-10-01"],
        ["A,2024-01-03,2024-12-20", "D,2024-01-03,2024-10-02", "E,2024-01-03,"],
    )  # fmt: skip
    assert ids(changes) == {"came": [], "went": ["B", "C"], "turned": ["A"], "returned": ["E"]}
    assert table(changes) == [
        ("A", "2024-01-03", "2024-12-20"),
        ("B", "2024-01-03", "2024-12-10"),
        ("C", "2024-01-03", "2024-12-31"),  # planned for later, but gone
        ("D", "2024-01-03", "2024-10-02"),
        ("E", "2024-01-03", "2024-10-01"),  # the stay that the old list knows
        ("E", "2024-12-31", None),
        ("F", "2024-01-03", "2024-10-01"),
    ]
    assert changes.undated == 0


def test_lists_without_any_date_or_flag() -> None:
    changes = compare("customer_id,name", ["A,An", "B,Bình"], ["B,Bình", "C,Chi"])
    assert ids(changes) == {"came": ["C"], "went": ["A"], "turned": [], "returned": []}
    assert table(changes) == [
        ("A", "2024-11-30", "2024-12-31"),
        ("B", "2024-11-30", None),
        ("C", "2024-12-31", None),
    ]
    assert (changes.unsigned, changes.came_unsigned) == (2, 1)
    assert changes.customers(Change.CAME) == [
        {"customer_id": "C", "name": "Chi", "signup_date": NEW_DAY, "churn_date": None}
    ]


def test_stays_of_one_customer() -> None:
    changes = compare(
        "customer_id,signup_date,churn_date",
        ["A,2024-01-01,2024-02-01", "A,2024-05-01,", "B,2024-01-01,2024-02-01"],
        ["A,2024-01-01,2024-02-01", "A,2024-05-01,2024-12-15",
         "B,2024-01-01,2024-02-01", "B,2024-12-20,"],
    )  # fmt: skip
    assert ids(changes) == {"came": [], "went": [], "turned": ["A"], "returned": ["B"]}
    assert table(changes)[-1] == ("B", "2024-12-20", None)  # the list knows since when
    assert len(table(changes)) == 4


def test_who_came_and_had_signed_up_before() -> None:
    changes = compare(FLAGS, ["A,2024-01-03,no"], ["A,2024-01-03,no", "B,2023-01-01,no"])
    assert changes.early == 1


def test_the_numbers_lead_from_one_list_to_the_other() -> None:
    rng = random.Random(7)
    for _ in range(20):
        rows = [
            [
                f"C{at},2024-01-0{rng.randint(1, 9)},{rng.choice(('yes', 'no'))}"
                for at in range(30)
                if rng.random() < 0.7
            ]
            for _ in range(2)
        ]
        changes = compare(FLAGS, *rows)
        old, new = ({row.split(",")[0]: row.endswith("yes") for row in each} for each in rows)
        assert changes.before == list(old.values()).count(False)
        assert changes.after == list(new.values()).count(False)
        assert ids(changes) == {
            "came": sorted(new.keys() - old),
            "went": sorted(one for one in old.keys() - new if not old[one]),
            "turned": sorted(one for one in old.keys() & new if new[one] and not old[one]),
            "returned": sorted(one for one in old.keys() & new if old[one] and not new[one]),
        }
        known = set(changes.table["customer_id"])
        assert len(known) + changes.undated == len({*old, *new})


def test_a_row_that_cannot_be_read_is_nobody_who_went() -> None:
    with pytest.raises(DataError, match=r"new\.csv: 1 row cannot be read, and its") as caught:
        compare(FLAGS, ["A,2024-01-03,no"], ["A,2024-31-03,no"])
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.column) == ("new.csv", 2, "signup_date")
    assert caught.value.hint == "mend them: crm-kpi validate new.csv lists them all"


def test_one_list_alone_says_who_left() -> None:
    Path("old.csv").write_text("customer_id,signup_date\nA,2024-01-03\n")
    Path("new.csv").write_text("customer_id,signup_date,churned\nA,2024-01-03,yes\n")
    with pytest.raises(DataError, match=r"old\.csv: has no churn_date and churned, by which new"):
        read_lists("old.csv", "new.csv", load_config(None, env={}), {})


def test_the_newest_date_of_a_list() -> None:
    changes = compare(
        "customer_id,signup_date,churn_date,updated_at",
        ["A,2024-01-03,2024-03-01,", "B,2024-02-01,,2024-02-20"],
        ["A,2024-01-03,,2024-04-01", "B,2025-06-01,,"],
    )
    assert changes.old.newest(NEW_DAY) == (date(2024, 3, 1), "churn_date")
    assert changes.new.newest(NEW_DAY) == (date(2024, 4, 1), "updated_at")
    assert changes.new.newest(date(2023, 1, 1)) is None
