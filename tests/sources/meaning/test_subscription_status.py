"""The status of subscriptions: who pays, who does not, and what is asked."""

from __future__ import annotations

from typing import Any

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable
from tests.sources.conftest import read

HEADER = "subscription_id,customer_id,start_date,end_date,amount,interval,status\n"


def subscriptions(*words: str, **how: Any) -> LoadedTable:
    rows = (f"s{i},c{i},2024-01-01,,100,month,{word}\n" for i, word in enumerate(words))
    return read("subscriptions", HEADER + "".join(rows), **how)


def test_one_that_ended_without_an_end_or_never_paid_is_left_out() -> None:
    audit = subscriptions("active", "canceled", "paused", "incomplete_expired", "trialing").audit
    assert (audit.used, audit.excluded) == (1, 4)
    (said,) = audit.left_out
    assert said == "4 not paying by status (canceled, incomplete_expired, paused and 1 more)"
    assert [(r.how, r.rows) for r in audit.meaning] == [(How.PROVED, 4)]


def test_one_that_ended_pays_until_its_end() -> None:
    text = HEADER + "s1,c1,2024-01-01,2024-05-01,100,month,Đã hủy\n"
    assert read("subscriptions", text).audit.used == 1


def test_one_that_is_late_pays_and_that_is_said() -> None:
    audit = subscriptions("active", "past_due").audit
    assert audit.used == 2
    assert "1 late with their payment counted ('past_due' on 1 row)" in audit.assumed


def test_a_word_that_nobody_knows_is_asked_for_and_the_pasted_line_closes_it() -> None:
    with pytest.raises(DataError, match="nobody knows 'hibernating'"):
        subscriptions("active", "hibernating")
    idle = {"status": {"hibernating": "idle"}}
    assert subscriptions("active", "hibernating", values=idle).audit.used == 1
    paying = {"status": {"hibernating": "paying"}}
    assert subscriptions("active", "hibernating", values=paying).audit.used == 2


def test_every_subscription_counts_where_that_is_declared() -> None:
    assert subscriptions("active", "canceled", status="ignore").audit.used == 2
    assert subscriptions("active", "canceled", status={"void": "count"}).audit.used == 2


def test_a_plain_file_says_nothing() -> None:
    audit = subscriptions("active", "active").audit
    assert (audit.used, audit.meaning, audit.assumed) == (2, [], [])
