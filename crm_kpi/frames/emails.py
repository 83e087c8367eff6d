"""Every row of a table with its e-mail address judged: the rows of `as_read`, email:right
(whether it can be one; null where blank) and email:key (the same for all its spellings).

A table without e-mail addresses is as it was.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from crm_kpi.frames._contact import PLAIN_EMAIL, SHORT, judge_email, judged
from crm_kpi.frames._context import Context


def build(context: Context, *, table: str) -> nw.LazyFrame:
    rows = context.frame("as_read", table=table)
    if "email" not in rows.columns:
        return rows
    text = nw.col("email")
    plain = (text.str.len_chars() <= SHORT) & text.str.contains(PLAIN_EMAIL)
    return context.keep(judged(context, rows, "email", plain, text.str.to_lowercase(), judge_email))
