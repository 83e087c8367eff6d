"""Vietnamese says all that English says, and nothing of it in English."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import pytest

from crm_kpi import catalogue
from crm_kpi.messages import LANGUAGES, texts
from crm_kpi.messages.vi import examples, fields, formulas, short_titles, summaries, titles
from crm_kpi.render.screen import cell_width
from crm_kpi.results import SHORT

from .elsewhere import english_elsewhere
from .vietnamese import english_words

BESIDES = ("speak.months", "speak.months_of_days")
"""Templates that no person reads as they are."""


def words(entry: str | Mapping[str, str]) -> str:
    return entry if isinstance(entry, str) else " ".join(entry.values())


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_text_lacks_and_none_is_left_over(language: str) -> None:
    there = texts(language).keys()
    wanted = texts("en").keys() | english_elsewhere()
    assert sorted(wanted - there) == []
    assert sorted(there - wanted) == []


def test_texts_are_composed() -> None:
    for key, entry in texts("vi").items():
        assert unicodedata.is_normalized("NFC", words(entry)), key


def test_no_text_has_english_words() -> None:
    found = {
        key: english
        for key, entry in texts("vi").items()
        if key not in BESIDES and (english := english_words(words(entry)))
    }
    assert found == {}


def test_an_english_word_is_found() -> None:
    assert english_words("không có nothing") == ["nothing"]
    assert english_words("khách trong kỳ: retention_rate, {nothing}") == []


@pytest.mark.parametrize("kpi_id", catalogue.ids())
def test_a_kpi_is_told_in_words(kpi_id: str) -> None:
    title, short = titles.TEXTS[f"titles.{kpi_id}"], short_titles.TEXTS[f"short_titles.{kpi_id}"]
    assert cell_width(str(short)) <= SHORT
    assert title != catalogue.entries()[kpi_id].title
    assert summaries.TEXTS[f"summaries.{kpi_id}"]
    kpi = catalogue.load(kpi_id)
    assert not getattr(kpi, "example", "") or examples.TEXTS[f"examples.{kpi_id}"]
    for key in kpi.definition.model_fields:
        assert {f"fields.{key}", f"fields.{kpi_id}.{key}"} & fields.TEXTS.keys(), key
    assert formulas.TEXTS


def test_titles_tell_kpis_apart() -> None:
    for room in (titles.TEXTS, summaries.TEXTS):
        assert len(set(map(str, room.values()))) == len(room)
