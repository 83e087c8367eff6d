"""Which rows are refunds: by words of their kind in twelve languages, or by the header of amounts.

A refund is subtracted, whatever its sign; `checks.corrections` turns it and says so. A column that
nobody mapped is the kind where its header is that of a kind and one of its words is a refund.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import polars as pl

from crm_kpi.messages import Message, first_of, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.interval_words import tokens
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.recurring_amounts import has, has_any
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.columns import choice_words
from crm_kpi.sources.parsing.text_ops import plain
from crm_kpi.sources.spec import DerivedColumn, ReadOptions
from crm_kpi.tables import TABLES, TRANSACTION_KINDS

KIND, REFUND, SALE = "kind", "refund", "sale"
_WORDS = Path(__file__).parent / "words" / "kinds.json"


@cache
def _keys(name: str) -> frozenset[str]:
    return frozenset(map(key, json.loads(_WORDS.read_text("utf-8"))[name]))


def _rank(header: str) -> int:
    """Where a header stands among those of refunds, the likeliest first."""
    listed = json.loads(_WORDS.read_text("utf-8"))["refund_amounts"]
    return [*map(key, listed)].index(key(header))


@cache
def _kinds() -> Mapping[str, str]:
    """Key of a word: the kind of ours that it means."""
    theirs = {folded: kind for kind in (SALE, REFUND) for folded in _keys(kind)}
    return theirs | choice_words(TABLES["transactions"][KIND])


@cache
def _within() -> tuple[tuple[str, ...], ...]:
    """Words that mean a refund among others, as in `Sales Credit Note`."""
    return tuple(map(tokens, json.loads(_WORDS.read_text("utf-8"))["refund_within"]))


def _kind_of(word: str) -> str:
    """The kind of ours that a word means; empty where nobody knows it."""
    known = _kinds().get(key(word))
    if known is not None:
        return known
    parts = tokens(word)
    refund = any(
        parts[at : at + len(phrase)] == phrase
        for phrase in _within()
        for at in range(len(parts) - len(phrase) + 1)
    )
    return REFUND if refund else ""


class Refunds(Question):
    """Which rows are refunds."""

    name = "refunds"
    title = text("meaning.refunds")
    tables = frozenset({"transactions"})
    in_parts = True
    in_all_files = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.header = ""
        self.kinds: dict[str, str] = {}
        self.count = 0
        self.of_header = _by_amount(block)
        if self.of_header:
            for part in block.parts:
                part.has.setdefault(KIND, part.has["amount"])

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        paid_back = [h for h in view.headers if key(h) in _keys("refund_amounts")]
        if paid_back and not has_any(view, "amount"):
            return HeaderAnswer(columns={"amount": min(paid_back, key=_rank)})
        if KIND in view.spec.constants or has(view, KIND):
            return HeaderAnswer(looks_at=() if KIND in view.spec.constants else (KIND,))
        taken = _taken(view)
        likely = [h for h in view.headers if key(h) in _keys("headers") and key(h) not in taken]
        return HeaderAnswer(reads=tuple(likely) if len(likely) == 1 else ())

    @classmethod
    def concerns(cls, block: MappedBlock, options: ReadOptions) -> bool:
        return super().concerns(block, options) or _by_amount(block)

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for header in cls.headers(view).reads:
            if header in view.headers and _refunds(words(header) or ()):
                return text("meaning.refunds_in_place", column=header)
        return None

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Words of a column that is mapped, in our words."""
        column = frame.get_column(KIND, default=None)
        few = words(column) if column is not None and column.dtype == pl.String else None
        if column is None or not few:
            return frame
        declared = {plain(word).casefold() for word in self.block.spec.values.get(KIND, {})}
        known = {
            word: kind
            for word in few
            if plain(word).casefold() not in declared
            and (kind := _kind_of(word))
            and word not in TRANSACTION_KINDS
        }
        return frame.with_columns(column.replace(known).alias(KIND)) if known else frame

    def rows(self, rows: BlockRows) -> None:
        if self.of_header:
            refund = pl.lit(REFUND, pl.Enum(TRANSACTION_KINDS))
            rows.frame = rows.frame.with_columns(refund.alias(KIND))
            self.count += rows.frame.height
            return
        if any(KIND in part.has for part in self.block.parts):
            return
        header = next(iter(self.asked), "")
        column = rows.text(header) if header else None
        few = words(column) if column is not None else None
        if column is None or not few or not _refunds(few):
            return
        self.header = header
        self.kinds = {word: _kind_of(word) for word in few}
        kind = column.replace_strict(
            {word: kind or SALE for word, kind in self.kinds.items()},
            default=SALE,
            return_dtype=pl.String,
        )
        rows.make(KIND, header)
        rows.frame = rows.frame.with_columns(kind.cast(pl.Enum(TRANSACTION_KINDS)).alias(KIND))
        self.count += int((rows.frame[KIND] == REFUND).sum())

    def readings(self) -> Iterable[Reading]:
        if self.of_header:
            header = self.block.headers("amount")[0]
            yield Reading(
                header,
                text("meaning.all_refunds"),
                How.CONVENTIONAL,
                text("meaning.header_says"),
                self.count,
                short=text("meaning.all_refunds_short", column=header),
            )
        elif self.header:
            unknown = [word for word, kind in self.kinds.items() if not kind]
            refunds = [word for word, kind in self.kinds.items() if kind == REFUND]
            yield Reading(
                self.header,
                text("meaning.kind_of_rows"),
                How.CONVENTIONAL if unknown else How.PROVED,
                text(
                    "meaning.refund_words", words=first_of(map(repr, refunds[:3]), len(refunds) - 3)
                ),
                self.count,
                short=text("meaning.kind_from", column=self.header),
            )


def _refunds(few: Iterable[str]) -> bool:
    return any(_kind_of(word) == REFUND for word in few)


def _by_amount(block: MappedBlock) -> bool:
    """Whether the header of the amounts says that they are paid back, and no column says more."""
    if any(KIND in part.has for part in block.parts) or "amount" in block.derived:
        return False
    headers = block.headers("amount")
    return bool(headers) and all(key(header) in _keys("refund_amounts") for header in headers)


def _taken(view: HeaderView) -> set[str]:
    taken: set[str] = set()
    for source in view.spec.columns.values():
        if isinstance(source, DerivedColumn):
            taken |= {key(name) for name in source.headers}
        elif not isinstance(source, int):
            taken |= {key(name) for name in ((source,) if isinstance(source, str) else source)}
    return taken
