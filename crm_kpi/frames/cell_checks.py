"""Rows of a table as cells that are checked: which apply, and which are right.

Every frame of checks has one row per row of the table that `--where` keeps, rejected or not, as
it stood in the files, and is a running total by `day`: rows (1), and for each check NAME:cells
and NAME:ok, 1 or 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from crm_kpi.frames._narwhals import nw
from crm_kpi.frames.contact_validation import PLAIN_EMAIL, SHORT, Judge, judge_email, phones
from crm_kpi.frames.context import FrameContext
from crm_kpi.periods import DAY
from crm_kpi.tables import JOINED, ROW, TABLES, Kind, invalid, rejected

Check: TypeAlias = "tuple[nw.Expr, nw.Expr]"
"""Whether the check applies to a row, and whether the row passes it."""

ANSWER = ("score", "answered_at")
CONTACTS = ("email", "phone")
Allowed = tuple[tuple[str, tuple[str, ...]], ...]
ONE_EMAIL = "one_email"
KEY, END, LATEST = "id:key", "id:end", "id:latest"


def filled(column: str) -> nw.Expr:
    """Something stands in the cell, be it readable or not."""
    return ~nw.col(column).is_null() | nw.col(invalid(column))


def cells(
    context: FrameContext, rows: nw.LazyFrame, checks: Mapping[str, Check], names: Sequence[str]
) -> nw.LazyFrame:
    """One row per row of the table that `--where` keeps: the segments, day, rows (1), and for
    each check NAME:cells and NAME:ok, 1 or 0. A name without a check applies nowhere."""
    one, none = nw.lit(1).cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    columns: dict[str, nw.Expr] = {}
    for name in names:
        columns[f"{name}:cells"] = columns[f"{name}:ok"] = none
        if name in checks:
            applies, passes = (part.fill_null(value=False) for part in checks[name])
            columns[f"{name}:cells"] = applies.cast(nw.Int64)
            columns[f"{name}:ok"] = (applies & passes).cast(nw.Int64)
    row = [ROW] if ROW in rows.columns else []
    return rows.filter(nw.col("kept")).select(*context.by, "day", *row, rows=one, **columns)


def parted(
    context: FrameContext, rows: nw.LazyFrame, keys: Sequence[str]
) -> tuple[nw.LazyFrame, nw.LazyFrame]:
    """The rows that have each of these values alone, and those that share one with another.

    The second are few as a rule, and they alone have to be put in order.
    """
    counts = {f"{key}:count": nw.col(key).count().over(key) for key in keys}
    counted = context.backend.materialize(rows.with_columns(**counts))
    shared = nw.any_horizontal(*(nw.col(name) > 1 for name in counts), ignore_nulls=True)
    return counted.filter(~shared).drop(*counts), counted.filter(shared).drop(*counts)


def as_read(context: FrameContext, *, table: str, texts: bool) -> nw.LazyFrame:
    """Every row of a table as it stood in the files, the rejected ones too.

    `texts`: customer_id is text, as rejected rows have it; else as the engine holds it.

    Grain: one row per row of the table dated up to `as_of`.

    Columns:
        those of the table that are read
        COLUMN:invalid   bool, whether its text was refused
        day              date in the table; that of `as_of` where it cannot be read
        kept             bool, whether `--where` keeps the row

    Source: the table and its rejected rows.
    """
    tables = context.tables.with_where_flag
    rows, left = tables[table], tables.get(rejected(table))
    there = rows.columns
    names = [name for name in (*TABLES[table].names, ROW) if name in there]
    dated = TABLES[table].dated
    # Of a row without a date no more is known than that it stands in the file now.
    when = nw.col(dated).fill_null(context.timeline.first_unknown_day - DAY)
    own = [name for name in names if name != ROW]
    text = {"customer_id"} if texts else set()
    cells = [context.backend.as_text(n).alias(n) if n in text else nw.col(n) for n in names]

    def picked(frame: nw.LazyFrame, **flags: nw.Expr) -> nw.LazyFrame:
        return frame.select(*context.by, *cells, "kept", day=when, **flags)

    if JOINED in there:
        rows = rows.filter(~nw.col(JOINED))
    good = picked(rows, **{invalid(name): nw.lit(value=False) for name in own})
    if left is None:
        return good
    return nw.concat([good, picked(left, **{invalid(name): nw.col(invalid(name)) for name in own})])


def with_emails_judged(context: FrameContext, *, table: str) -> nw.LazyFrame:
    """Every row of a table with its e-mail address judged. A table without them is as it was.

    Grain: one row per row of `as_read`.

    Columns:
        all of `as_read`
        email:right   bool, whether it can be one; null where blank
        email:key     text, the same for all its spellings; null where blank

    Source: the table and its rejected rows.
    """
    rows = context.frame(as_read, table=table, texts=True)
    if "email" not in rows.columns:
        return rows
    text = nw.col("email")
    plain = (text.str.len_chars() <= SHORT) & text.str.contains(PLAIN_EMAIL)
    return context.backend.materialize(
        _judged(context, rows, "email", plain, text.str.to_lowercase(), judge_email)
    )


def with_contacts_judged(context: FrameContext, *, table: str, region: str) -> nw.LazyFrame:
    """Every row of a table with its telephone number judged, too. One without them is as it was.

    `region`: where a number without a country code is dialled, such as VN.

    Grain: one row per row of `as_read`.

    Columns:
        all of `with_emails_judged`
        phone:right   bool, whether it can be dialled; null where blank
        phone:key     text, the number in E.164; null where blank

    Source: the table and its rejected rows.
    """
    rows = context.frame(with_emails_judged, table=table)
    if "phone" not in rows.columns:
        return rows
    numbers = phones(region)
    digits = nw.col("phone").str.replace_all("[ .-]", "")
    plain = digits.str.contains(numbers.plain) if numbers.plain else nw.lit(value=False)
    national = digits.str.replace_all(numbers.prefix, "")
    key = nw.concat_str(nw.lit(numbers.code), national)
    return context.backend.materialize(_judged(context, rows, "phone", plain, key, numbers.judge))


def completeness_checks(
    context: FrameContext, *, table: str, columns: tuple[str, ...]
) -> nw.LazyFrame:
    """Which cells are filled.

    A survey that nobody answered has no score and no date of an answer: there is nothing to fill.

    Grain: one row per row of the table.

    Columns: those of checks, one per column.

    Source: the table and its rejected rows.
    """
    rows = context.frame(as_read, table=table, texts=True)
    there = rows.columns
    every, answered = nw.lit(value=True), filled(ANSWER[0]) | filled(ANSWER[1])
    checks = {
        name: (answered if table == "surveys" and name in ANSWER else every, filled(name))
        for name in columns
        if name in there
    }
    return cells(context, rows, checks, columns)


def validity_checks(
    context: FrameContext, *, table: str, columns: tuple[str, ...], region: str, allowed: Allowed
) -> nw.LazyFrame:
    """Which filled cells hold what they should.

    Dates, numbers, scores, words: that the text could be read and is in range. E-mail, phone: that
    it can be one. `allowed`: that it is one of these values, in any capitals.

    Grain: one row per row of the table.

    Columns: those of checks, one per column.

    Source: the table and its rejected rows.
    """
    rows = context.frame(with_contacts_judged, table=table, region=region)
    there = rows.columns
    among = dict(allowed)
    checks: dict[str, Check] = {}
    for name in columns:
        if name not in there:
            continue
        right = ~nw.col(invalid(name))
        if name in CONTACTS:
            right &= nw.col(f"{name}:right")
        if name in among:
            wanted = [value.lower() for value in among[name]]
            right &= nw.col(name).cast(nw.String).str.to_lowercase().is_in(wanted)
        checks[name] = filled(name), right
    return cells(context, rows, checks, columns)


def judged_columns(table: str) -> tuple[str, ...]:
    """The columns of which more is known than that they are text."""
    texts = (Kind.ID, Kind.TEXT)
    return tuple(
        column.name
        for column in TABLES[table].columns
        if column.kind not in texts or column.name in CONTACTS
    )


def consistency_checks(context: FrameContext, *, table: str) -> nw.LazyFrame:
    """Which cells of a row agree with another cell of it, or with other rows of the customer.

    START_to_END: where both dates are there, the second is not before the first. one_email: a
    customer has the same address in all rows as in the first.

    Grain: one row per row of the table.

    Columns: those of checks, by these names.

    Source: the table and its rejected rows.
    """
    rows = context.frame(with_emails_judged, table=table)
    there = rows.columns
    checks: dict[str, Check] = {}
    for start, end in TABLES[table].ordered:
        if start in there and end in there:
            both = ~nw.col(start).is_null() & ~nw.col(end).is_null()
            checks[pair(start, end)] = both, nw.col(end) >= nw.col(start)
    names = consistency_names(table)
    if "email" not in there or "customer_id" not in there:
        return cells(context, rows, checks, names)
    applies = ~nw.col("customer_id").is_null() & ~nw.col("email:key").is_null()
    alone, several = parted(context, rows, ["customer_id"])
    address = nw.col("email:key")
    place = address.cum_count().over("customer_id", order_by=["unknown", "day", "email:key"])
    several = several.with_columns(unknown=address.is_null().cast(nw.Int64))
    several = several.with_columns(place=place)
    first = nw.when((nw.col("place") == 1) & (nw.col("unknown") == 0)).then(address)
    several = several.with_columns(first=first.max().over("customer_id"))
    one = checks | {ONE_EMAIL: (applies, nw.lit(value=True))}
    same = checks | {ONE_EMAIL: (applies, address == nw.col("first"))}
    return nw.concat([cells(context, alone, one, names), cells(context, several, same, names)])


def pair(start: str, end: str) -> str:
    """The name of the check of two dates."""
    return f"{start}_to_{end}"


def consistency_names(table: str) -> tuple[str, ...]:
    """What there can be to compare within a table."""
    pairs = [pair(start, end) for start, end in TABLES[table].ordered]
    return (*pairs, ONE_EMAIL) if "email" in TABLES[table] else tuple(pairs)


def timeliness_checks(context: FrameContext, *, table: str, column: str, days: int) -> nw.LazyFrame:
    """Which rows were updated lately. One without a readable date is not known to be up to date.

    Grain: one row per row of the table.

    Columns: those of checks, of the column.

    Source: the table and its rejected rows.
    """
    rows = context.frame(as_read, table=table, texts=True)
    checks: dict[str, Check] = {}
    if column in rows.columns:
        since = context.timeline.first_unknown_day - DAY - timedelta(days=days)
        moment = TABLES[table][column].kind is Kind.TIME
        recent = nw.col(column) >= nw.lit(context.timeline.instant(since) if moment else since)
        checks[column] = nw.lit(value=True), recent
    return cells(context, rows, checks, (column,))


def uniqueness_checks(
    context: FrameContext, *, table: str, columns: tuple[str, ...], region: str
) -> nw.LazyFrame:
    """Which ids, e-mail addresses and telephone numbers are not those of an earlier row.

    The first of all rows that share a value, by date and then by id, is right; so is an address or
    number in another row of the same customer, and the row of a customer who came back after the
    earlier stays had ended. Capitals and outer blanks make no difference.

    Grain: one row per row of the table.

    Columns: those of checks, one per column.

    Source: the table and its rejected rows.
    """
    rows = context.frame(with_contacts_judged, table=table, region=region)
    there = rows.columns
    id_ = TABLES[table].id
    if id_ is None or id_ not in there:
        return cells(context, rows, {}, columns)
    key = nw.col(id_).str.strip_chars().str.to_lowercase()
    if table == "surveys" and "survey" in there:  # one response may answer several surveys
        key = nw.concat_str(key, nw.col("survey").fill_null(""), separator=" ")
    keys = {id_: KEY} | {c: f"{c}:key" for c in columns if c != id_ and c in there}
    rows = rows.with_columns(key.alias(KEY))
    alone, shared = parted(context, rows, list(keys.values()))
    there_is = {name: ~nw.col(key).is_null() for name, key in keys.items()}
    right = {name: nw.lit(value=True) for name in keys}
    first = cells(context, alone, {n: (there_is[n], right[n]) for n in keys}, columns)
    shared, right[id_] = _ids(context, shared, table, there)
    for name in keys:
        if name != id_:
            shared, right[name] = _of_one_customer(shared, name)
    return nw.concat(
        [first, cells(context, shared, {n: (there_is[n], right[n]) for n in keys}, columns)]
    )


def _ids(
    context: FrameContext, rows: nw.LazyFrame, table: str, there: list[str]
) -> tuple[nw.LazyFrame, nw.Expr]:
    """The first row of an id, and each later stay of a customer."""
    forever = nw.lit(date.max)
    end = nw.col("churn_date").fill_null(date.max) if "churn_date" in there else forever
    order = ["day", END, *context.by, *(name for name in there if name == ROW)]
    rows = rows.with_columns(end.alias(END)).with_columns(
        nw.col(KEY).cum_count().over(KEY, order_by=order).alias("id:place"),
        nw.col(END).cum_max().over(KEY, order_by=order).alias(LATEST),
    )
    if table != "customers":
        return rows, nw.col("id:place") == 1
    rows = rows.with_columns(nw.col(LATEST).shift(1).over(KEY, order_by=["id:place"]).alias(LATEST))
    start = nw.col("signup_date")
    again = (start >= nw.col(LATEST)) & (start < nw.col(END))
    return rows, (nw.col("id:place") == 1) | again.fill_null(value=False)


def _of_one_customer(rows: nw.LazyFrame, name: str) -> tuple[nw.LazyFrame, nw.Expr]:
    """The first row of an address or number, and the others of the customer whose it is."""
    key, place, holder = f"{name}:key", f"{name}:place", f"{name}:holder"
    rows = rows.with_columns(nw.col(KEY).is_null().cast(nw.Int64).alias("nobody"))
    rank = nw.col(key).cum_count().over(key, order_by=["nobody", "day", KEY])
    rows = rows.with_columns(rank.alias(place))
    first = nw.when(nw.col(place) == 1).then(nw.col(KEY))
    rows = rows.with_columns(first.max().over(key).alias(holder))
    mine = nw.col(KEY) == nw.col(holder)
    return rows, (nw.col(place) == 1) | mine.fill_null(value=False)


def unique_columns(table: str) -> tuple[str, ...]:
    """The columns whose values should not stand twice."""
    id_ = TABLES[table].id
    return (id_, *(c for c in ("email", "phone") if c in TABLES[table])) if id_ else ()


def referential_checks(context: FrameContext, *, table: str) -> nw.LazyFrame:
    """Which rows of a table name a customer whom the customers table has.

    Rejected customers are known: their row is wrong, not they. No rows where one of the two tables
    was not read.

    Grain: one row per row of the table.

    Columns: those of checks, of TABLE:customer_id.

    Source: the table, customers, and the rejected rows of both.
    """
    name = f"{table}:customer_id"
    if "customers" not in context.tables.columns or not context.has(table, "customer_id"):
        counts = {"rows": nw.Int64, f"{name}:cells": nw.Int64, f"{name}:ok": nw.Int64}
        types = {**dict.fromkeys(context.by, nw.String), "day": nw.Date, **counts}
        return context.backend.from_columns({column: [] for column in types}, types)
    texts = any(rejected(each) in context.tables.with_where_flag for each in (table, "customers"))
    known = context.frame(as_read, table="customers", texts=texts)
    known = known.select("customer_id", known=nw.lit(1))
    rows = context.frame(as_read, table=table, texts=texts).join(
        known.unique(["customer_id"]), on="customer_id", how="left"
    )
    named = ~nw.col("customer_id").is_null()
    return cells(context, rows, {name: (named, ~nw.col("known").is_null())}, (name,))


def _judged(
    context: FrameContext,
    rows: nw.LazyFrame,
    column: str,
    plain: nw.Expr,
    key: nw.Expr,
    judge: Judge,
) -> nw.LazyFrame:
    """The rows with COLUMN:right and COLUMN:key; `key` is the one of a `plain` text."""
    odd = rows.filter(~nw.col(column).is_null() & ~plain).select(column).unique([column])
    texts = [row[column] for row in context.backend.fetch([odd])[0]]
    found = [judge(text) for text in texts]
    verdicts = context.backend.from_columns(
        {column: texts, "odd:right": [ok for ok, _ in found], "odd:key": [k for _, k in found]},
        {column: nw.String, "odd:right": nw.Boolean, "odd:key": nw.String},
    )
    return (
        rows.join(verdicts, on=column, how="left")
        .with_columns(
            nw.when(plain).then(nw.lit(value=True)).otherwise("odd:right").alias(f"{column}:right"),
            nw.when(plain).then(key).otherwise("odd:key").alias(f"{column}:key"),
        )
        .drop("odd:right", "odd:key")
    )
