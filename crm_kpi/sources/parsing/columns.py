"""One column of text becomes one of our columns: proved over all its rows, then cast."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from crm_kpi import messages
from crm_kpi.messages import Message
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.numeric_columns import as_money, as_share, as_whole
from crm_kpi.sources.parsing.text_ops import in_our_words, mapped, stripped
from crm_kpi.sources.parsing.time_columns import as_date, as_time
from crm_kpi.sources.parsing.vocabulary import CHOICES, NO, YES
from crm_kpi.sources.reasons import Reason
from crm_kpi.sources.rejects import Fault
from crm_kpi.tables import Column, Kind


def typed(text: pl.Series, context: ColumnContext) -> TypedColumn:
    """Type the text of one column; a plain one has been cast already.

    Raises DataError when the order of its dates or the marks of its numbers are open.
    """
    if text.dtype != pl.String:
        return _cast(text, context)
    words = context.spec.values.get(context.name, {})
    read = as_id if context.name == "phone" else _TYPES[context.column.kind]
    text = in_our_words(text, words, context.spec.missing, knows(context.column))
    return read(text, context)


def _cast(values: pl.Series, context: ColumnContext) -> TypedColumn:
    """What was cast while it was parsed: of moments, it has to be said in which zone they are."""
    if context.column.kind in (Kind.DATE, Kind.TIME):
        return _TYPES[context.column.kind](values, context)
    return TypedColumn([values.alias(context.name)])


def as_text(text: pl.Series, context: ColumnContext) -> TypedColumn:
    return TypedColumn([stripped(text).alias(context.name)])


def as_id(text: pl.Series, context: ColumnContext) -> TypedColumn:
    """Text; an apostrophe that kept a spreadsheet from taking it for a number is none of it."""
    text = stripped(text)
    if text.str.starts_with("'").any():
        text = text.str.replace(r"\A'([0-9+])", "$1")
    lost = text.str.contains(_SCIENTIFIC)
    if context.column.kind is not Kind.ID or not lost.any():
        return TypedColumn([text.alias(context.name)])
    hint = messages.text("parsing.ids_as_text", column=context.header)
    faults = context.fault(lost, Reason.SCIENTIFIC_ID, text, hint)
    return TypedColumn([text.set(lost.fill_null(value=False), None).alias(context.name)], faults)


_SCIENTIFIC = r"(?i)\A[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}\z"
"""A long number as spreadsheets show it: most of its digits are gone."""


def as_flag(text: pl.Series, context: ColumnContext) -> TypedColumn:
    words = {key(word) or word: "true" for word in YES} | {key(word): "false" for word in NO}
    flags = mapped(text, lambda word: words.get(key(word) or word.strip()))
    hint = messages.text(
        "parsing.known_flags", words=", ".join((*YES, *NO)), option=context.option("values")
    )
    faults = _unknown(text, flags, context, Reason.NOT_YES_OR_NO, hint)
    return TypedColumn([(flags == "true").alias(context.name)], faults)


def as_choice(text: pl.Series, context: ColumnContext) -> TypedColumn:
    words = choice_words(context.column)
    chosen = mapped(text, lambda word: words.get(key(word)))
    hint = messages.text(
        "parsing.known_choices",
        words=", ".join(context.column.choices),
        table=context.spec.table,
        column=context.name,
    )
    return TypedColumn(
        [chosen.alias(context.name)], _unknown(text, chosen, context, Reason.UNKNOWN_WORD, hint)
    )


def _unknown(
    text: pl.Series, meant: pl.Series, context: ColumnContext, reason: Reason, hint: Message
) -> list[Fault]:
    """The rows with a word that means nothing."""
    if meant.null_count() == text.null_count():
        return []
    text = stripped(text)
    return context.fault(text.is_not_null() & meant.is_null(), reason, text, hint)


def knows(column: Column) -> Callable[[str], bool]:
    """Whether a word means one of a column's choices, or yes or no."""
    if column.kind is Kind.CHOICE:
        words = choice_words(column)
        return lambda word: key(word) in words
    if column.kind is Kind.FLAG:
        flags = {key(word) or word for word in (*YES, *NO)}
        return lambda word: (key(word) or word) in flags
    return lambda word: False


def choice_words(column: Column) -> dict[str, str]:
    """Key of a word: the choice of this column that it stands for."""
    return {key(word): choice for choice in column.choices for word in (choice, *CHOICES[choice])}


_TYPES: dict[Kind, Callable[[pl.Series, ColumnContext], TypedColumn]] = {
    Kind.ID: as_id,
    Kind.TEXT: as_text,
    Kind.DATE: as_date,
    Kind.TIME: as_time,
    Kind.MONEY: as_money,
    Kind.NUMBER: as_share,
    Kind.SCORE: as_whole,
    Kind.COUNT: as_whole,
    Kind.FLAG: as_flag,
    Kind.CHOICE: as_choice,
}
