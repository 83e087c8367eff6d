"""Lines right below a header that explain it are no rows; a row never is such a line."""

from __future__ import annotations

import pytest

from crm_kpi.sources.readers.csv.subheaders import subheaders
from tests.sources.conftest import read


def test_lines_are_skipped_counted_and_said() -> None:
    text = (
        "Order ID,Created Time,Amount\nPlatform unique order ID.,Order created time.,"
        "What the buyer paid.\n1,2024-01-02,5\n2,2024-01-03,6\n"
    )
    columns = {"transaction_id": "Order ID", "date": "Created Time"}
    loaded = read("transactions", text, columns=columns)
    assert loaded.frame["amount"].to_list() == [5, 6]
    assert (loaded.audit.rows, loaded.audit.rejected, loaded.audit.skipped) == (2, 0, 1)
    assert "t.csv: below the header, lines 2 explain it: skipped" in loaded.audit.notes
    assert "lines that explain the header skipped" in loaded.audit.assumed


CODES = '{"ImportId":"QID1"}'


@pytest.mark.parametrize(
    ("head", "expected"),
    [([["Start", "Question"], ['{"ImportId":"startDate"}', CODES], ["2024-01-02", "9"]], [0, 1]),
     ([["", "Response"], ["2024-01-02", "9"]], [0]),
     ([["Created time of it", "Response"], ["2024-01-02", "9"]], [0]),
     ([["", "9"], ["2024-01-02", "9"]], []),
     ([["unknown", "nine"], ["2024-01-02", "9"]], []),
     ([["not known yet", "item 9"], ["2024-01-02", "9"]], []),
     ([["2024-01-02", "9"], ["2024-01-03", "9"]], []),
     ([["", "Response"]], []),
     ([["", "Response"], ["", "9"]], []),
     ([], [])],
)  # fmt: skip
def test_evidence_is_needed(head: list[list[str]], expected: list[int]) -> None:
    assert subheaders(head, {0}) == expected


def test_ids_and_dates_have_to_be_known() -> None:
    assert subheaders([["", "Response"], ["1", "9"]], ()) == []
    assert subheaders([[""], ["1"]], {3}) == []
