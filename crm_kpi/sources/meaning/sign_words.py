"""The sign of an amount where a column of its own says it: CR or DR, S or H, Nợ or Có.

A credit is sold, a debit is taken off it; among costs a debit is spent, a credit comes back. It is
proved where all words of the column are known, and asked where they are not, or where the amounts
come to less than nothing: then the books may be those of the other side.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, first_of, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.status_told import WordTally, adds_up
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.text_ops import plain
from crm_kpi.sources.spec import ReadOptions

DEBIT, CREDIT = "debit", "credit"
TAKEN_OFF: Mapping[str, str] = {"transactions": DEBIT, "costs": CREDIT}
"""Table: the side of which amounts are subtracted."""

_KIND, _SALE, _REFUND = "kind", "sale", "refund"
_TYPES = frozenset(map(key, ("type", "transaction type", "entry type", "loại", "loại giao dịch",
                             "art", "buchungsart", "typ", "tipo", "kiểu")))  # fmt: skip
"""Headers of columns that may say anything."""
_SIDES = (DEBIT, CREDIT)
_KNOWN = 0.5
"""Share of rows whose word is known, from which a column is one of signs."""
_SHOWN = 3


@cache
def listed(name: str) -> Any:
    """An entry of the list of words."""
    path = Path(__file__).parent / "words" / "signs.json"
    return json.loads(path.read_text("utf-8"))[name]


def _folded(word: str) -> str:
    return key(word) or word.strip()


@cache
def _sides(*names: str) -> Mapping[str, str]:
    """What is compared of a word: its side."""
    return {
        _folded(word): side
        for name in names
        for pair in listed(name)
        for word, side in zip(pair, _SIDES, strict=True)
    }


class SignWords(Question):
    """Which amounts are subtracted, by words in a column of their own."""

    name = "signs"
    title = text("meaning.sign_words")
    tables = frozenset(TAKEN_OFF)
    in_parts = True
    in_all_files = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.header = next(iter(self.asked), "")
        self.taken_off = TAKEN_OFF[block.table.name]
        self.rows_of: Counter[str | None] = Counter()
        self.signed: dict[str | None, Decimal] = {}
        self.side_of: dict[str, str] = {}
        self.declared: set[str] = set()
        self.has_signs: bool | None = None

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        wanted = {key(header) for header in listed("headers")}
        own = [h for h in view.headers if key(h) in wanted]
        likely = own or [h for h in view.headers if key(h) in _TYPES]
        return HeaderAnswer(reads=tuple(likely) if len(likely) == 1 else ())

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for header in cls.headers(view).reads:
            few = words(header) if header in view.headers else None
            if few and _is_of_signs(header, few):
                return text("meaning.signs_in_place", column=header)
        return None

    def before_cast(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A column of signs that was taken for the kind of each row is none."""
        column = frame.get_column(_KIND, default=None)
        same = self.header in self.block.headers(_KIND) and _KIND not in self.block.spec.columns
        if column is None or not same or column.dtype != pl.String:
            return frame
        few = words(column)
        if not few or not _is_of_signs(self.header, few) or self._declared(few):
            return frame
        return frame.with_columns(pl.lit(None, pl.String).alias(_KIND))

    def _declared(self, few: Iterable[str]) -> dict[str, str]:
        """Word: its side, where `values: {kind: …}` says so."""
        other = CREDIT if self.taken_off == DEBIT else DEBIT
        sides = {_SALE: other, _REFUND: self.taken_off}
        values = self.block.spec.values.get(_KIND, {})
        said = {
            plain(word).casefold(): sides[kind] for word, kind in values.items() if kind in sides
        }
        return {word: said[folded] for word in few if (folded := plain(word).casefold()) in said}

    def rows(self, rows: BlockRows) -> None:
        column = rows.text(self.header)
        amount = rows.column("amount")
        few = words(column) if column is not None else None
        if column is None or amount is None or not few:
            return
        declared = self._declared(few)
        mapped = self.header in self.block.headers(_KIND)
        if (mapped and declared) or not (declared or _is_of_signs(self.header, few)):
            return
        known = _sides("pairs", "words")
        sides = {word: known[_folded(word)] for word in few if _folded(word) in known} | declared
        side = column.replace_strict(sides, default=None, return_dtype=pl.String)
        if not declared and side.count() < _KNOWN * len(side):
            return
        self.side_of |= sides
        self.declared |= declared.keys()
        less = (side == self.taken_off).fill_null(value=False)
        if not less.any() and side.is_not_null().all():
            return
        self._need_one_way(
            rows, bool(((amount < 0) & less).any() and not ((amount > 0) & less).any())
        )
        if not self.has_signs:
            amount = amount.zip_with(~less, -amount)
            rows.frame = rows.frame.with_columns(amount.alias("amount"))
        counts = (
            pl.DataFrame({"word": column, "amount": amount})
            .group_by("word")
            .agg(pl.len().alias("rows"), pl.col("amount").sum())
        )
        for word, count, total in counts.iter_rows():
            self.rows_of[word] += count
            self.signed[word] = self.signed.get(word, Decimal()) + (total or 0)

    def _need_one_way(self, rows: BlockRows, signs: bool) -> None:
        """Amounts have their signs in all rows, or in none."""
        if self.has_signs is not None and signs != self.has_signs:
            raise UsageError(
                text("meaning.sees_all_rows", question=self.title),
                hint=text("loading.raise_memory"),
            )
        self.has_signs = signs

    def readings(self) -> Iterable[Reading]:
        if not self.rows_of:
            return
        of_side = {side: [w for w in self.rows_of if self.side_of.get(w or "") == side]
                   for side in _SIDES}  # fmt: skip
        unknown = [word for word in self.rows_of if (word or "") not in self.side_of]
        less = of_side[self.taken_off]
        count = sum(self.rows_of[word] for word in less)
        shown = first_of(
            (repr(word) for word in sorted(map(str, less))[:_SHOWN]), len(less) - _SHOWN
        )
        why = text("meaning.signs_known", words=shown, count=count)
        if self.has_signs:
            if not unknown:
                yield Reading(self.header, text("meaning.signs_there"), How.PROVED, why, count)
            return
        short = text("meaning.signs_short", column=self.header, words=shown, count=count)
        total = sum(self.signed.values(), Decimal())
        taken = text("meaning.signs_taken")
        if unknown and self.block.table.name == "transactions":
            yield self._ask_words(unknown, total)
        if total < 0 and not self.declared and self.block.table.name == "transactions":
            yield self._ask_side(of_side, total, why)
            return
        how = How.DECLARED if self.declared else How.CONVENTIONAL if unknown else How.PROVED
        yield Reading(self.header, taken, how, why, count, short=short)

    def _ask_words(self, unknown: Sequence[str | None], total: Decimal) -> Reading:
        there = sorted(word or "" for word in unknown)
        theirs = sum((self.signed[word] for word in unknown), Decimal())
        outcomes = (
            self._outcome(text("meaning.added"), dict.fromkeys(there, _SALE), total),
            self._outcome(
                text("meaning.subtracted"), dict.fromkeys(there, _REFUND), total - 2 * theirs
            ),
        )
        named = first_of((repr(word) for word in there[:_SHOWN]), len(there) - _SHOWN)
        why = text("meaning.unknown_signs", words=named)
        count = sum(self.rows_of[word] for word in unknown)
        return Reading(self.header, outcomes[0].what, How.OPEN, why, count, outcomes)

    def _ask_side(
        self, of_side: Mapping[str, Sequence[str | None]], total: Decimal, why: Message
    ) -> Reading:
        """Nobody sells less than nothing: the books may be those of what customers owe."""

        def kinds(less: str) -> dict[str, str]:
            sides = ((word, side) for side in _SIDES for word in of_side[side])
            return {str(word): _REFUND if side == less else _SALE for word, side in sides}

        other = CREDIT if self.taken_off == DEBIT else DEBIT
        unknown = sum(
            (self.signed[w] for w in self.rows_of if (w or "") not in self.side_of), Decimal()
        )
        outcomes = (
            self._outcome(text("meaning.debits_subtracted"), kinds(self.taken_off), total),
            self._outcome(text("meaning.credits_subtracted"), kinds(other), 2 * unknown - total),
        )
        count = sum(self.rows_of.values())
        return Reading(self.header, outcomes[0].what, How.OPEN, why, count, outcomes)

    def _outcome(self, what: Message, kinds: Mapping[str, str], total: Decimal) -> Outcome:
        option = f"sources.{self.block.table.name}.values.{_KIND}"
        value = json.dumps(kinds, ensure_ascii=False)
        return Outcome(what, option, value, adds_up(WordTally(total=total)))


def _is_of_signs(header: str, few: Sequence[str]) -> bool:
    """Whether words can be those of signs: under a header that may say anything, one pair alone
    that means nothing else; of letters those of one pair, which a header of letters names."""
    folded = {_folded(word) for word in few}
    if key(header) in _TYPES:
        pairs = (set(map(_folded, pair)) for pair in listed("pairs"))
        return any(folded == pair for pair in pairs)
    known = folded & _sides("pairs", "words").keys()
    letters = {word for word in known if len(word) == 1 and word.isalpha()}
    if known != letters:
        return True
    name = key(header)
    pairs = (set(map(_folded, pair)) for kind in ("pairs", "words") for pair in listed(kind))
    return bool(letters) and any(
        letters <= pair and (len(name) != len(pair) or pair == set(name)) for pair in pairs
    )
