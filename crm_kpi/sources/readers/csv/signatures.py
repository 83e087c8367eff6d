"""Who has made and signed a report: the block at its end, which holds no row.

    Hà Nội, ngày 31 tháng 01 năm 2026
    Người lập biểu      Kế toán trưởng      Giám đốc
    (Ký, họ tên)        (Ký, họ tên)        (Ký, họ tên)
    Nguyễn Thị A        Trần Văn B          Lê C

It begins where every cell of a line says who signs, or where and when: a row of a director's has
other cells too. Below that no cell is a number or a date, one of which most rows have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from crm_kpi.sources.unicode import normalized

_WORDS = Path(__file__).parent / "words" / "signatures.json"
_LONGEST = 80
_PLACE = re.compile(
    r"(?:[^\d\n]*,)?\s*ngày\s*[\d.…_]+\s*tháng\s*[\d.…_]+\s*năm\s*[\d.…_]+|date\s*:?\s*[._…]{3,}"
    r"|\(?số tiền bằng chữ.*|bằng chữ\s*:.*|\(?amount in words.*"
)
_VALUE = re.compile(r"[-+(]?[^\w\s]{0,3}\s*\d[\d\s.,:/%+'TZ-]*(?:[^\W\d_]{1,3}|[^\w\s]{1,3})?\)?")
"""A number or a date, as rows have one."""


@cache
def _words() -> re.Pattern[str]:
    words = json.loads(_WORDS.read_text("utf-8"))["words"]
    either = "|".join(re.escape(normalized("NFC", word).casefold()) for word in words)
    return re.compile(rf"[\W_]*(?:{either})")


def first_of_block(tail: Sequence[Sequence[str]]) -> int:
    """Which of the last records begins the block; their number where there is none.

    >>> first_of_block([["A1", "2024-01-02"], ["", ""], ["Prepared by", "Approved by"]])
    2
    >>> first_of_block([["KH1", "Giám đốc"]])
    1
    """
    begin = len(tail)
    for at in range(len(tail) - 1, -1, -1):
        cells = [cell for cell in tail[at] if cell]
        if any(map(_VALUE.fullmatch, cells)):
            break
        if cells and all(map(_signs, cells)):
            begin = at
    return begin


def _signs(cell: str) -> bool:
    text = normalized("NFC", cell).casefold().strip()
    if _PLACE.fullmatch(text):
        return True
    return len(text) <= _LONGEST and _words().match(text) is not None
