"""The words of a status: found in any spelling, and never read as their opposite."""

from __future__ import annotations

import pytest

from crm_kpi.sources.meaning.status_words import (
    ORDER,
    OUTCOME,
    SUBSCRIPTION,
    TEST,
    _languages,
    header_roles,
    meanings,
)
from crm_kpi.sources.names import key

LISTS = {"order": ORDER, "subscription": SUBSCRIPTION, "deal": OUTCOME, "test": (TEST,)}


@pytest.mark.parametrize("name", LISTS)
def test_no_word_means_two_things(name: str) -> None:
    known: dict[str, set[str]] = {}
    for words in _languages():
        for kind in LISTS[name]:
            for word in words.get(kind, ()):
                known.setdefault(key(word), set()).add(kind)
    assert {word: kinds for word, kinds in known.items() if len(kinds) > 1} == {}


def test_each_language_tells_its_source_and_every_class_of_orders() -> None:
    for words in _languages():
        assert words["source"]
        assert {*ORDER, "paying", "ended", "won", "lost", "headers"} <= words.keys()
    assert len(_languages()) == 12
    assert header_roles()["trangthaidonhang"] == "main"


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Hoàn thành", "done"),
        ("HOAN THANH", "done"),
        ("Đã huỷ", "void"),
        ("İPTAL EDİLDİ", "void"),
        ("ıptal", "void"),
        ("partially_refunded", "partly"),
        ("Storniert", "void"),
        ("キャンセル", "void"),
        ("배송완료", "done"),
        ("Zwrócone", "returned"),
        ("Đã hủy 12/03/2026", "void"),
        ("Paid (by card)", "done"),
        ("Cancelled - customer asked for a refund", "void"),
        ("Người mua xác nhận đã nhận được hàng nhưng vẫn có thể gửi yêu cầu Trả hàng", "done"),
        ("Paid back", None),
        ("Delivered - returned to sender", None),
        ("Đã giao (chưa thanh toán)", None),
        ("Completed half of it", None),
        ("RTO", None),
    ],
)
def test_a_word_of_an_order(word: str, meaning: str | None) -> None:
    assert meanings([word], ORDER).get(word) == meaning


def test_words_without_what_all_of_them_begin_with() -> None:
    assert meanings(["wc-completed"], ORDER) == {"wc-completed": "done"}
    assert meanings(["shop:paid", "shop:voided"], ORDER) == {
        "shop:paid": "done",
        "shop:voided": "void",
    }
    assert meanings(["not-paid", "not-delivered"], ORDER) == {"not-paid": "open"}
