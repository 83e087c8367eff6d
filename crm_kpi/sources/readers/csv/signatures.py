"""Who has made and signed a report: the block at its end, which holds no row.

    Hà Nội, ngày 31 tháng 01 năm 2026
    Người lập biểu      Kế toán trưởng      Giám đốc
    (Ký, họ tên)        (Ký, họ tên)        (Ký, họ tên)
    Nguyễn Thị A        Trần Văn B          Lê C

It begins where every cell of a line says who signs, or where and when: a row of a director's has
other cells too. Below that no cell beside others has a digit, as rows have in numbers, days, ids.
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
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{3,}")


@cache
def _words() -> re.Pattern[str]:
    content = json.loads(_WORDS.read_text("utf-8"))
    first, alone = (
        "|".join(re.escape(normalized("NFC", word).casefold()) for word in content[kind])
        for kind in ("words", "alone")
    )
    return re.compile(rf"[\W_]*(?:{first}|(?:{alone})[\W_]*\Z)")


def first_of_block(tail: Sequence[Sequence[str]]) -> int:
    """Which of the last records begins the block; their number where there is none.

    >>> first_of_block([["A1", "2024-01-02"], ["", ""], ["Prepared by", "Approved by"]])
    2
    >>> first_of_block([["KH1", "Giám đốc"]]), first_of_block([["Firma Beck", ""], ["C2", "5 Feb"]])
    (1, 2)
    """
    begin = len(tail)
    for at in range(len(tail) - 1, -1, -1):
        cells = [cell for cell in tail[at] if cell]
        sentence = len(cells) == 1 and _WORD.search(cells[0])  # `Printed on 2026-01-31`
        if not sentence and any(_DIGIT.search(cell) and not _signs(cell) for cell in cells):
            break
        if cells and all(map(_signs, cells)):
            begin = at
    return begin


def _signs(cell: str) -> bool:
    text = normalized("NFC", cell).casefold().strip()
    if _PLACE.fullmatch(text):
        return True
    return len(text) <= _LONGEST and _words().match(text) is not None
