"""Patterns for plain addresses and numbers, against the libraries that know all rules."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.frames import contact_validation


@given(st.from_regex(contact_validation.PLAIN_EMAIL, fullmatch=True))
def test_plain_addresses_are_addresses(text: str) -> None:
    if len(text) <= contact_validation.SHORT and not text.endswith("\n"):
        assert contact_validation.judge_email(text) == (True, text.lower())


@pytest.mark.parametrize("region", ["VN", "US", "DE", "FR", "IN", "TH"])
@given(data=st.data())
def test_plain_numbers_are_numbers(region: str, data: st.DataObject) -> None:
    phones = contact_validation.phones(region)
    assert phones.plain
    text = data.draw(st.from_regex(phones.plain.replace(r"\d", "[0-9]"), fullmatch=True)).strip()
    assert phones.judge(text) == (True, phones.code + re.sub(phones.prefix, "", text))


@pytest.mark.parametrize("region", ["IT", "BR", "JP"])
def test_a_region_with_rules_of_its_own_has_no_plain_numbers(region: str) -> None:
    """A 0 that belongs to the number, a carrier that is dialled: the library knows."""
    assert contact_validation.phones(region).plain is None


def test_a_lost_zero_is_put_back() -> None:
    phones = contact_validation.phones("VN")
    assert phones.judge("912345678") == phones.judge("0912345678") == (True, "+84912345678")
