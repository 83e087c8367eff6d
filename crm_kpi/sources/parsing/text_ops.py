"""Small things that are done to columns of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from crm_kpi import messages
from crm_kpi.messages import Message, joined
from crm_kpi.sources.rejects import RowPlace
from crm_kpi.sources.unicode import normalized

MISSING = r"(?i)\A(?:|-|n/a|na|null|none|#n/a)\z"
"""What means empty in a column of dates or numbers."""


def stripped(text: pl.Series) -> pl.Series:
    """Text without outer blanks; nothing left is null. Usually that is the text as it was."""
    # Chunk by chunk, so that no second copy of a long column is made only to be compared.
    if not any(map(_is_padded, text.get_chunks())):
        return text
    bare = text.str.strip_chars()
    return bare.set((bare == "").fill_null(False), None)


def _is_padded(text: pl.Series) -> bool:
    length, bare = text.str.len_bytes(), text.str.strip_chars().str.len_bytes()
    return length.sum() != bare.sum() or length.min() == 0


def tidy(text: pl.Series) -> pl.Series:
    """Text of dates or numbers without outer blanks; the words for missing are null."""
    text = text.str.strip_chars()
    return text.set(text.str.contains(MISSING).fill_null(False), None)


def mapped(text: pl.Series, mean: Callable[[str], str | None]) -> pl.Series:
    """Each text replaced by what it means; its distinct values are looked at once each."""
    few = text.unique().drop_nulls()
    meant = [mean(value) for value in few]
    if meant == few.to_list():
        return text
    return text.replace_strict(few, pl.Series(meant, dtype=pl.String), default=None)


def plain(text: str) -> str:
    """Text as it is compared: composed letters, no outer blanks."""
    return normalized("NFC", text).strip()


def in_our_words(
    text: pl.Series,
    values: Mapping[str, str],
    missing: Iterable[str] | None,
    known: Callable[[str], bool] = lambda word: False,
) -> pl.Series:
    """After `values:` (their word: ours, whatever the case if no word is written so; `*` for any
    other that is not `known`) and a declared `missing:`; the text itself without them."""
    words = {plain(source_word): word for source_word, word in values.items()}
    folded = {source_word.casefold(): word for source_word, word in words.items()}
    empty = {plain(word) for word in missing or ()}
    if not words and not empty:
        return text

    def mean(cell: str) -> str | None:
        word = plain(cell)
        if word:
            other = word if known(word) else words.get("*", word)
            word = words.get(word, folded.get(word.casefold(), other))
        return None if word in empty or not word else word

    return mapped(text, mean)


def first_of(
    parts: Sequence[pl.Series], height: int, dtype: pl.DataType | type[pl.DataType]
) -> pl.Series:
    """The first value of each row that is there; all null without parts."""
    if not parts:
        return pl.repeat(None, height, dtype=dtype, eager=True)
    first, *others = parts
    for other in others:
        first = first.zip_with(first.is_not_null(), other)
    return first


def first_true(mask: pl.Series) -> int | None:
    """The position of the first true value."""
    position = mask.arg_max()
    return position if position is not None and mask[position] else None


def with_places(text: pl.Series, rows: Iterable[int], place: RowPlace) -> Message:
    """Some cells of a column as a message shows them: each with its file and line."""
    cells = []
    for row in rows:
        path, line = place(row)
        cells.append(messages.text("parsing.cell_at", cell=text[row], path=path, line=line))
    return joined(cells, messages.text("general.and"))
