"""Customers who are nobody in particular: walk-ins, guests, and ids that say there is none.

What is bought under such an id counts in revenue and orders, and in no KPI of customers; else it
would be the most loyal customer of all. In a list of customers its row is none.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence

import polars as pl

from crm_kpi.errors import UsageError
from crm_kpi.messages import Message, first_of, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping import headers as known_headers
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning import walk_in_words
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import (
    BlockRows,
    ColumnValues,
    HeaderView,
    Question,
)
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.text_ops import plain
from crm_kpi.sources.spec import DerivedColumn, ReadOptions
from crm_kpi.tables import TABLES

MUCH = 0.2
"""Share of all orders, from which a word that may be a surname is nobody's name."""
MANY_TIMES = 5
"""So many times the orders of the next id has a `0` that is nobody's."""

_SHOWN = 3
_CUSTOMER = "customer_id"
_NAMES, _CONTACTS = ("name",), ("email", "phone")
_OF_NOBODY = frozenset(TABLES) - {"subscriptions", "costs", "stage_changes"}
"""Tables whose rows may be nobody's."""


class WalkIns(Question):
    """Which customers are nobody in particular."""

    name = "walk_in"
    title = text("meaning.walk_ins")
    tables = _OF_NOBODY
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.declared = block.spec.walk_in
        self.beside = [name for name in self.asked if name != _CUSTOMER]
        self.tallies: dict[How, Counter[str]] = {}

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        mapped = _CUSTOMER in view.spec.columns
        there = mapped or known_headers.matches(view.table, _CUSTOMER, view.headers)
        if not there or _CUSTOMER in view.spec.constants or view.spec.walk_in == ():
            return HeaderAnswer()
        beside = _names_beside(view) if view.table.name == "transactions" else []
        return HeaderAnswer(reads=tuple(beside), looks_at=(_CUSTOMER,))

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        header = str(view.spec.columns.get(_CUSTOMER, _CUSTOMER))
        if view.spec.walk_in or words.like(header, walk_in_words.as_pattern()):
            return text("meaning.walk_ins_in_place", column=header)
        return None

    def rows(self, rows: BlockRows) -> None:
        ids = rows.column(_CUSTOMER)
        if ids is None or ids.dtype != pl.String:
            return
        if self.declared is not None:
            kinds = {How.DECLARED: self._declared(ids, self.declared)}
        else:
            may_be = walk_in_words.may_be(ids)
            by_word = set(filter(walk_in_words.is_no_id, walk_in_words.few(may_be)))
            zeros = set(may_be.filter(may_be.str.contains(walk_in_words.ZERO)))
            by_rows = self._nobodies(zeros, rows, by_word) | self._named(ids, rows)
            kinds = {How.CONVENTIONAL: by_word, How.PROVED: by_rows - by_word}
        for how, nobodies in kinds.items():
            if nobodies:
                self._take(rows, how, sorted(nobodies))

    def _take(self, rows: BlockRows, kind: How, nobodies: Sequence[str]) -> None:
        mask = rows.frame[_CUSTOMER].is_in(nobodies).fill_null(value=False)
        counts = rows.frame[_CUSTOMER].filter(mask).value_counts()
        self.tallies.setdefault(kind, Counter()).update(dict(counts.iter_rows()))
        if self.block.table.name == "customers":
            rows.leave_out(mask, self.name, _left_out, rows.frame[_CUSTOMER])
        else:
            without = rows.frame[_CUSTOMER].set(mask, None)
            rows.frame = rows.frame.with_columns(without)

    def _declared(self, ids: pl.Series, declared: Iterable[str]) -> set[str]:
        """
        Raises:
            UsageError: no row has a word that is declared, and some have one that is nearly it.
        """
        wanted = {plain(word).casefold(): word for word in declared}
        there = ids.unique().drop_nulls().to_list()
        hits = {word for word in there if plain(word).casefold() in wanted}
        few = words(ids)
        for folded in wanted.keys() - {plain(word).casefold() for word in hits}:
            near = difflib.get_close_matches(wanted[folded], few or (), n=3, cutoff=0.75)
            if near and not hits:
                option = f"sources.{self.block.table.name}.walk_in"
                raise UsageError(
                    text("meaning.no_such_walk_in", option=option, word=wanted[folded]),
                    hint=text("meaning.ids_like_it", ids=first_of(near, 0)),
                )
        return hits

    def _nobodies(self, zeros: set[str], rows: BlockRows, nobodies: set[str]) -> set[str]:
        """Ids of zeros alone, where more is sold than to any customer, or to several people."""
        if not zeros or self.block.table.name == "customers":
            return set()
        self._need_all(rows)
        orders = _orders(rows)
        others = orders.filter(~orders[_CUSTOMER].is_in([*zeros, *nobodies]))["orders"]
        most = others.max()
        next_one = most if isinstance(most, int) else 0
        counts = dict(orders.select(_CUSTOMER, "orders").iter_rows())
        return {
            zero
            for zero in zeros
            if counts.get(zero, 0) >= MANY_TIMES * max(next_one, 1)
            or self._is_several_people(rows, rows.frame[_CUSTOMER] == zero)
        }

    def _is_several_people(self, rows: BlockRows, mask: pl.Series) -> bool:
        columns = (rows.text(header) for header in self.beside)
        people = (c.filter(mask.fill_null(value=False)) for c in columns if c is not None)
        return any(column.drop_nulls().n_unique() > 1 for column in people)

    def _named(self, ids: pl.Series, rows: BlockRows) -> set[str]:
        """Ids most of whose rows have the name of nobody."""
        found: set[str] = set()
        for header in self.beside:
            names = rows.text(header)
            if names is None or not _is_name(header):
                continue
            few = walk_in_words.few(names)
            sure = [name for name in few if walk_in_words.is_nobody(name)]
            likely = [name for name in few if walk_in_words.is_no_id(name) and key(name)]
            if not likely:
                continue
            self._need_all(rows)
            marked = pl.DataFrame(
                {
                    _CUSTOMER: ids,
                    "sure": names.is_in(sure).fill_null(value=False),
                    "likely": names.is_in(likely).fill_null(value=False),
                }
            )
            shares = marked.drop_nulls(_CUSTOMER).group_by(_CUSTOMER).agg(pl.all().mean())
            shares = shares.join(_orders(rows), on=_CUSTOMER)
            much = pl.col("orders") >= MUCH * pl.col("orders").sum()
            nobody = (pl.col("sure") > 0.5) | (much & (pl.col("likely") > 0.5))
            found |= set(shares.filter(nobody)[_CUSTOMER])
        return found

    def _need_all(self, rows: BlockRows) -> None:
        if not rows.whole:
            raise UsageError(
                text("meaning.sees_all_rows", question=self.title),
                hint=text("loading.raise_memory"),
            )

    def readings(self) -> Iterable[Reading]:
        header = next(iter(self.block.headers(_CUSTOMER)), _CUSTOMER)
        for how, counts in self.tallies.items():
            total = counts.total()
            most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
            shown = [text("meaning.word_on_rows", word=w, count=count) for w, count in most]
            evidence = first_of(shown, len(counts) - _SHOWN)
            names = first_of([w for w, _ in most], len(counts) - _SHOWN)
            told = self.block.table.name == "customers"  # among what is left out
            short = None if told else text("meaning.walk_ins_short", count=total, words=names)
            yield Reading(header, text("meaning.no_customer"), how, evidence, total, short=short)


def _left_out(count: int, words: Message) -> tuple[Message, Message]:
    return (
        text("meaning.left_walk_ins", count=count, words=words),
        text("meaning.walk_in_customers", count=count, words=words),
    )


def _orders(rows: BlockRows) -> pl.DataFrame:
    """How many orders each id has; rows, where orders have no ids."""
    order = "transaction_id"
    frame = rows.frame.drop_nulls(_CUSTOMER)
    number = pl.col(order).n_unique() if order in frame.columns else pl.len()
    return frame.group_by(_CUSTOMER).agg(orders=number.cast(pl.Int64))


def _names_beside(view: HeaderView) -> list[str]:
    """Headers of a customer's name, address and telephone that are no column of ours."""
    taken = {key(header) for header in _mapped(view)}
    customers = TABLES["customers"]
    beside = []
    for column in (*_NAMES, *_CONTACTS):
        places = known_headers.matches(customers, column, view.headers)
        own = [view.headers[place] for place in places]
        beside += own if len(own) == 1 and key(own[0]) not in taken else []
    return beside


def _mapped(view: HeaderView) -> Iterable[str]:
    """The headers of our columns."""
    for source in view.spec.columns.values():
        if isinstance(source, DerivedColumn):
            yield from source.headers
        elif isinstance(source, int):
            yield from view.headers[source - 1 : source]
        else:
            yield from [source] if isinstance(source, str) else source
    for name in view.table.names:
        if name not in view.spec.columns:
            for place in known_headers.matches(view.table, name, view.headers):
                yield view.headers[place]


def _is_name(header: str) -> bool:
    return known_headers.known_keys("customers").get(key(header)) == "name" or key(header) == "name"
