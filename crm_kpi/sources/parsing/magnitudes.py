"""Words that multiply: `25k`, `1,2 triệu`, and what stands in a header such as `(nghìn đồng)`.

The words stand in `words/magnitudes.json`, with their source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from crm_kpi.sources.unicode import normalized

_FILE = Path(__file__).parent / "words" / "magnitudes.json"


@cache
def _content() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return content


@cache
def factors() -> Mapping[str, int]:
    """Each word in small letters: by what it multiplies."""
    return {
        normalized("NFC", word): int(factor)
        for factor, words in _content()["words"].items()
        for word in words
    }


@cache
def of_values() -> Mapping[str, int]:
    """Those that stand behind a number: `2.3M` is two million three hundred thousand, while `mil`
    is a thousand in one language and a million in another."""
    no_values = frozenset(_content()["in_headers_alone"])
    return {word: factor for word, factor in factors().items() if word not in no_values}


@cache
def grouping() -> frozenset[str]:
    """Words of a thousand before which a sign and three digits part thousands: `1,250k`."""
    return frozenset(_content()["thousands_by_groups"])
