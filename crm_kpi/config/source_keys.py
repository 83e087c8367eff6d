"""`sources:`, whose keys are names of tables and columns.

Every block is read by itself, so that a fault in one hides none in another.
"""

from __future__ import annotations

from typing import Any

from crm_kpi.config.reader import ConfigReader, Loc
from crm_kpi.config.scalars import EMPTY, listed
from crm_kpi.config.source import Source
from crm_kpi.errors import did_you_mean
from crm_kpi.messages import one_of, should_be, text
from crm_kpi.sources.spec import NEVER
from crm_kpi.tables import TABLES, Kind, Table, duration

_TIMES = (Kind.DATE, Kind.TIME)
_NUMBERS = (Kind.MONEY, Kind.NUMBER, Kind.SCORE, Kind.COUNT)
_KINDS = {"dates": _TIMES, "numbers": _NUMBERS}


def read_sources(entries: dict[str, Any], reader: ConfigReader) -> dict[str, tuple[Source, ...]]:
    """Each table's blocks, which name only columns that the table has."""
    found = {}
    for name, entry in entries.items():
        if name not in TABLES:
            hint = did_you_mean(name, TABLES) or text("config.tables", tables=", ".join(TABLES))
            reader.fault(("sources", name), text("config.unknown_table"), hint, of_key=True)
        blocks = []
        for index, block in enumerate(entry_blocks(entry, ("sources", name), reader)):
            loc: Loc = ("sources", name, index)
            blocks.append(reader.model(Source, block, loc))
            check_columns(name, block, loc, reader)
        found[name] = tuple(block for block in blocks if block is not None)
    return found


def entry_blocks(entry: Any, loc: Loc, reader: ConfigReader) -> list[Any]:
    """The blocks of an entry that may be one block or a list of them."""
    if entry is None or entry == []:
        reader.fault(loc, EMPTY)
        return []
    return list(listed(entry))


def check_columns(table: str, block: Any, loc: Loc, reader: ConfigReader) -> None:
    """Fault the columns that the block at `loc` names and the table does not have."""
    if table in TABLES and isinstance(block, dict):
        _Columns(TABLES[table], block, loc, reader).check()


class _Columns:
    """The columns that one block names, against the table's own."""

    def __init__(self, table: Table, block: dict[str, Any], loc: Loc, reader: ConfigReader) -> None:
        self.table, self.block, self.loc, self.reader = table, block, loc, reader

    def check(self) -> None:
        for key in ("columns", "constants", "values", "dates", "numbers"):
            for column, value in self._per_column(key).items():
                if key == "columns" and self._is_duration(column, value):
                    continue
                if self._known(column, (*self.loc, key, column)):
                    self._fits(key, column, value)
        once = self.block.get("once")
        if isinstance(once, str) and once != NEVER:
            self._known(once, (*self.loc, "once"))

    def _is_duration(self, column: str, header: Any) -> bool:
        """Whether it is a duration in place of a moment, which has then no entry of its own."""
        of = duration(self.table.name, column)
        if of is None:
            return False
        loc: Loc = (*self.loc, "columns", column)
        names = self._per_column("columns")
        moments = [(duration(self.table.name, name) or (name, ""))[0] for name in names]
        if not isinstance(header, str):
            self.reader.fault(loc, should_be(text("config.one_header")))
        elif moments.count(of[0]) > 1:
            what = text("config.two_of_one", column=of[0])
            self.reader.fault(loc, what, text("config.keep_one"), of_key=True)
        return True

    def _per_column(self, key: str) -> dict[str, Any]:
        block = self.block.get(key)
        return block if isinstance(block, dict) else {}

    def _known(self, column: str, loc: Loc) -> bool:
        if column in self.table:
            return True
        names = self.table.names
        hint = did_you_mean(column, names) or text("config.columns", columns=", ".join(names))
        self.reader.fault(
            loc, text("config.no_such_column", table=self.table.name), hint, of_key=True
        )
        return False

    def _fits(self, key: str, column: str, value: Any) -> None:
        loc: Loc = (*self.loc, key, column)
        if key in _KINDS and self.table[column].kind not in _KINDS[key]:
            self.reader.fault(loc, text("config.not_of_kind", column=column, what=key), of_key=True)
        if key == "constants":
            self._choice(column, value, loc)
            if column in self._per_column("columns"):
                self.reader.fault(
                    loc, text("config.stands_under_columns"), text("config.keep_one"), of_key=True
                )
        if isinstance(value, dict) and key == "values":
            for source_word, word in value.items():
                self._choice(column, word, (*loc, source_word))
        if isinstance(value, dict) and key == "columns":
            self._recipe(column, value, loc)

    def _choice(self, column: str, word: Any, loc: Loc) -> None:
        """Where a column holds one of a few words, `word` is one of them, or empty."""
        choices = self.table[column].choices
        if choices and isinstance(word, str) and word and word not in choices:
            hint = did_you_mean(word, choices)
            self.reader.fault(loc, should_be(one_of(choices)), hint)

    def _recipe(self, column: str, recipe: dict[str, Any], loc: Loc) -> None:
        """A product makes a number; what comes after a time of ours is a time."""
        kind = self.table[column].kind
        for way in ("product", "minus"):
            if way in recipe and kind not in _NUMBERS:
                self.reader.fault(
                    (*loc, way), text("config.not_numbers", column=column), of_key=True
                )
        after = recipe.get("after")
        if after is None:
            return
        loc = (*loc, "after")
        if kind not in _TIMES:
            self.reader.fault(loc, text("config.not_a_time", column=column), of_key=True)
        elif not self._known(str(after), loc):
            return
        elif after == column or self.table[after].kind not in _TIMES:
            self.reader.fault(loc, should_be(text("config.other_time_column")))
