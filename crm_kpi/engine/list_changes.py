"""What changed between two exports of one customers list: who came, who went, who turned.

A list says who is a customer on one day, and seldom since when or until when. Two of them say
between which days that changed:

    came      on the new list alone
    went      a customer on the old list, and not on the new one
    turned    a customer on the old list, and by the new one somebody who has left
    returned  the other way round

    customers on the new day = customers on the old day + came - went - turned + returned

where of those who came, who has left again by the new list does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import polars as pl

from crm_kpi.engine.customer_lists import LIST, CustomerList
from crm_kpi.errors import IdentityError
from crm_kpi.tables import Kind

ID = "customer_id"
_BEFORE, _AFTER = "gone before", "gone after"


class Change(StrEnum):
    """What became of a customer."""

    CAME = "came"
    WENT = "went"
    TURNED = "turned"
    RETURNED = "returned"


@dataclass(frozen=True)
class ListChanges:
    """Two lists, and the days of which they tell."""

    old: CustomerList
    new: CustomerList
    old_day: date
    new_day: date

    @cached_property
    def _customers(self) -> pl.DataFrame:
        """One row per customer of either list: whether gone by the old and by the new one, null
        where not on it; and the change, null where there is none."""
        before = _gone(self.old, self.old_day).rename({"gone": _BEFORE})
        after = _gone(self.new, self.new_day).rename({"gone": _AFTER})
        both = before.join(after, on=ID, how="full", coalesce=True).sort(ID)
        was, is_ = pl.col(_BEFORE), pl.col(_AFTER)
        change = (
            pl.when(was.is_null())
            .then(pl.lit(Change.CAME))
            .when(is_.is_null() & ~was)
            .then(pl.lit(Change.WENT))
            .when(~was & is_)
            .then(pl.lit(Change.TURNED))
            .when(was & ~is_)
            .then(pl.lit(Change.RETURNED))
        )
        return both.with_columns(change=change)

    def ids(self, change: Change) -> pl.Series:
        """The customers with this change, in order."""
        return self._customers.filter(pl.col("change") == change)[ID]

    def customers(self, change: Change) -> list[dict[str, object]]:
        """Those with this change, in order: id, name, first signup and the date of leaving, as
        far as `table` has them."""
        rows = self.table.filter(pl.col(ID).is_in(self.ids(change).implode()))
        names = ["name"] if "name" in rows.columns else []
        return (
            rows.sort(ID, "signup_date")
            .group_by(ID, maintain_order=True)
            .agg(*(pl.col(name).last() for name in (*names, "signup_date", "churn_date")))
            .to_dicts()
        )

    @cached_property
    def before(self) -> int:
        """Customers on the old day."""
        return int((~self._customers[_BEFORE]).sum())

    @cached_property
    def after(self) -> int:
        """Customers on the new day.

        Raises:
            IdentityError: the changes do not lead from the one number to the other.
        """
        now = int((~self._customers[_AFTER]).sum())
        came = self._customers.filter(pl.col("change") == Change.CAME, ~pl.col(_AFTER)).height
        went, turned, returned = (
            len(self.ids(each)) for each in (Change.WENT, Change.TURNED, Change.RETURNED)
        )
        if now != self.before + came - went - turned + returned:
            raise IdentityError(
                f"{self.before} + {came} came - {went} went - {turned} turned + {returned} "
                f"returned is not {now}"
            )
        return now

    @cached_property
    def undated(self) -> int:
        """Customers who had left by the old day, nobody knows when: `table` is without them."""
        return len(set(self._customers[ID]) - set(self.table[ID]))

    @cached_property
    def early(self) -> int:
        """Of those who came, how many had signed up by the old day."""
        if "signup_date" not in self.new.frame.columns:
            return 0
        rows = self.new.frame.filter(pl.col(ID).is_in(self.ids(Change.CAME).implode()))
        return rows.filter(pl.col("signup_date") <= self.old_day)[ID].n_unique()

    @cached_property
    def unsigned(self) -> int:
        """Customers of the old list whose signup nobody knows: `table` has the old day."""
        ids = self.table[ID].implode()
        rows = pl.concat([self._rows(each) for each in (self.old, self.new)], how="diagonal")
        there = pl.col(_BEFORE).is_not_null() & (pl.col("change") != Change.RETURNED).fill_null(
            value=True
        )
        known = rows.filter(there, pl.col(ID).is_in(ids))
        known = known.group_by(ID).agg(pl.col("signup_date").is_not_null().any())
        return int((~known["signup_date"]).sum())

    @cached_property
    def came_unsigned(self) -> int:
        """Of those who came, how many have no date of signup: `table` has the new day."""
        rows = self._rows(self.new).filter(pl.col("change") == Change.CAME)
        return rows.filter(pl.col("signup_date").is_null())[ID].n_unique()

    @cached_property
    def table(self) -> pl.DataFrame:
        """A customers table with the dates that were found out, in the order of ids.

        Who went or turned left on the new day, unless a date says when; who came without a date
        signed up on it, and who was there before on the old day. Who returned begins again on
        the new day.
        """
        old, new = (self._rows(each) for each in (self.old, self.new))
        gone = pl.col("churn_date").is_not_null()
        change, before = pl.col("change"), pl.col(_BEFORE)
        kept = new.filter(gone | ~(before & pl.col(_AFTER)).fill_null(value=False))
        later = change.is_in([Change.TURNED]) | (pl.col(_AFTER) & (change == Change.CAME))
        again = (change == Change.RETURNED) & ~gone
        stale = again & ~(pl.col("signup_date") > self.old_day).fill_null(value=False)
        kept = kept.with_columns(
            churn_date=pl.when(later & ~gone).then(self.new_day).otherwise("churn_date"),
            signup_date=pl.when(stale).then(self.new_day).otherwise("signup_date"),
        )
        dated = kept.filter(change == Change.RETURNED, gone)[ID].implode()
        earlier = old.filter(change == Change.RETURNED, gone, ~pl.col(ID).is_in(dated))
        left = old.filter(pl.col(_AFTER).is_null(), gone | ~before)
        open_ = ~gone | (pl.col("churn_date") > self.new_day)
        left = left.with_columns(
            churn_date=pl.when((change == Change.WENT) & open_)
            .then(self.new_day)
            .otherwise("churn_date")
        )
        rows = pl.concat([kept, earlier, left], how="diagonal")
        seen = pl.when(change == Change.CAME).then(self.new_day).otherwise(self.old_day)
        first = pl.min_horizontal(seen, "churn_date")
        names = [name for name in _NAMES if name in rows.columns]
        return (
            rows.with_columns(signup_date=pl.col("signup_date").fill_null(first))
            .select(names)
            .sort(ID, "signup_date", "churn_date", maintain_order=True)
        )

    def _rows(self, export: CustomerList) -> pl.DataFrame:
        """The rows of a list with its dates, where it has none null, beside their change."""
        missing = [
            name for name in ("signup_date", "churn_date") if name not in export.frame.columns
        ]
        rows = export.frame.with_columns(pl.lit(None, pl.Date).alias(name) for name in missing)
        return rows.join(self._customers, on=ID, how="left", maintain_order="left")


_NAMES: Sequence[str] = [
    column.name for column in LIST.columns if column.kind not in (Kind.MONEY, Kind.FLAG)
]
"""The columns of `table`: money would be in a currency of its own, and a yes is a date now."""


def _gone(export: CustomerList, day: date) -> pl.DataFrame:
    """Per customer, whether all stays on the list have ended by a day."""
    there = export.frame.columns
    flag = pl.col("churned").fill_null(value=False) if "churned" in there else pl.lit(value=False)
    dated = (
        (pl.col("churn_date") <= day).fill_null(value=False)
        if "churn_date" in there
        else pl.lit(value=False)
    )
    return export.frame.select(ID, gone=flag | dated).group_by(ID).agg(pl.col("gone").all())
