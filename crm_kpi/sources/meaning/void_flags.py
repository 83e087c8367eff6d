"""Which rows are void by a column of yes and no: deleted, archived, made in a test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
_CANCELLED = ("cancelled", "canceled", "is cancelled", "is canceled", "đã hủy", "hủy")
"""The same, where rows are orders; a subscription that was cancelled was one."""
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
        flags = [h for h in view.headers if h and _void_word(h, view.table.name) is not None]
        once = (h for h in flags if view.headers.count(h) == 1)
        return HeaderAnswer(reads=tuple(h for h in once if key(h) not in told))

    @classmethod
    def in_place(cls, view: HeaderView, words: ColumnValues) -> Message | None:
        for header in cls.headers(view).reads:
            if _void(words(header), header, view.table.name):
                return text("meaning.status_in_place", column=header)
        return None

    def rows(self, rows: BlockRows) -> None:
        for header in self.flags:
            column = rows.text(header)
            void = _void(words(column), header, self.block.table.name) if column is not None else ()
            if column is not None and void:
                count = rows.leave_out(column.is_in(list(void)), header, _told(header))
                self.gone[header] = self.gone.get(header, 0) + count

    def readings(self) -> Iterable[Reading]:
        for header, count in self.gone.items():
            evidence = text("meaning.yes_and_no")
            yield Reading(header, text("meaning.left_out"), How.CONVENTIONAL, evidence, count)


def _told(header: str) -> Told:
    return lambda count, _: (
        text("meaning.left_flagged", count=count, column=header),
        text("meaning.flagged", count=count, column=header),
    )


def _void_word(header: str, table: str) -> bool | None:
    """Whether a yes or a no in this column makes a row void; None where neither does."""
    folded = key(header)
    if folded in _KEYS or (table == "transactions" and folded in _CANCELLED_KEYS):
        return True
    return False if folded in _REAL_KEYS else None


_KEYS, _CANCELLED_KEYS, _REAL_KEYS = (frozenset(map(key, h)) for h in (_VOID, _CANCELLED, _REAL))


def _void(few: Sequence[str] | None, header: str, table: str) -> tuple[str, ...]:
    """The words that make a row void, where a column holds nothing but yes and no."""
    meant = {word: key(word) or word.strip() for word in few or ()}
    if not meant or not set(meant.values()) <= _YES | _NO:
        return ()
    wanted = _YES if _void_word(header, table) else _NO
    return tuple(word for word, folded in meant.items() if folded in wanted)
