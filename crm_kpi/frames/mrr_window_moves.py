"""How what each customer pays changed from a window's start to its end, point to point.

One row per customer and period of `mrr_windows`, in scaled yearly amounts, null for who did
not do so:
    expansion     what customers of the start pay more at the end
    contraction   what they pay less, and still something
    churned       what they paid at the start and no longer pay
    joined        what customers of the end pay who did not pay at the start
    back          what customers of the start pay again after a lapse, where that is `final`
                  and they count as churned
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._context import Context


def build(context: Context, *, months: int | None, final: bool) -> nw.LazyFrame:
    start, end = nw.col("start"), nw.col("end")
    there = start > 0
    lapsed = (nw.col("lapsed") == 1) & (end > 0) if final else nw.lit(value=False)
    moves = {
        "expansion": (there & ~lapsed & (end > start), end - start),
        "contraction": (there & ~lapsed & (end > 0) & (end < start), start - end),
        "churned": (there & (lapsed | (end == 0)), start),
        "joined": (~there, end),
        "back": (there & lapsed, end),
    }
    return context.frame("mrr_windows", months=months).select(
        "period",
        *context.by,
        **{name: nw.when(condition).then(amount) for name, (condition, amount) in moves.items()},
    )
