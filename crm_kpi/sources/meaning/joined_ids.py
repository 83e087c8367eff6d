"""Whose the ids of several programs are: `identities:` joins them into one customer.

It is never guessed. What is joined is counted, and said by column.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question
from crm_kpi.sources.meaning.recurring_amounts import has_any
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import TABLES

_CUSTOMER = "customer_id"


class JoinedIds(Question):
    """Which ids are one customer's."""

    name = "identities"
    title = text("meaning.whose_ids")
    tables = frozenset(table.name for table in TABLES.values() if _CUSTOMER in table)
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        self.joined: set[str] = set()
        self.count = 0
        self.known = 0

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        asked = view.options.identities is not None and has_any(view, _CUSTOMER)
        return HeaderAnswer(looks_at=(_CUSTOMER,) if asked else ())

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        return text("meaning.identities_in_place")

    def rows(self, rows: BlockRows) -> None:
        ids, file = rows.column(_CUSTOMER), self.options.identities
        if file is None or ids is None or ids.dtype != pl.String:
            return
        there = ids.unique().drop_nulls()
        named = [one for one in there if one in file.customers]
        self.known += len(named)
        others = {one: file.customers[one] for one in named if file.customers[one] != one}
        if others:
            self.count += int(ids.is_in([*others]).sum())
            self.joined |= others.keys()
            rows.frame = rows.frame.with_columns(ids.replace(others))

    def readings(self) -> Iterable[Reading]:
        file = self.options.identities
        if file is None or (self.known and not self.joined):
            return
        header = next(iter(self.block.headers(_CUSTOMER)), _CUSTOMER)
        how = How.DECLARED
        if not self.known:
            taken, why = text("meaning.not_joined"), text("meaning.no_id_in", path=file.path)
            short = text("meaning.not_joined_short", column=header, path=file.path)
            yield Reading(header, taken, how, why, short=short)
            return
        number = len(self.joined)
        taken = text("meaning.ids_joined")
        why = text("meaning.joins_ids", path=file.path, count=number)
        short = text("meaning.ids_joined_short", count=number, column=header, path=file.path)
        yield Reading(header, taken, how, why, self.count, short=short)
