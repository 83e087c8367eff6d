"""How a file can be read: found out as the loader finds it out, and asked where it cannot be.

What the loader proves by itself needs no word in a config. The rest are questions, each with
its answers, the most likely one first: whoever asks them decides how.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl

from crm_kpi import currencies
from crm_kpi.errors import DataError
from crm_kpi.sources.mapping import headers, presets
from crm_kpi.sources.mapping.aliases import ALIASES
from crm_kpi.sources.mapping.detect_table import Fit, fits, fits_none
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.mapping.survey_questions import survey_in
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.column_context import ColumnContext
from crm_kpi.sources.spec import ReadOptions, SourceColumn, SourceSpec
from crm_kpi.sources.tabular_file import ColumnRequest, TabularFile
from crm_kpi.sources.wizard.ambiguity import Choice, Prompt, Resolution, attempt, proved, resolve
from crm_kpi.tables import ROW, SURVEYS, TABLES, Kind, Table

LEAVE_OUT = "none of them: leave this file out"
NOT_SAID = "none of them: leave it open"
_SCALES = ReadOptions(date.min).scales


class NoTable(DataError):
    """A file that is no table, or is left out."""


@dataclass
class Proposal:
    """One block of a config: one file, or one survey in it."""

    spec: SourceSpec
    headers: dict[str, str]
    """Ours: theirs."""
    rows: int = 0
    notes: list[str] = field(default_factory=list)
    """How dates and numbers are written, as the rows prove."""
    assumed: list[str] = field(default_factory=list)
    """What was taken for granted, one sentence each."""
    open: list[tuple[str, str]] = field(default_factory=list)
    """Lines of config that somebody has to complete, and why."""
    scores: tuple[int, int] | None = None
    """The lowest and the highest."""
    currencies: set[str] = field(default_factory=set)


def propose(path: str, ask: Prompt, table: str | None = None) -> list[Proposal]:
    """The blocks that read this file, as `table` or as the one that it fits.

    Raises:
        NoTable: it fits none, and nobody says how it could.
        DataError: it cannot be read.
    """
    found = fits(path)
    fit = next((f for f in found if f.table == table), None) if table else _chosen(path, found, ask)
    if fit is None:
        raise NoTable(f"{path}: cannot be split into columns as {table}")
    given = _required(path, fit, ask)
    if fit.table != "surveys" or "survey" in fit.columns:
        return [_block(path, fit, given, ask)]
    return [_survey(_block(path, fit, one, ask), ask) for one in _scores(path, fit, given, ask)]


def _chosen(path: str, found: Sequence[Fit], ask: Prompt) -> Fit:
    """The table that the file is, if its headers, or else its name, tell."""
    whole = [fit for fit in found if not fit.missing]
    near = [fit for fit in found if len(fit.missing) == 1 and fit.score >= 2]
    if not whole:
        if not near:
            raise NoTable(fits_none(path, found).message)
        return near[0]
    best, *others = whole
    rivals = [fit for fit in others if (fit.score, fit.named) == (best.score, best.named)]
    if not best.named:
        # `date` and `amount` make costs; with an order number, a product and a channel beside
        # them it is rather transactions that lack a customer.
        rivals += [fit for fit in near if fit.score > best.score + 1]
    if not rivals:
        return best
    choices = [best, *rivals]
    answers = tuple(f"{fit.table}{_lack(fit)}" for fit in choices)
    question = Choice(
        f"{path}: its headers fit several tables: {headers.listed(best.headers)}; which is it?",
        answers,
        hint=f"say which, as in --{best.table.replace('_', '-')} {path}",
    )
    answer = ask(question)
    return choices[answer or 0]


def _lack(fit: Fit) -> str:
    return f" (without {fit.missing[0]} as yet)" if fit.missing else ""


def _required(path: str, fit: Fit, ask: Prompt) -> dict[str, int]:
    """Our column: the position of the header that was chosen for it."""
    given: dict[str, int] = {}
    table = TABLES[fit.table]
    used = {i for name in table.required for i in fit.columns.get(name, ())}
    for name in fit.missing:
        free = [i for i, h in enumerate(fit.headers) if h and i not in used]
        close = _close(table, name, fit.headers, free)
        taken = [fit.headers[i] for i in used]
        error = headers.missing(table, [name], fit.headers, path, taken=taken)
        offered = [*close, None, *(i for i in free if i not in close)]
        answers = tuple(LEAVE_OUT if i is None else fit.headers[i] for i in offered)
        answer = ask(Choice(f"{error.message}; which is it?", answers, must=False))
        chosen = None if answer is None else offered[answer]
        if chosen is None:
            raise NoTable(error.message, hint=error.hint)
        given[name] = chosen
        used.add(chosen)
    for name, at in fit.columns.items():
        if len(at) < 2 or (name == "score" and "survey" not in fit.columns):
            continue  # several scores may be several surveys
        if table[name].kind is Kind.TEXT:
            given[name] = at[0]
            continue
        names = tuple(f"{fit.headers[i]} (column {i + 1})" for i in at)
        answer = ask(
            Choice(
                f"{path}: {' and '.join(names)} can both be {name} of {fit.table}; which is it?",
                names,
                hint=f"sources.{fit.table}.columns.{name} says which",
            )
        )
        given[name] = at[answer or 0]
    return given


def _close(table: Table, column: str, names: Sequence[str], free: Sequence[int]) -> list[int]:
    """The free headers that are spelled nearly like a known name of the column."""
    keys = {key(names[i]): i for i in free}
    known = (column, *ALIASES[table.name].get(column, ()))
    hits = (difflib.get_close_matches(key(name), keys, n=1, cutoff=0.75) for name in known)
    return list(dict.fromkeys(keys[hit] for found in hits for hit in found))


def _scores(path: str, fit: Fit, given: dict[str, int], ask: Prompt) -> list[dict[str, int]]:
    """The columns of each survey in the file: it may hold the questions of several."""
    at = fit.columns["score"] if "score" in fit.columns else (given["score"],)
    asked = [survey_in(fit.headers[i]) for i in at]
    if len(set(asked)) == len(at) and (len(at) == 1 or None not in asked):
        return [given | {"score": i} for i in at]
    names = tuple(f"{fit.headers[i]} (column {i + 1})" for i in at)
    answer = ask(
        Choice(
            f"{path}: {' and '.join(names)} can all be score of surveys; which is it?",
            names,
            hint="sources.surveys.columns.score says which",
        )
    )
    return [given | {"score": at[answer or 0]}]


def _block(path: str, fit: Fit, given: dict[str, int], ask: Prompt) -> Proposal:
    """Every column that has a type is read as the loader would, all its rows."""
    table = TABLES[fit.table]
    at = {name: found[0] for name, found in fit.columns.items() if found} | given
    spec = SourceSpec(
        table.name,
        (path,),
        preset=fit.preset.name if fit.preset else None,
        columns=_named(path, fit, at, given),
    )
    block = Proposal(spec, {})
    known = presets.applied(table, spec, path, fit.headers)
    made = {
        name: str(source_header) for name, source_header in known.columns.items() if name not in at
    }
    block.headers = {name: fit.headers[at[name]] for name in table.names if name in at} | made
    block.notes = [f"it is an export of {fit.preset.title}"] if fit.preset else []
    block.assumed = [
        f"{name} is {fit.headers[i]!r}, not {fit.headers[other]!r}"
        for name, i in given.items()
        if table[name].kind is Kind.TEXT
        for other in fit.columns[name]
        if other != i
    ]
    file = Session().open(path, table, block.spec)
    typed = [name for name in at if table[name].kind not in (Kind.ID, Kind.TEXT)]
    wanted = [*typed, *(["currency"] if "currency" in at else [])]
    keys = [at[n] for n in at if table[n].kind in (Kind.ID, Kind.DATE, Kind.TIME)]
    file.want(ColumnRequest((at[name] for name in wanted), keys))
    frame = _sound(file)
    block.rows = frame.height
    tried = {}
    for name in typed:
        context = ColumnContext(table[name], known, "UTC", frame[ROW], _place(file))
        text = frame[str(at[name])]
        tried[name] = text, context, attempt(text, context)
    usual = {way for *_, found in tried.values() if (way := proved(found))}
    for text, context, found in tried.values():
        _add(block, context, resolve(text, context, found, ask, usual))
    if "currency" in wanted:
        words = frame[str(at["currency"])].unique().drop_nulls()
        block.currencies = {currencies.code(word.strip()) or word.strip() for word in words} - {""}
    return block


def _named(
    path: str, fit: Fit, at: dict[str, int], given: dict[str, int]
) -> dict[str, SourceColumn]:
    """What `columns:` has to say: nothing for a header that the loader finds by itself.

    A header that stands twice, or is blank, is named by its position. A file of which only
    positions are named would count as one without header line, so others are named too.
    """
    table = TABLES[fit.table]

    def source_header(i: int) -> str | int:
        return fit.headers[i] if headers.find(fit.headers, fit.headers[i]) == [i] else i + 1

    told: dict[str, SourceColumn] = {
        name: source_header(i)
        for name, i in given.items()
        if headers.matches(table, name, fit.headers) != [i]
    }
    if told and all(isinstance(one, int) for one in told.values()):
        told |= {n: source_header(i) for n, i in at.items() if isinstance(source_header(i), str)}
        if all(isinstance(one, int) for one in told.values()):
            raise DataError(
                f"{path}: its headers cannot be told apart: {headers.listed(fit.headers)}",
                hint="rename them in the file",
            )
    return {name: told[name] for name in table.names if name in told}


def _sound(file: TabularFile) -> pl.DataFrame:
    """The rows that have as many fields as the header."""
    frame = file.frame()
    ragged = [*file.faults.values()]
    return frame.filter(~pl.col(ROW).is_in(pl.concat(ragged).implode())) if ragged else frame


def _place(file: TabularFile) -> Callable[[int], str]:
    return lambda row: f"{file.path}:{file.lines([row])[0]}"


def _add(block: Proposal, context: ColumnContext, settled: Resolution) -> None:
    spec, name = block.spec, context.name
    if settled.dates:
        spec = replace(spec, dates=_each(spec.dates) | {name: settled.dates})
    if settled.numbers:
        spec = replace(spec, numbers=_each(spec.numbers) | {name: settled.numbers})
    if settled.values:
        spec = replace(spec, values=spec.values | {name: settled.values})
    block.spec = spec
    block.notes += settled.found.notes
    block.assumed += [settled.assumed] if settled.assumed else []
    if context.column.kind is Kind.MONEY:
        signs = {code for sign in settled.found.currencies if (code := currencies.code(sign))}
        header = currencies.in_header(block.headers[name])
        block.currencies |= signs | ({header} if header else set())
    if context.column.kind is Kind.SCORE and settled.found.series:
        scores = settled.found.series[0]
        block.scores = None if scores.null_count() == len(scores) else _range(scores)


def _each(declared: str | dict[str, str] | None) -> dict[str, str]:
    return declared if isinstance(declared, dict) else {}


def _range(scores: pl.Series) -> tuple[int, int]:
    return int(str(scores.min())), int(str(scores.max()))


def _survey(block: Proposal, ask: Prompt) -> Proposal:
    """Which survey a file without a column for it is: its header says it, its name, or its range.

    Raises nothing and leaves it open where none of them does, or they contradict.
    """
    header, path = block.headers["score"], block.spec.paths[0]
    low, high = block.scores or (1, 5)
    possible = [s for s, (least, most) in _SCALES.items() if least <= low and high <= most]
    said = survey_in(header) or survey_in(Path(path).stem)
    if said is None and possible == ["nps"]:
        said = "nps"
    if said is None or (block.scores and said not in possible):
        question = Choice(
            f"{path}: scores from {low} to {high} under {header!r}; which survey is it?",
            (*(possible or SURVEYS), NOT_SAID),
            must=False,
        )
        answer = ask(question)
        said = None if answer is None else question.answers[answer]
    if said in SURVEYS:
        block.spec = replace(block.spec, constants={"survey": str(said)})
        block.assumed.append(f"survey is {said}: {header!r}, scores from {low} to {high}")
    else:
        block.open.append(
            ("constants: {survey: nps}", "nps, csat or ces: neither the header nor the scores tell")
        )
    return block
