"""Every row of a table with its telephone number judged too: the rows of `emails`, phone:right
(whether it can be dialled; null where blank) and phone:key (the number in E.164).

A table without telephone numbers is as it was.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames import _contact
from crm_kpi.frames._context import Context


def build(context: Context, *, table: str, region: str) -> nw.LazyFrame:
    """`region`: where a number without a country code is dialled, such as VN."""
    rows = context.frame("emails", table=table)
    if "phone" not in rows.columns:
        return rows
    phones = _contact.phones(region)
    digits = nw.col("phone").str.replace_all("[ .-]", "")
    plain = digits.str.contains(phones.plain) if phones.plain else nw.lit(value=False)
    national = digits.str.replace_all(phones.prefix, "")
    key = nw.concat_str(nw.lit(phones.code), national)
    return context.keep(_contact.judged(context, rows, "phone", plain, key, phones.judge))
