"""How a file can be read: found out as the loader finds it out, and asked where it cannot be.

What the loader proves by itself needs no word in a config. The rest are questions, each with
its answers, the most likely one first: whoever asks them decides how.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from crm_kpi import currencies, messages
from crm_kpi.addresses import shown_path
from crm_kpi.errors import DataError
from crm_kpi.messages import Message, joined
from crm_kpi.sources.mapping import headers, presets
from crm_kpi.sources.mapping.aliases import ALIASES
from crm_kpi.sources.mapping.detect_table import WISHED, Fit, fits
from crm_kpi.sources.mapping.headers import is_of_another
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.mapping.survey_questions import scale_in, survey_in
from crm_kpi.sources.mapping.vietnamese import is_vietnamese
from crm_kpi.sources.meaning import interval_words, score_words
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.column_context import ColumnContext, TypedColumn
from crm_kpi.sources.parsing.open_dates import settled
from crm_kpi.sources.rejects import RowPlace
from crm_kpi.sources.spec import SourceColumn, SourceSpec
from crm_kpi.sources.tabular_file import ColumnRequest, TabularFile
from crm_kpi.sources.wizard.ambiguity import Choice, Prompt, Resolution, attempt, resolve
from crm_kpi.sources.wizard.config_line import ConfigLine
from crm_kpi.sources.wizard.likeliest_table import NoTable, likeliest, of_returns
from crm_kpi.tables import ROW, SURVEYS, TABLES, Kind, Table

_SCALES = score_words.USUAL.scales


@dataclass
class Proposal:
    """One block of a config: one file, or one survey in it."""

    spec: SourceSpec
    headers: dict[str, str]
    """Ours: theirs."""
    rows: int = 0
    notes: list[Message] = field(default_factory=list)
    """How dates and numbers are written, as the rows prove."""
    assumed: list[Message] = field(default_factory=list)
    """What was taken for granted, one sentence each."""
    open: list[ConfigLine] = field(default_factory=list)
    """What nobody has chosen yet, one line for each way."""
    chosen: list[ConfigLine] = field(default_factory=list)
    """What somebody chose of it."""
    scores: tuple[int, int] | None = None
    """The lowest and the highest."""
    currencies: set[str] = field(default_factory=set)


def propose(path: str, ask: Prompt, table: str | None = None) -> list[Proposal]:
    """The blocks that read this file, as `table` or as the one that it fits.

    Raises:
        NoTable: it fits none, and nobody says how it could.
        DataError: it cannot be read.
    """
    every = fits(path)
    fit = (
        next((f for f in every if f.table == table), None) if table else likeliest(path, every, ask)
    )
    if fit is None:
        raise NoTable(messages.text("wizard.cannot_be_split", path=path, table=table))
    try:
        chosen, undecided = _required(path, fit, ask)
    except NoTable as error:
        whole = [each for each in every[:1] if not each.missing]
        raise NoTable(error.message, hint=error.hint, fits=[fit, *whole]) from error
    if fit.table != "surveys" or "survey" in fit.columns:
        blocks = [_block(path, fit, chosen, ask)]
    else:
        surveys = _scores(path, fit, chosen, ask)
        blocks = [_survey(_block(path, fit, survey, ask), ask) for survey in surveys]
    for block in blocks:
        _either_column(block, path, fit, undecided)
    return blocks


def _required(
    path: str, fit: Fit, ask: Prompt
) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    """Our column: the position of the header that was chosen for it; and those of the headers
    between which nobody has chosen."""
    chosen: dict[str, int] = {}
    undecided: dict[str, tuple[int, ...]] = {}
    table = TABLES[fit.table]
    wished = WISHED.get(fit.table, ())
    used = {i for name in (*table.required, *wished) for i in fit.columns.get(name, ())}
    for name in (*fit.missing, *(name for name in wished if name not in fit.columns)):
        free = [i for i, h in enumerate(fit.headers) if h and i not in used]
        close = _close(table, name, fit.headers, free)
        if name in wished and not close:
            continue
        taken = [fit.headers[i] for i in used]
        error = headers.missing(table, [name], fit.headers, path, taken=taken)
        offered = [*close, None, *(i for i in free if i not in close)]
        leave_out = messages.text("wizard.leave_out")
        answers = tuple(leave_out if i is None else fit.headers[i] for i in offered)
        what = messages.text("wizard.which", what=error.message)
        alone = len(close) == 1 and table[name].kind in (Kind.DATE, Kind.TIME)  # its cells prove it
        answer = ask(Choice(what, answers, error.hint, must=name in wished, open=not alone))
        if answer is None and name in wished:
            undecided[name] = tuple(close)
        position = None if answer is None else offered[answer]
        if position is None:
            if name in wished:
                continue
            raise NoTable(error.message, hint=error.hint, fits=[fit])
        chosen[name] = position
        used.add(position)
    for name, places in fit.columns.items():
        if len(places) < 2 or (name == "score" and "survey" not in fit.columns):
            continue  # several scores may be several surveys
        if table[name].kind is Kind.TEXT:
            chosen[name] = places[0]
            continue
        names = _numbered(fit, places)
        what = messages.text(
            "wizard.can_both_be", path=path, headers=_listed(names), column=name, table=fit.table
        )
        hint = messages.text("wizard.say_column", table=fit.table, column=name)
        answer = ask(Choice(what, names, hint, open=True))
        if answer is None:
            undecided[name] = places
        else:
            chosen[name] = places[answer]
    return chosen, undecided


def _either_column(
    block: Proposal, path: str, fit: Fit, undecided: dict[str, tuple[int, ...]]
) -> None:
    """Offer each header as the one that a column may be."""
    places = {name: found[0] for name, found in fit.columns.items() if found}
    for name, either in undecided.items():
        for place in either:
            named = _named(path, fit, places | {name: place}, {name: place})
            header = named.pop(name)
            block.spec = replace(block.spec, columns=block.spec.columns | named)
            title = messages.text("wizard.numbered", header=fit.headers[place], number=place + 1)
            of_file = not isinstance(header, int)
            line = ConfigLine(("columns", name), str(header), title, of_file=of_file)
            block.open.append(line)


def _numbered(fit: Fit, places: Sequence[int]) -> tuple[Message, ...]:
    """Headers of which some may be equal, with their positions."""
    return tuple(
        messages.text("wizard.numbered", header=fit.headers[i], number=i + 1) for i in places
    )


def _listed(names: Sequence[Message]) -> Message:
    return joined(names, messages.text("general.and"))


def _close(table: Table, column: str, names: Sequence[str], free: Sequence[int]) -> list[int]:
    """The free headers that are spelled nearly like a known name of the column."""
    keys = {key(names[i]): i for i in free if not is_of_another(table, column, names[i])}
    known = (column, *ALIASES[table.name].get(column, ()))
    hits = (difflib.get_close_matches(key(name), keys, n=1, cutoff=0.75) for name in known)
    return list(dict.fromkeys(keys[hit] for close in hits for hit in close))


def _scores(path: str, fit: Fit, chosen: dict[str, int], ask: Prompt) -> list[dict[str, int]]:
    """The columns of each survey in the file: it may hold the questions of several."""
    places = fit.columns["score"] if "score" in fit.columns else (chosen["score"],)
    asked = [survey_in(fit.headers[i]) for i in places]
    if len(set(asked)) == len(places) and (len(places) == 1 or None not in asked):
        return [chosen | {"score": i} for i in places]
    names = _numbered(fit, places)
    what = messages.text("wizard.can_all_be_score", path=path, headers=_listed(names))
    hint = messages.text("wizard.say_column", table="surveys", column="score")
    answer = ask(Choice(what, names, hint, open=True))
    if answer is None:
        raise NoTable(what, hint=hint, fits=[fit])
    return [chosen | {"score": places[answer]}]


def _block(path: str, fit: Fit, chosen: dict[str, int], ask: Prompt) -> Proposal:
    """Every column that has a type is read as the loader would, all its rows."""
    table = TABLES[fit.table]
    places = {name: found[0] for name, found in fit.columns.items() if found} | chosen
    spec = SourceSpec(
        table.name,
        (path,),
        preset=fit.preset.name if fit.preset else None,
        columns=_named(path, fit, places, chosen),
    )
    block = Proposal(spec, {})
    known = presets.applied(table, spec, path, fit.headers)
    derived = {name: str(header) for name, header in known.columns.items() if name not in places}
    names = (name for name in table.names if name in places)
    block.headers = {name: fit.headers[places[name]] for name in names} | derived
    if fit.table == "transactions" and "kind" not in fit.columns and of_returns(path):
        block.spec = replace(block.spec, constants={"kind": "refund"})
        block.assumed.append(messages.text("wizard.returns"))
    if fit.preset:
        block.notes.append(messages.text("wizard.export_of", title=fit.preset.title))
    block.assumed += [
        messages.text(
            "wizard.taken_header", column=name, header=fit.headers[i], other=fit.headers[other]
        )
        for name, i in chosen.items()
        if table[name].kind is Kind.TEXT
        for other in fit.columns[name]
        if other != i
    ]
    file = Session().open(path, table, block.spec)
    typed = [name for name in places if table[name].kind not in (Kind.ID, Kind.TEXT)]
    wanted = [*typed, *(["currency"] if "currency" in places else [])]
    keys = [places[n] for n in places if table[n].kind in (Kind.ID, Kind.DATE, Kind.TIME)]
    file.want(ColumnRequest((places[name] for name in wanted), keys))
    frame = _sound(file)
    block.rows = frame.height
    tried = {}
    vietnamese = is_vietnamese(
        table, file.headers, {name: file.headers[place] for name, place in places.items()}
    )
    for name in typed:
        context = ColumnContext(
            table[name], known, "UTC", frame[ROW], _place(file), vietnamese=vietnamese
        )
        text = frame[str(places[name])]
        if name == "interval":
            text = _in_units(text)
        if table[name].kind is Kind.SCORE:
            text = score_words.in_numbers(text, survey_in(fit.headers[places[name]]))
        tried[name] = text, context, attempt(text, context)
    columns = [column for *_, column in tried.values() if isinstance(column, TypedColumn)]
    usual = {way for column in columns if (way := column.proved)}
    for text, context, column in tried.values():
        if isinstance(column, DataError):
            column = settled(column, columns, vietnamese=vietnamese) or column
        _add(block, context, resolve(text, context, column, ask, usual))
    if "currency" in wanted:
        words = frame[str(places["currency"])].unique().drop_nulls()
        block.currencies = {currencies.code(word.strip()) or word.strip() for word in words} - {""}
    return block


def _in_units(text: pl.Series) -> pl.Series:
    """Words of intervals as ours, of those that the loader knows: `6 months` is of months."""
    known = {
        word: unit
        for word in text.unique().drop_nulls()
        if (found := interval_words.meaning(word)) and (unit := found[0])
    }
    return text.replace(known) if known else text


def _named(
    path: str, fit: Fit, places: dict[str, int], chosen: dict[str, int]
) -> dict[str, SourceColumn]:
    """What `columns:` has to say: nothing for a header that the loader finds by itself.

    A header that stands twice, or is blank, is named by its position. A file of which only
    positions are named would count as one without header line, so others are named too.
    """
    table = TABLES[fit.table]

    def source_header(i: int) -> str | int:
        return fit.headers[i] if headers.positions(fit.headers, fit.headers[i]) == [i] else i + 1

    named: dict[str, SourceColumn] = {
        name: source_header(i)
        for name, i in chosen.items()
        if headers.matches(table, name, fit.headers) != [i]
    }
    if named and all(isinstance(header, int) for header in named.values()):
        others = {name: source_header(i) for name, i in places.items()}
        named |= {name: header for name, header in others.items() if isinstance(header, str)}
        if all(isinstance(header, int) for header in named.values()):
            listed = headers.listed(fit.headers)
            what = messages.text("wizard.same_headers", path=path, headers=listed)
            raise DataError(what, hint=messages.text("wizard.rename_headers"))
    return {name: named[name] for name in table.names if name in named}


def _sound(file: TabularFile) -> pl.DataFrame:
    """The rows that have as many fields as the header."""
    frame = file.frame()
    ragged = [*file.faults.values()]
    return frame.filter(~pl.col(ROW).is_in(pl.concat(ragged).implode())) if ragged else frame


def _place(file: TabularFile) -> RowPlace:
    return lambda row: (file.path, file.lines([row])[0])


def _add(block: Proposal, context: ColumnContext, settled: Resolution) -> None:
    spec, name = block.spec, context.name
    if settled.dates:
        spec = replace(spec, dates=_each(spec.dates) | {name: settled.dates})
    if settled.numbers:
        spec = replace(spec, numbers=_each(spec.numbers) | {name: settled.numbers})
    if settled.values:
        spec = replace(spec, values=spec.values | {name: settled.values})
    block.spec = spec
    block.notes += settled.column.notes
    block.assumed += [settled.assumed] if settled.assumed else []
    block.open += settled.open
    if context.column.kind is Kind.MONEY:
        signs = {code for sign in settled.column.currencies if (code := currencies.code(sign))}
        header = currencies.in_header(block.headers[name])
        block.currencies |= signs | ({header} if header else set())
    if context.column.kind is Kind.SCORE and settled.column.series:
        scores = settled.column.series[0]
        block.scores = None if scores.null_count() == len(scores) else _range(scores)


def _each(declared: str | dict[str, str] | None) -> dict[str, str]:
    return declared if isinstance(declared, dict) else {}


def _range(scores: pl.Series) -> tuple[int, int]:
    return int(str(scores.min())), int(str(scores.max()))


def _survey(block: Proposal, ask: Prompt) -> Proposal:
    """Which survey a file without a column for it is: its header says it, its name, or its range.

    Raises nothing and leaves it open where none of them does, or name and range contradict; the
    range that a question contradicts is the report's to ask about.
    """
    header, path = block.headers["score"], block.spec.paths[0]
    low, high = block.scores or (1, 5)
    possible = [s for s, (least, most) in _SCALES.items() if least <= low and high <= most]
    asked = scale_in(header)
    if asked is not None:
        possible = [s for s in possible if _SCALES[s] == asked] or possible
    survey = survey_in(header) or survey_in(Path(shown_path(path)).stem)
    if survey is None and possible == ["nps"]:
        survey = "nps"
    surveys = tuple(possible or SURVEYS)
    by_name = survey is not None and survey_in(header) is None
    if survey is None or (by_name and block.scores and survey not in possible):
        what = messages.text("wizard.which_survey", path=path, low=low, high=high, header=header)
        answers = (*surveys, messages.text("wizard.leave_open"))
        answer = ask(Choice(what, answers, must=False, open=True))
        survey = surveys[answer] if answer is not None and answer < len(surveys) else None
    if survey is None:
        why = messages.text("wizard.survey_open")
        block.open += [ConfigLine(("constants", "survey"), each, why) for each in surveys]
        return block
    block.spec = replace(block.spec, constants={"survey": survey})
    block.assumed.append(
        messages.text("wizard.survey_is", survey=survey, header=header, low=low, high=high)
    )
    return block
