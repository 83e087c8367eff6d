"""What stands below a table and is no row of it: totals, the number of records, who made it.

A row of a customer must never be taken for such a line. So it is looked for at the end alone,
from the last record upwards, and needs evidence: a total has a word for it in its first cell
and nothing but numbers beside it, with every id and date empty, so no metric could count it;
a statement is a sentence alone in its record; a block of signatures is known by who signs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from crm_kpi.sources.readers.csv.signatures import first_of_block
from crm_kpi.sources.readers.csv.total_lines import is_label, is_sure
from crm_kpi.sources.unicode import normalized

NumberedRecord = tuple[int, Sequence[str]]
"""Row, and its fields."""

MOST = 60
"""Records at the end that are looked at."""
LONGEST = 4 << 10
"""Bytes of a record that may be a footer."""

_COUNT = r"\(?\d[\d.,]*+ (?:records?|rows?|row\(s\)|items?|bản ghi|dòng|mục)(?: affected)?\)?"
_NUMBER = r"[-+(]?\s*+[^\w\s]{0,3}\s*+\d[\d.,' \u00a0]*+\s*+(?:%|[^\W\d_]{1,3}|[^\w\s]{1,3})?\)?"
_TOTAL = re.compile(
    r"(?:(?:grand |sub)?totals?(?: amount| sales| revenue)?|sum|count|average"
    r"|tổng(?: cộng| số| kết| tiền| doanh thu)?|cộng|trung bình)"
    rf"\s*+(?::\s*+)?(?:\([^()]*\)|{_COUNT}|{_NUMBER})?|{_COUNT}"
)
_STATEMENT = re.compile(
    r"confidential information|copyright\b|©|\(c\) \d{4}|generated (?:by|on|at|from)\b"
    r"|exported (?:by|on|at|from)\b|report generated|created by\b|printed (?:by|on)\b"
    r"|người lập|người xuất|người in|ngày in\b|ngày xuất|xuất (?:ngày|lúc|bởi|từ)|in (?:ngày|lúc)"
    r"|ghi chú:|đơn vị tính:|nguồn:"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_AMOUNT = re.compile(_NUMBER)


def footers(tail: Sequence[NumberedRecord], width: int, keys: Collection[int]) -> dict[int, str]:
    """Row: what it says, for the records of `tail` that are no rows.

    `tail` are the last records with their fields; `width` is the header's; `keys` are the
    positions of ids and dates.

    >>> footers([(7, ["A1", "2024-01-02", "5"]), (8, ["Total", "", "5"])], 3, {0, 1})
    {8: 'Total'}
    """
    texts: dict[int, str] = {}
    if width > 1:
        begin = first_of_block([cells for _, cells in tail])
        for row, cells in tail[begin:]:
            if any(cells):
                texts[row] = next(filter(None, cells))
        tail = tail[:begin]
    groups = _groups(tail) if width > 1 else []
    while groups:
        group = groups.pop()
        if groups and _is_colophon(group):
            texts |= {row: cells[0] for row, cells in group}
            continue
        for row, cells in reversed(group):
            first = next(place for place, cell in enumerate(cells) if cell)
            text = normalized("NFC", cells[first]).casefold()
            if not (_is_total(text, cells, first, keys) or _is_statement(text, cells, width)):
                return dict(sorted(texts.items()))
            texts[row] = cells[first]
    return dict(sorted(texts.items()))


def _groups(tail: Sequence[NumberedRecord]) -> list[list[NumberedRecord]]:
    """The records between empty ones; the first group may have more above it."""
    groups: list[list[NumberedRecord]] = [[]]
    for record in tail:
        if any(record[1]):
            groups[-1].append(record)
        elif groups[-1]:
            groups.append([])
    return groups if groups[-1] else groups[:-1]


def _is_colophon(group: Sequence[NumberedRecord]) -> bool:
    """Whether lines below an empty one have one field each, and one of them is a sentence: a
    field alone might be all that is left of a row."""
    single = all(len(cells) == 1 for _, cells in group)
    return single and any(len(_WORD.findall(cells[0])) > 1 for _, cells in group)


def _is_total(text: str, cells: Sequence[str], first: int, keys: Collection[int]) -> bool:
    if not (_TOTAL.fullmatch(text) or (is_label(text) and is_sure(text))) or (
        not keys and len(cells) > 1
    ):
        return False
    if any(cells[key] for key in keys if key != first and key < len(cells)):
        return False
    return all(not cell or _AMOUNT.fullmatch(cell) for cell in cells[first + 1 :])


def _is_statement(text: str, cells: Sequence[str], width: int) -> bool:
    alone = sum(map(bool, cells)) == 1
    return (alone or len(cells) < width) and _STATEMENT.match(text) is not None
