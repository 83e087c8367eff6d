"""Which rows lower the scores of data quality: a list for whoever mends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from crm_kpi.engine.backends.polars import Polars
from crm_kpi.engine.run import requests
from crm_kpi.errors import Problem
from crm_kpi.frames.cell_checks import ONE_EMAIL, pair
from crm_kpi.frames.context import FrameContext
from crm_kpi.frames.segmented_tables import SegmentedTables
from crm_kpi.frames.timeline import Timeline
from crm_kpi.kpi import of_type
from crm_kpi.messages import Message, text
from crm_kpi.metrics._spec import Metric
from crm_kpi.periods import DAY, Calendar
from crm_kpi.tables import ROW, TABLES, rejected

if TYPE_CHECKING:
    from crm_kpi.config import Config
    from crm_kpi.sources import LoadedTable

NO_ADDRESS = text("engine.not_an_email")
NO_NUMBER = text("engine.not_a_number")
NOT_ALLOWED = text("engine.not_allowed")
REPEATED = text("engine.in_earlier_row")
OTHER_ADDRESS = text("engine.other_email")
STRANGER = text("engine.no_such_customer")

CONTACTS = {"email": NO_ADDRESS, "phone": NO_NUMBER}


def bad_rows(config: Config, loaded: Mapping[str, LoadedTable], as_of: date) -> Iterator[Problem]:
    """The cells that validity, uniqueness and consistency count as wrong, with their places.

    What the loader has told already, as a problem of the same cell, is not told again.

    Args:
        loaded: read with `everything`, and with the text columns of the definitions.
    """
    context = _context(config, loaded, as_of)
    told = {
        (problem.path, problem.line, problem.column)
        for found in loaded.values()
        for problem in found.audit.problems
    }
    for request in of_type(requests(config, ["validity", "uniqueness", "consistency"]), Metric):
        if any(table not in loaded for table in request.needs):
            continue
        for part in request.kpi.parts(request.definition):
            table = str(dict(part.frame.options)["table"])
            cells = context.frame(part.frame.build, **dict(part.frame.options))
            names = cells.columns
            checks = [n.removesuffix(":cells") for n in names if n.endswith(":cells")]
            for check in checks if ROW in names else ():
                column, reason = _fault(request.name, table, check)
                wrong = (nw.col(f"{check}:cells") == 1) & (nw.col(f"{check}:ok") == 0)
                (rows,) = context.backend.fetch([cells.filter(wrong).select(ROW)])
                for row in sorted(found[ROW] for found in rows):
                    path, line = loaded[table].place(row)
                    if (path, line, column) not in told:
                        value = _value(loaded[table], row, column)
                        yield Problem(reason, path, line, column, value)


def _context(config: Config, loaded: Mapping[str, LoadedTable], as_of: date) -> FrameContext:
    frames = {table: found.frame for table, found in loaded.items()}
    frames |= {rejected(table): f.rejected for table, f in loaded.items() if len(f.rejected)}
    tables = {table: nw.from_native(frame.lazy()) for table, frame in frames.items()}
    polars = Polars()
    times = Timeline(
        calendar=Calendar((), 0, {}),
        bounds=(),
        first_day=as_of,
        first_unknown_day=as_of + DAY,
        timezone=config.timezone,
        from_columns=polars.from_columns,
    )
    columns = {table: found.columns for table, found in loaded.items()}
    return FrameContext(SegmentedTables.unsplit(tables, columns), times, polars)


def _fault(dimension: str, table: str, check: str) -> tuple[str, Message]:
    """The column that a check looks at, and what it says of a wrong cell."""
    if dimension == "uniqueness":
        return check, REPEATED
    if dimension == "validity":
        return check, CONTACTS.get(check, NOT_ALLOWED)
    if check == ONE_EMAIL:
        return "email", OTHER_ADDRESS
    for start, end in TABLES[table].ordered:
        if check == pair(start, end):
            return end, text("engine.before", column=start)
    return "customer_id", STRANGER


def _value(loaded: LoadedTable, row: int, column: str) -> str | None:
    for frame in (loaded.rejected, loaded.frame):
        mine = frame.filter(frame[ROW] == row)
        if len(mine):
            value = mine[column][0]
            return None if value is None else str(value)
    return None
