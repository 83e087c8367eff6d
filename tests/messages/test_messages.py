"""A message is a text with a memory: key and values stay with it."""

from __future__ import annotations

import copy
import pickle
import sys
from types import ModuleType

import pytest

from crm_kpi import messages
from crm_kpi.messages import Message, joined, text

TEXTS = {
    "fruit.none": "no {what}",
    "fruit.eaten": {"one": "{count} {what} eaten", "other": "{count:,} {what}s eaten"},
    "fruit.why": "{path}: {reason}",
}
OTHER = {
    "fruit.none": "không có {what}",
    "fruit.eaten": {"one": "đã ăn {count} {what}", "other": "đã ăn {count} {what}"},
}


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ENGLISH", TEXTS)
    other = ModuleType("crm_kpi.messages.other")
    other.TEXTS = OTHER  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, other.__name__, other)


def test_is_its_english_text() -> None:
    message = text("fruit.none", what="pear")
    assert message == "no pear"
    assert f"{message}!" == "no pear!"
    assert (message.key, message.values) == ("fruit.none", {"what": "pear"})


def test_counts() -> None:
    assert text("fruit.eaten", count=1, what="pear") == "1 pear eaten"
    assert text("fruit.eaten", count=1200, what="pear") == "1,200 pears eaten"


def test_in_another_language() -> None:
    inner = text("fruit.none", what="lê")
    assert inner.in_language("other") == "không có lê"
    assert text("fruit.why", path="a.csv", reason=inner).in_language("other") == (
        "a.csv: không có lê"
    )
    both = joined([inner, text("fruit.eaten", count=2, what="lê")])
    assert both == "no lê; 2 lês eaten"
    assert both.in_language("other") == "không có lê; đã ăn 2 lê"


def test_what_is_not_there_is_a_fault() -> None:
    with pytest.raises(KeyError):
        text("fruit.absent")
    with pytest.raises(KeyError):
        text("fruit.none")


def test_copies_remember() -> None:
    message = text("fruit.none", what="pear")
    for twin in (copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert isinstance(twin, Message)
        assert (twin, twin.key) == (message, message.key)
