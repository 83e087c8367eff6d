"""The words of the template: it has no text of its own."""

from __future__ import annotations

from collections.abc import Mapping

from crm_kpi.messages import Message, text
from crm_kpi.render.speak import Speaker

_WORDS: Mapping[str, Message] = {
    "skip": text("page.skip"),
    "contents": text("page.contents"),
    "theme": text("page.theme"),
    "print": text("page.print"),
    "to_attention": text("page.to_attention"),
    "to_glance": text("page.to_glance"),
    "to_rows": text("page.read"),
    "to_numbers": text("page.to_numbers"),
    "to_definitions": text("page.to_definitions"),
    "attention": text("render.attention"),
    "good_to_know": text("render.good_to_know"),
    "nothing": text("page.nothing"),
    "nothing_known": text("page.nothing_known"),
    "goals": text("check.heading"),
    "glance": text("page.glance"),
    "formula": text("page.formula"),
    "definition": text("page.definition"),
    "components": text("page.components"),
    "note": text("page.note"),
    "past": text("page.past"),
    "numbers": text("page.numbers"),
    "numbers_sub": text("page.numbers_sub"),
    "kpi": text("page.kpi"),
    "value": text("page.value"),
    "period": text("page.period"),
    "change": text("page.change"),
    "goal": text("page.goal_column"),
    "interval": text("render.interval"),
    "n": text("render.n"),
    "trend": text("page.trend"),
    "definitions": text("page.definitions"),
    "benchmark": text("page.benchmark"),
    "drivers": text("page.drivers"),
    "not_computed": text("render.not_computed"),
    "rows": text("page.rows"),
    "rows_sub": text("page.rows_sub"),
    "table": text("page.table"),
    "file": text("page.file"),
    "read": text("page.read"),
    "used": text("page.used"),
    "rejected": text("page.rejected"),
    "duplicates": text("page.duplicates"),
    "excluded": text("page.excluded"),
    "future": text("page.future"),
    "reasons": text("page.reasons"),
    "reasons_sub": text("page.reasons_sub"),
    "reason": text("page.reason"),
    "line": text("page.line"),
    "column": text("page.column"),
    "cell": text("page.cell"),
}


def words(speaker: Speaker) -> dict[str, str]:
    """Each of them in a language, by the name that the template has for it."""
    return {name: speaker.say(message) for name, message in _WORDS.items()}
