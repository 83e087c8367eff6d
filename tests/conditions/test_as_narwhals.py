"""Each condition on the same rows, on every engine that is installed without a server."""

from __future__ import annotations

import polars as pl
import pytest

from crm_kpi.conditions import (
    AllTrue,
    AnyTrue,
    ColumnRef,
    Condition,
    compare,
    flag,
    in_range,
    in_set,
    is_null,
)
from crm_kpi.conditions.as_narwhals import expression
from crm_kpi.frames.backend import Backend

ROWS = pl.DataFrame(
    {
        "a": [1, 2, 3, None],
        "b": [3, 2, 1, 1],
        "text": ["x", "Y", None, "y"],
        "yes": [True, False, None, True],
    }
)
KNOWN, ODD = compare("b", "==", 1), flag("yes")
CASES: list[tuple[Condition, list[bool | None]]] = [
    (compare("a", "<", 2), [True, False, False, None]),
    (compare("a", "<=", ColumnRef("b")), [True, True, False, None]),
    (compare("text", "==", "x"), [True, False, None, False]),
    (compare("a", "!=", 2), [True, False, True, None]),
    (in_range("a", 2, 3), [False, True, True, None]),
    (in_set("text", ["x", "y"]), [True, False, None, True]),
    (in_set("text", ["x", "y"], ignore_case=True), [True, True, None, True]),
    (is_null("a"), [False, False, False, True]),
    (ODD, [True, False, None, True]),
    (~ODD, [False, True, None, False]),
    (KNOWN & ODD, [False, False, None, True]),
    (~KNOWN & ODD, [True, False, False, False]),
    (KNOWN | ODD, [True, False, True, True]),
    (AllTrue((KNOWN, ODD, ~is_null("a"))), [False, False, None, False]),
    (AnyTrue((ODD, is_null("a"))), [True, False, None, True]),
]


@pytest.mark.parametrize(
    ("condition", "met"), CASES, ids=[str(condition)[:60] for condition, _ in CASES]
)
def test_same_on_every_engine(
    condition: Condition, met: list[bool | None], backend: Backend
) -> None:
    rows = backend.scan(ROWS.with_row_index("n")).select("n", met=expression(condition))
    (told,) = backend.fetch([rows])
    assert [row["met"] for row in sorted(told, key=lambda row: row["n"])] == met


def test_columns() -> None:
    condition = (compare("a", "<", ColumnRef("b")) | ~flag("c")) & in_set("d", [1]) & is_null("e")
    assert condition.columns == {"a", "b", "c", "d", "e"}
