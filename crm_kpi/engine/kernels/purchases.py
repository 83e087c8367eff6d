"""What each customer bought in each slot of time, from rows packed into numbers.

    customer | day | sale | order | amount - lowest amount

SortedNumbers, the rows of a customer and slot follow one another: what is asked of them is a sum of
neighbours. Parts that end with a customer are gone through one by one, so that little is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from crm_kpi.engine.kernels.arrays import (
    BITS,
    LARGEST,
    Whole,
    bits,
    column,
    dates,
    decimals,
    flags,
    number,
)
from crm_kpi.engine.kernels.groups import beginnings
from crm_kpi.engine.kernels.purchase_cells import customer_segments
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.orders import (
    OrderRule,
    has_discounts,
    is_row,
    is_sale,
    row_is_order,
    transactions,
)
from crm_kpi.frames.timeline import Timeline
from crm_kpi.periods import DAY

_PART = 1 << 16
"""Of so many rows an array stays in the processor's cache."""
_CELLS = ("customer", "slot", "lines", "gross", "net", "value", "orders", "first", "last")


def revenue_by_customer_slot(context: FrameContext, *, order: OrderRule) -> nw.LazyFrame | None:
    """The frame of that name; None where rows have segments of their own, several rows make an
    order, customers are no numbers, or a row does not fit into one."""
    if (
        context.parent_slice is not None
        or context.tables.own_segment_columns("transactions")
        or not is_row(context, order)
        or has_discounts(context.tables)
    ):
        return None
    rows = context.frame(transactions).select(
        "customer_id",
        "day",
        "amount",
        sale=is_sale(context.tables),
        order=row_is_order(context, order),
    )
    table = context.backend.in_memory(rows)
    if table is None or table["customer_id"].dtype != pl.UInt32:
        return None
    packed = _packed(table, context.timeline)
    segments = customer_segments(context, "transactions")
    if packed is None or segments is None:
        return None
    del table
    packed.keys.sort()
    slots = _slots(context.timeline)
    parts = [_cells(packed, slots, *part) for part in packed.parts()]
    # Out of the parts one by one: held twice they would be the most that a run holds.
    cells = {name: np.concatenate([part.pop(name) for part in parts]) for name in _CELLS}
    named = segments.named(segments.of(cells["customer"]))
    return context.backend.scan(_frame(cells, packed).with_columns(**named))


@dataclass(frozen=True)
class _Packed:
    """Rows as numbers, and how they are read.

    nobody: the customer that stands for none.
    """

    keys: Whole
    nobody: int
    first_day: int
    day_bits: int
    amount_bits: int
    lowest: int
    scale: int

    def parts(self) -> Iterator[tuple[int, int]]:
        """From which row to which, so that no customer is in two parts."""
        cuts = [0]
        shift = self.day_bits + self.amount_bits + 2
        for at in range(_PART, len(self.keys), _PART):
            cut = int(np.searchsorted(self.keys, self.keys[at] >> shift << shift))
            if cut > cuts[-1]:
                cuts.append(cut)
        return pairwise([*cuts, len(self.keys)])


def _packed(table: pl.DataFrame, timeline: Timeline) -> _Packed | None:
    amounts = column(table["amount"])
    first, known = (number(d) for d in (timeline.first_day, timeline.first_unknown_day))
    if not table.height or amounts is None or amounts.valid is not None or amounts.scale is None:
        return None
    inside = table["day"].is_between(timeline.first_day, timeline.first_unknown_day - DAY)
    if inside.null_count() or not inside.all():
        return None
    nobody = int(table["customer_id"].max() or 0) + 1  # type: ignore[arg-type]
    lowest, highest = int(amounts.numbers.min()), int(amounts.numbers.max())
    day_bits, amount_bits = bits(known - first), bits(highest - lowest)
    if bits(nobody) + day_bits + amount_bits + 2 > BITS:
        return None
    if max(-lowest, highest) * table.height >= LARGEST:
        return None
    keys = np.empty(table.height, np.int64)
    for start in range(0, table.height, _PART):  # so that little is held beside
        rows, key = table[start : start + _PART], keys[start : start + _PART]
        key[:] = rows["customer_id"].cast(pl.Int64).fill_null(nobody).to_numpy()
        key <<= day_bits
        key |= rows["day"].cast(pl.Int64).to_numpy() - first
        key <<= 2
        key |= flags(rows["sale"]).astype(np.int64) << 1
        key |= flags(rows["order"])
        key <<= amount_bits
        key |= amounts.numbers[start : start + _PART] - lowest
    return _Packed(keys, nobody, first, day_bits, amount_bits, lowest, amounts.scale)


def _slots(timeline: Timeline) -> Whole:
    """The slot of each known day, from the first on."""
    days = np.arange(number(timeline.first_day), number(timeline.first_unknown_day))
    return np.searchsorted([*map(number, timeline.bounds)], days, side="right").astype(np.int64)


def _cells(packed: _Packed, slots: Whole, start: int, stop: int) -> dict[str, Whole]:
    """The cells of some customers; `first` and `last` as days since the first."""
    keys = packed.keys[start:stop]
    amount = keys & ((1 << packed.amount_bits) - 1)
    amount += packed.lowest
    keys = keys >> packed.amount_bits
    ordered = keys & 1
    sale = keys >> 1 & 1
    keys >>= 2
    day = keys & ((1 << packed.day_bits) - 1)
    keys >>= packed.day_bits
    slot = slots[day]
    starts = beginnings(keys, slot)
    if not len(starts):
        return dict.fromkeys(_CELLS, keys)
    return {
        "customer": keys[starts],
        "slot": slot[starts],
        "lines": np.diff(starts, append=len(keys)),
        "gross": np.add.reduceat(amount * sale, starts),
        "net": np.add.reduceat(amount, starts),
        "value": np.add.reduceat(amount * ordered, starts),
        "orders": np.add.reduceat(ordered, starts),
        "first": np.minimum.reduceat(day + (ordered ^ 1) * len(slots), starts),
        "last": np.maximum.reduceat(day * ordered, starts),
    }


def _frame(cells: Mapping[str, Whole], packed: _Packed) -> pl.DataFrame:
    customer = pl.Series(cells["customer"].astype(np.uint32))
    some = cells["orders"] > 0
    return pl.DataFrame(
        {
            "customer_id": pl.select(pl.when(customer != packed.nobody).then(customer)).to_series(),
            "slot": cells["slot"].astype(np.int32),
            "lines": cells["lines"],
            "gross": decimals(cells["gross"], packed.scale),
            "refunds": decimals(cells["net"] - cells["gross"], packed.scale),
            "orders": cells["orders"],
            "value": decimals(cells["value"], packed.scale),
            "first": dates(cells["first"] + packed.first_day, where=some),
            "last": dates(cells["last"] + packed.first_day, where=some),
        }
    )
