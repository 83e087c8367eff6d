"""`crm-kpi compare OLD NEW`: two exports of one customers list, and what changed between them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from crm_kpi.cli import compare_output, notices, validate_clean
from crm_kpi.cli.compare_options import CompareOptions
from crm_kpi.cli.output import opened, refuse_inputs
from crm_kpi.engine.as_of import declared
from crm_kpi.engine.customer_lists import CustomerList, read_lists
from crm_kpi.engine.list_changes import Change, ListChanges
from crm_kpi.errors import DataError, ExitCode, UsageError
from crm_kpi.messages import Message, should_be, text
from crm_kpi.periods import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_kpi.config.model import Config

_OPTIONS = ("--old-date", "--new-date")
_SOME_DAY = "YYYY-MM-DD"
_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})[-_.]?([01][0-9])[-_.]?([0-3][0-9])(?![0-9])")
"""A day in the name of a file: to be suggested, never taken."""


def run(options: CompareOptions) -> int:
    config = options.load_config()
    if config.path is None and not options.quiet:
        notices.unused_config()
    output = options.output
    if output is not None and output.suffix.lower() != ".csv" and str(output) != "-":
        raise UsageError(text("compare.not_csv", path=output), hint=text("compare.name_csv"))
    days = _day(_OPTIONS[0], options.old_date), _day(_OPTIONS[1], options.new_date)
    if days[0] and days[1] and days[0] >= days[1]:
        raise UsageError(
            text("compare.dates_reversed", old=days[0], new=days[1]),
            hint=text("compare.old_first"),
        )
    specs = config.specs()
    refuse_inputs(output, [p for p in (options.old, options.new, config.path) if p])
    old, new = read_lists(options.old, options.new, config, specs)
    changes, said = _dated(old, new, days, config)
    if str(output) != "-":
        with opened(None) as stream:
            compare_output.write(changes, options.format, stream, options.show)
    if output is not None:
        table = changes.table
        validate_clean.save(output, table.columns, table, "-o")
    if not options.quiet:
        _tell(changes, [*said, *_notes(changes, output)], options)
    return ExitCode.OK


def _tell(changes: ListChanges, notes: list[Message], options: CompareOptions) -> None:
    for note in notes:
        notices.warning(text("cli.note", note=note))
    for one in (changes.old, changes.new):
        notices.list_reading(one.path, one.audit, verbose=options.verbose)
    if options.output is not None and str(options.output) != "-":
        path, since = quote(str(options.output)), changes.old_day + DAY
        notices.info(text("compare.try", path=path, since=since, to=changes.new_day))


def _day(option: str, word: str | None) -> date | None:
    """
    Raises:
        UsageError: it is no date.
    """
    if word is None:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        what = should_be(text("config.date"))
        raise UsageError(text("compare.option", option=option, word=word, what=what)) from error


def _dated(
    old: CustomerList,
    new: CustomerList,
    declared_days: tuple[date | None, date | None],
    config: Config,
) -> tuple[ListChanges, list[Message]]:
    """The changes between the days that are given or that the lists tell, and which those are.

    Raises:
        DataError: a list tells no day, or the new one none that is later.
    """
    until = declared(config).day
    lists = [*zip((old, new), declared_days, _OPTIONS, strict=True)]
    found = {one.path: one.newest(until) for one in (old, new)}
    lacking = [(one, option) for one, day, option in lists if not (day or found[one.path])]
    if lacking:
        what = text("compare.no_date", path=lacking[0][0].path)
        raise DataError(what, hint=_say_when((o, one.path) for one, o in lacking))
    days: list[date] = []
    said: list[Message] = []
    for one, day, option in lists:
        newest, column = found[one.path] or (date.min, "")
        if day is None:
            say = text("compare.newest", path=one.path, day=newest, column=column, option=option)
            said.append(say)
        elif newest > day:
            say = text("compare.later", path=one.path, day=day, column=column, later=newest)
            said.append(say)
        days.append(day or newest)
    if days[0] >= days[1]:
        what = text("compare.not_later", path=new.path, day=days[1], old=old.path, other=days[0])
        hint = _say_when((option, one.path) for one, _, option in lists)
        if days[0] > days[1]:
            hint = text("compare.swap", old=quote(new.path), new=quote(old.path), otherwise=hint)
        raise DataError(what, hint=hint)
    return ListChanges(old, new, days[0], days[1]), said


def _say_when(options: Iterable[tuple[str, str]]) -> Message:
    """The options to paste, with the day that the name of a file tells."""
    words = " ".join(f"{option} {_day_in_name(path)}" for option, path in options)
    return text("compare.say_when", options=words)


def _day_in_name(path: str) -> str:
    found = _IN_NAME.search(Path(path).name)
    try:
        return date(*map(int, found.groups())).isoformat() if found else _SOME_DAY
    except ValueError:
        return _SOME_DAY


def _notes(changes: ListChanges, output: Path | None) -> Iterator[Message]:
    """What was taken for granted, and what is not in the table that is written."""
    old, new = changes.old, changes.new
    if not new.leaving:
        yield text("compare.nobody_told")
    if changes.early:
        yield text("compare.early", count=changes.early, day=changes.old_day, path=old.path)
    if output is None:
        return
    if changes.ids(Change.WENT).len() + changes.ids(Change.TURNED).len():
        yield text("compare.left_on", since=changes.old_day, day=changes.new_day)
    if changes.came_unsigned:
        yield text("compare.came_on", count=changes.came_unsigned, day=changes.new_day)
    if changes.unsigned:
        yield text("compare.unsigned", count=changes.unsigned, day=changes.old_day)
    if returned := changes.ids(Change.RETURNED).len():
        yield text("compare.begin_again", count=returned, day=changes.new_day)
    if changes.undated:
        yield text("compare.undated", count=changes.undated, day=changes.old_day, path=output)
    yield text("compare.before", day=changes.old_day)
