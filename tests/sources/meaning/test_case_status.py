"""Tickets, leads and deals that are tests, spam or deleted."""

from __future__ import annotations

import pytest

from tests.sources.conftest import read

FILES = {
    "tickets": "ticket_id,created_at,status\n",
    "leads": "lead_id,created_at,status\n",
    "opportunities": "opportunity_id,created_at,status\n",
}
ROWS = "".join(
    f"{day},2024-01-0{day},{word}\n"
    for day, word in enumerate(("Mới", "Spam", "Đã hủy", "deleted", ""), 1)
)


@pytest.mark.parametrize("table", FILES)
def test_only_these_are_left_out_and_nothing_is_asked(table: str) -> None:
    audit = read(table, FILES[table] + ROWS).audit
    assert (audit.used, audit.excluded) == (3, 2)
    assert audit.left_out == ["2 test, spam or deleted (Spam, deleted)"]


@pytest.mark.parametrize("how", [{"status": "ignore"}, {"status": {"void": "count"}},
                                 {"named": frozenset({"status"})}])  # fmt: skip
def test_who_declares_it_keeps_them(how: dict[str, object]) -> None:
    assert read("tickets", FILES["tickets"] + ROWS, **how).audit.used == 5
