"""Which rows are void by a column of their own: deleted, archived, made in a test, cancelled.

Such a column holds yes and no, or the day on which it happened, and nothing in all other rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.column_words import words
from crm_kpi.sources.meaning.question import BlockRows, ColumnValues, HeaderView, Question, Told
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.vocabulary import NO, YES
from crm_kpi.sources.spec import ReadOptions
from crm_kpi.tables import TABLES

_VOID = (
    "deleted", "is deleted", "isdeleted", "_fivetran_deleted", "_sdc_deleted", "test", "is test",
    "test order", "test mode", "archived", "is archived", "void", "voided", "is void", "spam",
    "is spam", "đã xóa", "xóa", "đơn thử", "gelöscht", "supprimé", "eliminado", "excluído",
)  # fmt: skip
"""Headers of which a yes says that the row is none."""
_CANCELLED = ("cancelled", "canceled", "is cancelled", "is canceled", "đã hủy", "hủy",
              "returned", "is returned", "is refunded", "đã hoàn tiền", "đã trả hàng",
              "đã hoàn hàng")  # fmt: skip
"""The same, where rows are orders; a subscription that was cancelled was one."""
_VOID_DAYS = (
    "deleted at", "deleted on", "date deleted", "deleted date", "voided at", "void date",
    "date voided", "ngày xóa", "thời gian xóa", "gelöscht am", "supprimé le", "eliminado el",
)  # fmt: skip
"""Headers of the day from which on a row is none."""
_CANCELLED_DAYS = (
    "cancelled at", "canceled at", "cancelled on", "canceled on", "cancelled date", "canceled date",
    "date cancelled", "date canceled", "cancellation date", "cancel date", "cancelled time",
    "canceled time", "cancellation time", "cancel time", "ngày hủy", "ngày hủy đơn",
    "ngày hủy đơn hàng", "ngày hủy hóa đơn", "thời gian hủy", "thời gian hủy đơn", "thời điểm hủy",
    "giờ hủy", "storniert am", "stornodatum", "annulé le", "date d'annulation",
    "fecha de cancelación", "data de cancelamento", "data annullamento", "geannuleerd op",
    "data anulowania", "iptal tarihi",
)  # fmt: skip
"""The same, where rows are orders."""
_A_DAY = "[1-9]"
"""What no `0000-00-00` and no `N/A` has."""
_REAL = ("livemode", "live mode")
"""Headers of which a no says so."""

_YES, _NO = ({key(word) or word for word in words} for words in (YES, NO))


class VoidFlags(Question):
    """Whether a row is void by a flag."""

    name = "void_flags"
    title = text("meaning.void_flags")
    tables = frozenset(TABLES)
    in_parts = True

    def __init__(self, block: MappedBlock, options: ReadOptions) -> None:
        super().__init__(block, options)
        asked = (h for part in block.parts for h in part.asked.get(self.name, ()))
        self.flags = list(dict.fromkeys(asked))
        self.gone: dict[str, int] = {}

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        if view.spec.status == "ignore":
            return HeaderAnswer()
        told = {key(name) for name in (*view.spec.where, *view.spec.exclude, *view.options.named)}
        for source in view.spec.columns.values():
            told.update(map(key, [source] if isinstance(source, str) else ()))
        table = view.table.name
        flags = [
            h for h in view.headers if h and (_is_day(h, table) or _void_word(h, table) is not None)
        ]
        once = (h for h in flags if view.headers.count(h) == 1)
        return HeaderAnswer(reads=tuple(h for h in once if key(h) not in told))

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for header in cls.headers(view).reads:
            few = words(header)
            day = _is_day(header, view.table.name) and (few is None or len(few) > 0)
            if day or _void(few, header, view.table.name):
                return text("meaning.status_in_place", column=header)
        return None

    def rows(self, rows: BlockRows) -> None:
        for header in self.flags:
            column = rows.text(header)
            void = _void_rows(column, header, self.block.table.name) if column is not None else None
            if void is not None:
                count = rows.leave_out(void, header, _told(header))
                self.gone[header] = self.gone.get(header, 0) + count

    def readings(self) -> Iterable[Reading]:
        for header, count in self.gone.items():
            day = _is_day(header, self.block.table.name)
            evidence = text("meaning.header_says") if day else text("meaning.yes_and_no")
            yield Reading(header, text("meaning.left_out"), How.CONVENTIONAL, evidence, count)


def _told(header: str) -> Told:
    return lambda count, _: (
        text("meaning.left_flagged", count=count, column=header),
        text("meaning.flagged", count=count, column=header),
    )


def _is_day(header: str, table: str) -> bool:
    """Whether a header is that of the day on which a row became void."""
    folded = key(header)
    return folded in _DAY_KEYS or (table == "transactions" and folded in _CANCELLED_DAY_KEYS)


def _void_rows(column: pl.Series, header: str, table: str) -> pl.Series | None:
    """Which rows are void; None where none is."""
    if _is_day(header, table):
        days = column.cast(pl.String).str.contains(_A_DAY).fill_null(value=False)
        return days if days.any() else None
    void = _void(words(column), header, table)
    return column.is_in(list(void)) if void else None


def _void_word(header: str, table: str) -> bool | None:
    """Whether a yes or a no in this column makes a row void; None where neither does."""
    folded = key(header)
    if folded in _KEYS or (table == "transactions" and folded in _CANCELLED_KEYS):
        return True
    return False if folded in _REAL_KEYS else None


_KEYS, _CANCELLED_KEYS, _REAL_KEYS, _DAY_KEYS, _CANCELLED_DAY_KEYS = (
    frozenset(map(key, h)) for h in (_VOID, _CANCELLED, _REAL, _VOID_DAYS, _CANCELLED_DAYS)
)


def _void(few: Sequence[str] | None, header: str, table: str) -> tuple[str, ...]:
    """The words that make a row void, where a column holds nothing but yes and no."""
    meant = {word: key(word) or word.strip() for word in few or ()}
    if not meant or not set(meant.values()) <= _YES | _NO:
        return ()
    wanted = _YES if _void_word(header, table) else _NO
    return tuple(word for word, folded in meant.items() if folded in wanted)
