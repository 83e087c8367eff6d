"""Units in headers."""

from __future__ import annotations

from itertools import product

import pytest

from crm_kpi.sources.mapping import header_units

UNITS = ("k", "m", "K", "tr", "triệu", "nghìn", "Tsd", "Mio", "000", "万", "'000")
MONEY = ("USD", "EUR", "VND", "đ", "₫", "€", "$", "kr", "đồng")


@pytest.mark.parametrize("form", ["Amount {}", "Amount ({})", "amount_{}", "Amount in {}"])
def test_every_unit_that_the_forms_know_is_looked_for(form: str) -> None:
    """The look at a header before the forms only saves time."""
    joints = ("{0}{1}", "{1}{0}", "{0} {1}", "{1} {0}")
    written = [form.format(j.format(u, m)) for j, u, m in product(joints, UNITS, MONEY)]
    read = [h for h in written if any(f.fullmatch(h) for f in header_units._forms())]
    assert len(read) > 100
    assert [header for header in read if not header_units._may_say(header)] == []


@pytest.mark.parametrize("header", ["Mã đơn hàng", "Ngày đặt", "Doanh thu", "Địa chỉ", "Currency"])
def test_a_word_that_begins_like_a_currency_says_no_unit(header: str) -> None:
    assert not header_units._may_say(header)


@pytest.mark.parametrize(
    ("header", "factor"), [("Amount USDk", 1_000), ("Revenue EURm", 1_000_000), ("Amount", None)]
)
def test_a_unit_glued_to_a_currency(header: str, factor: int | None) -> None:
    found = header_units.unit_of(header)
    assert (found and found.factor) == factor
