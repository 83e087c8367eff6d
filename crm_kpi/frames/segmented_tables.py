"""The tables of a run, with the columns that they are split and filtered by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crm_kpi.frames._narwhals import nw

Tables = Mapping[str, "nw.LazyFrame"]


def segment_column(name: str) -> str:
    """The internal name of a segment column, the same on every table."""
    return f"by:{stored_name(name)}"


def stored_name(name: str) -> str:
    """The name of a file's own column in a table: a dot would mean a field within to Spark."""
    return name.replace(".", "\x1f")


@dataclass(frozen=True)
class SegmentedTables:
    """The same tables in the four forms that frames begin with.

    Attributes:
        filtered: the rows that `--where` keeps, with all segment columns beside.
        without_customer_segments: the same rows, which may lack the segment columns that they
            have through their customer: for frames that have fewer rows than the table, and
            attach them then.
        unfiltered: all rows, also those that `--where` leaves out, without segment columns.
        with_where_flag: all rows with the segment columns, and `kept`: whether `--where` keeps
            the row. For what is judged by other rows, which may be among those that are left
            out. Rejected rows stand here too, as `crm_kpi.tables.rejected(table)`, where there
            are any.
        columns: which of our columns each table really has.
        headers: what the files call our columns, by table.
        unique_columns: columns that are known to name one row, as (table, column).
        by: the segment columns of the question, the same names on every table.
        own: the segment columns that a table has itself, and not from the customer or lead that
            a row names; those of `--where` too.
        lacking: those that its rows have from nobody.
        customer_segments: customer_id and segment columns, one row per customer.
    """

    filtered: Tables
    without_customer_segments: Tables
    unfiltered: Tables
    with_where_flag: Tables
    columns: Mapping[str, frozenset[str]]
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unique_columns: frozenset[tuple[str, str]] = frozenset()
    by: tuple[str, ...] = ()
    own: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lacking: Mapping[str, frozenset[str]] = field(default_factory=dict)
    customer_segments: nw.LazyFrame | None = None

    @classmethod
    def unsplit(cls, tables: Tables, columns: Mapping[str, frozenset[str]]) -> SegmentedTables:
        """Tables of which no segments are asked for and all rows are kept."""
        flagged = {
            name: rows.with_columns(kept=nw.lit(value=True)) for name, rows in tables.items()
        }
        return cls(tables, tables, tables, flagged, columns)

    def with_rows(self, rows: Tables) -> SegmentedTables:
        """The same with other rows that are used, which are not split."""
        return replace(self, filtered=rows, without_customer_segments=rows, by=())

    def own_segment_columns(self, table: str) -> list[str]:
        """The segment columns that stand in the rows `without_customer_segments`."""
        return [name for name in self.by if name in self.own.get(table, ())]

    def customer_segment_columns(self, table: str) -> list[str]:
        """The others, which its customers have."""
        return [name for name in self.by if name not in self.own.get(table, ())]

    def attach_customer_segments(self, frame: nw.LazyFrame, table: str) -> nw.LazyFrame:
        """The frame with the segment columns that the customers of a table have."""
        names = self.customer_segment_columns(table)
        if not names:
            return frame
        if self.customer_segments is None or self.lacking.get(table, set()).issuperset(names):
            return frame.with_columns(nw.lit(None, nw.String).alias(name) for name in names)
        columns = self.customer_segments.select("customer_id", *names)
        return frame.join(columns, on="customer_id", how="left")
