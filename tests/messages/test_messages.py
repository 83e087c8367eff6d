"""A message is a text with a memory: key and values stay with it."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from crm_kpi import messages
from crm_kpi.addresses import hide
from crm_kpi.messages import Message, as_number, joined, separated, split_place, text

TEXTS = {
    "fruit.none": "no {what}",
    "fruit.eaten": {"one": "{count} {what} eaten", "other": "{count:,} {what}s eaten"},
    "fruit.why": "{path}: {reason}",
    "fruit.ripe": "ripe",
    "fruit.at": "{scheme}://{place}",
    "fruit.rotten": {"one": "{path}:{line}: one is rotten", "other": "{path}: {count} are rotten"},
}
OTHER = {
    "fruit.rotten": {"one": "{path}:{line}: một quả bị hỏng", "other": ""},
    "fruit.why": "{path}: {reason}",
    "fruit.none": "không có {what}",
    "fruit.eaten": {"one": "đã ăn {count} {what}", "other": "đã ăn {count} {what}"},
}


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    languages = {"en": TEXTS, "other": OTHER}
    monkeypatch.setattr(messages, "texts", languages.__getitem__)


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
    assert joined([inner], text("fruit.none", what="x")).in_language("other") == "không có lê"
    either = joined("ab", separator=text("fruit.none", what="x"))
    assert (either, either.in_language("other")) == ("ano xb", "akhông có xb")


@pytest.mark.parametrize("path", ["a.csv", "a: b:1: c.csv", Path("a.csv"), "x{y}.csv"])
def test_the_place_that_a_message_begins_with_is_split_off(path: str | Path) -> None:
    message = text("fruit.rotten", path=path, line=3, count=1)
    reason, *place = split_place(message)
    assert (reason, place) == ("one is rotten", [str(path), 3])
    assert isinstance(reason, Message)
    assert reason.in_language("other") == "một quả bị hỏng"
    several = text("fruit.rotten", path=path, line=3, count=2)
    assert split_place(several) == ("2 are rotten", str(path), None)


def test_a_place_that_is_no_data_is_not_split_off() -> None:
    none = text("fruit.none", what="a.csv:3: pear")
    for message in (none, joined([none, none]), "a.csv:3: no pear", text("fruit.ripe")):
        assert split_place(message) == (message, None, None)


def test_a_text_that_a_language_lacks_is_english() -> None:
    assert text("fruit.ripe").in_language("other") == "ripe"


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


def test_keeps_its_key_where_something_is_hidden() -> None:
    inner = text("fruit.none", what="http://me:secret@example.com/a")
    message = text("fruit.why", path=Path("a.csv"), reason=inner)
    hidden = hide(message)
    assert hidden == "a.csv: no http://example.com/a"
    assert isinstance(hidden, Message)
    assert hidden.key == message.key
    assert hidden.values == {
        "path": Path("a.csv"),
        "reason": "no http://example.com/a",
    }
    assert hidden.in_language("other") == "a.csv: không có http://example.com/a"
    for twin in (copy.copy(hidden), pickle.loads(pickle.dumps(hidden))):
        assert "secret" not in f"{twin} {twin.values}"


def test_what_stands_across_values_is_hidden_in_the_text() -> None:
    message = text("fruit.at", scheme="http", place="me:sec/ret@example.com")
    assert hide(message) == "http://…"


def test_with_nothing_to_hide_it_is_the_same_object() -> None:
    for words in ("pear", "a=b", "a:/b", "a@b", "http://example.com/a"):
        message = text("fruit.none", what=words)
        assert hide(message) is message


def test_a_text_without_values_is_made_once() -> None:
    assert text("fruit.ripe") is text("fruit.ripe")


def test_help_needs_no_texts() -> None:
    words = [sys.executable, "-X", "importtime", "-m", "crm_kpi", "--help"]
    imported = subprocess.run(words, capture_output=True, text=True, check=True).stderr
    assert "crm_kpi.messages" in imported
    assert "crm_kpi.messages.en" not in imported


def test_a_number_that_is_written_already_has_the_separators_of_a_language() -> None:
    total = as_number("3,150.5")
    assert (total, f"{total}") == ("3,150.5", "3,150.5")
    assert separated(total, "en") == "3,150.5"
    assert hide(total) is total
