"""Which columns of which files a source block reads, and as what: decided by headers alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from crm_kpi import messages
from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.messages import Message
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping import headers, presets, survey_questions
from crm_kpi.sources.mapping.aliases import ORDERS
from crm_kpi.sources.mapping.session import Session, has_header
from crm_kpi.sources.mapping.vietnamese import is_vietnamese
from crm_kpi.sources.names import key as folded
from crm_kpi.sources.names import unmapped
from crm_kpi.sources.parsing.fast_path import FastPathColumn, fast_path_for
from crm_kpi.sources.spec import (
    NEVER,
    DerivedColumn,
    Preset,
    ReadOptions,
    SourceColumn,
    SourceSpec,
)
from crm_kpi.sources.tabular_file import ColumnRequest, TabularFile
from crm_kpi.tables import Kind, Table


@dataclass(frozen=True)
class HeaderAnswer:
    """What the headers of a file decide on a question of meaning."""

    columns: dict[str, SourceColumn] = field(default_factory=dict)
    """Our column: what it is mapped to, as though it was declared."""
    reads: tuple[str, ...] = ()
    """Headers of which the question reads the text, each under `unmapped(header)`."""
    looks_at: tuple[str, ...] = ()
    """Columns of ours that it looks at before they are cast."""
    readings: tuple[Reading, ...] = ()
    scales: dict[str, Decimal] = field(default_factory=dict)
    """Our column of money: what it is multiplied by."""
    question: str = ""


AskHeaders = Callable[
    [Table, SourceSpec, tuple[str, ...], ReadOptions, str],
    tuple[SourceSpec, Sequence[HeaderAnswer]],
]


@dataclass
class MappedFile:
    """One file of a block: where in it each column that is read stands."""

    file: TabularFile
    reads: dict[str, int] = field(default_factory=dict)
    """Our column, or `unmapped(header)`: position."""
    has: dict[str, str] = field(default_factory=dict)
    """Our column: their header, also of columns that nobody reads."""
    positions: dict[str, int] = field(default_factory=dict)
    """Our column: where it stands, also of columns that nobody reads."""
    derived: dict[str, DerivedColumn] = field(default_factory=dict)
    others: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Our column: where else a row may have it, where it is blank at its position."""
    fast_paths: dict[int, FastPathColumn] = field(default_factory=dict)
    """The columns that may be typed while they are parsed."""
    notes: list[Message] = field(default_factory=list)
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Question of meaning: the columns whose text it reads."""
    readings: tuple[Reading, ...] = ()
    """What its headers have decided on those questions."""
    scales: dict[str, Decimal] = field(default_factory=dict)
    """Our column of money: what its amounts are multiplied by."""
    base: int = 0
    """What the numbers of its rows begin at among all of the table; known when it is parsed."""


@dataclass
class MappedBlock:
    """Files that are read the same way."""

    table: Table
    spec: SourceSpec
    parts: list[MappedFile]

    @property
    def derived(self) -> dict[str, DerivedColumn]:
        return self.parts[0].derived

    @property
    def asked(self) -> tuple[str, ...]:
        """The columns whose text is read for questions of meaning."""
        reads = (name for part in self.parts for names in part.asked.values() for name in names)
        return tuple(dict.fromkeys(reads))

    @cached_property
    def vietnamese(self) -> bool:
        """All of its files have Vietnamese headers, or are declared to be Vietnamese."""
        return self.spec.locale is not None or all(
            is_vietnamese(self.table, part.file.headers, part.has) for part in self.parts
        )

    def headers(self, column: str) -> tuple[str, ...]:
        """What the files call a column of ours."""
        return tuple(part.has[column] for part in self.parts if column in part.has)


def map_columns(
    table: Table, spec: SourceSpec, options: ReadOptions, session: Session, ask: AskHeaders
) -> list[MappedBlock]:
    """Open the files of a source block, match their headers, and say which columns will be read.

    It is one block, or several where a preset reads some of the files in a way of its own.

    Raises UsageError for a header that the config names and a file lacks, DataError for a
    required column that cannot be found and for one that could be several.

    Args:
        ask: answers the questions of meaning that headers alone decide.
    """
    _check(table, spec)
    spec = replace(spec, locale=spec.locale or options.locale)
    blocks: list[MappedBlock] = []
    files = ((path, f) for path in session.paths(spec) for f in session.open_all(path, table, spec))
    for path, file in files:
        full = _completed(presets.applied(table, spec, path, file.headers), table, file)
        full, question = survey_questions.asked(table, full, file)
        full, answers = ask(table, full, file.headers, options, file.titles)
        scales = {c: factor for answer in answers for c, factor in answer.scales.items()}
        alike = (b for b in blocks if _written_alike(b, full, file) and b.parts[0].scales == scales)
        block = next(alike, None)
        if block is None:
            blocks.append(block := MappedBlock(table, full, []))
        part = MappedFile(file)
        _tell(part, full, question)
        _fill(part, table, full, options)
        _read_for(answers, part)
        block.parts.append(part)
    for block in blocks:
        for part in block.parts:
            part.fast_paths = _fast_paths(part, block)
            # Columns of several files are looked at together.
            fast_paths = part.fast_paths if len(block.parts) == 1 else {}
            positions = [
                *part.reads.values(),
                *(at for more in part.others.values() for at in more),
            ]
            part.file.want(ColumnRequest(positions, _keys(part, table), fast_paths))
    return blocks


def _written_alike(block: MappedBlock, spec: SourceSpec, file: TabularFile) -> bool:
    """Whether a file proves with those of a block how its dates and numbers are written."""
    same_headers = block.parts[0].file.headers == file.headers
    return block.spec == spec and (same_headers or not spec.apart)


def _fast_paths(part: MappedFile, block: MappedBlock) -> dict[int, FastPathColumn]:
    """The columns that may be typed while they are parsed: nobody asks for their text."""
    spec, reads = block.spec, part.reads
    if part.file.typed or part.derived:
        return {}
    places = Counter(reads.values())
    fast_paths = {}
    for column in block.table.columns:
        place = reads.get(column.name)
        asked = column.name in spec.where or column.name in spec.exclude
        if (
            place is not None
            and places[place] == 1
            and not asked
            and column.name not in part.others
        ):
            fast_path = fast_path_for(column, spec)
            if fast_path is not None:
                fast_paths[place] = fast_path
    return fast_paths


def _completed(spec: SourceSpec, table: Table, file: TabularFile) -> SourceSpec:
    """`otherwise:` becomes a constant where the file has no such column."""
    lacking = {
        name: value
        for name, value in spec.otherwise.items()
        if name not in spec.columns and not headers.matches(table, name, file.headers)
    }
    return replace(spec, constants=lacking | spec.constants, otherwise={})


def _keys(part: MappedFile, table: Table) -> list[int]:
    """Where ids and dates stand, one of which every row has."""
    kinds = (Kind.ID, Kind.DATE, Kind.TIME)
    return [place for name, place in part.positions.items() if table[name].kind in kinds]


def _tell(part: MappedFile, spec: SourceSpec, question: str | None) -> None:
    """Say what the headers of a file have decided."""
    path, survey = part.file.path, spec.constants.get("survey")
    if isinstance(spec.preset, Preset):
        title, name = spec.preset.title, spec.preset.name
        part.notes.append(
            messages.text("mapping.read_by_preset", path=path, title=title, preset=name)
        )
        for column, recipe in spec.preset.spec.columns.items():
            mine = spec.columns.get(column)
            if isinstance(recipe, DerivedColumn) and recipe.minus[:1] == (mine,):
                there = [h for h in recipe.minus[1:] if headers.positions(part.file.headers, h)]
                less = ", ".join(there)
                part.notes.append(
                    messages.text("mapping.not_less", path=path, column=mine, less=less)
                )
    if question is not None and survey and survey_questions.survey_in(question) is None:
        part.readings += (_asked_for(question, survey),)
    if question is not None and survey:
        part.notes.append(
            messages.text("mapping.survey_asked", path=path, question=question, survey=survey)
        )
    elif question is not None:
        part.notes.append(messages.text("mapping.score_asked", path=path, question=question))


def _asked_for(question: str, survey: str) -> Reading:
    """That a question that only rates is the survey that was asked for."""
    return Reading(
        question,
        messages.text("meaning.asked_for", survey=survey),
        How.CONVENTIONAL,
        messages.text("meaning.asked_by_name", survey=survey),
        short=messages.text("meaning.asked_for_short", question=question, survey=survey),
    )


def _fill(part: MappedFile, table: Table, spec: SourceSpec, options: ReadOptions) -> None:
    """Decide what stands where in one file."""
    file = part.file
    for column in table.columns:
        _match(part, table, column.name, spec, options)
    _require(part, table, spec)
    for name in options.texts.get(table.name, frozenset()) - set(table.names):
        if headers.positions(file.headers, name):
            place = headers.position(file.headers, name, file.path, "--by or --where")
            part.reads[unmapped(name)] = place
    for key in ("where", "exclude"):
        for name in getattr(spec, key):
            _locate(part, name, f"sources.{table.name}.{key}")


def _read_for(answers: Sequence[HeaderAnswer], part: MappedFile) -> None:
    """The columns whose text questions of meaning need are read beside the others."""
    for answer in answers:
        part.readings += answer.readings
        part.scales |= answer.scales
        if answer.reads or answer.looks_at:
            part.asked[answer.question] = (*answer.looks_at, *answer.reads)
        for name in answer.reads:
            part.reads[unmapped(name)] = headers.positions(part.file.headers, name)[0]


def _check(table: Table, spec: SourceSpec) -> None:
    """Names of ours that the table does not know."""
    for key in ("columns", "constants", "values", "dates", "numbers"):
        declared = getattr(spec, key)
        for name in declared if isinstance(declared, dict) else ():
            if name not in table:
                raise _no_column(table, key, name)
    if spec.once not in (None, NEVER) and spec.once not in table:
        raise _no_column(table, "once", spec.once)
    both = spec.columns.keys() & spec.constants.keys()
    if both:
        raise UsageError(
            messages.text("mapping.in_both", table=table.name, columns=", ".join(sorted(both))),
            hint=messages.text("mapping.keep_one"),
        )


def _no_column(table: Table, key: str, name: str) -> UsageError:
    known = messages.text("general.known_columns", columns=", ".join(table.names))
    return UsageError(
        messages.text("mapping.no_column", table=table.name, key=key, name=name),
        hint=did_you_mean(name, table.names) or known,
    )


def _match(
    part: MappedFile, table: Table, column: str, spec: SourceSpec, options: ReadOptions
) -> None:
    """Find one column of ours in the file, if it is there."""
    # Columns with a type are always read, plain text when somebody asks.
    typed = table[column].kind is not Kind.TEXT or column == "currency"
    asked = column in options.texts.get(table.name, ())
    file, option = part.file, f"sources.{table.name}.columns"
    source = spec.columns.get(column)
    if column in spec.constants:
        part.has[column] = f"= {spec.constants[column]}"
        return
    if isinstance(source, DerivedColumn):
        _derive(part, table, column, source, option)
        return
    if source is None:
        matches = headers.matches(table, column, file.headers) if has_header(spec) else []
        if len(matches) > 1 and column == "transaction_id":
            matches = _of_orders(part, matches)
        if len(matches) > 1:
            same = [file.headers[i] for i in matches]
            spare = _is_spare(table, column, options)
            if not spare and (typed or (asked and not options.everything)):
                raise headers.ambiguous(table, column, same, file.path)
            names = headers.either(same)
            part.notes.append(messages.text("mapping.not_read", column=column, headers=names))
            return
        if not matches:
            return
        position = matches[0]
    elif isinstance(source, int):
        position = source - 1
        if not 0 <= position < file.width:
            what = messages.text(
                "mapping.position_outside",
                path=file.path,
                option=f"{option}.{column}",
                number=source,
                of=file.width,
            )
            raise UsageError(what, hint=messages.text("mapping.counted_from_1"))
    else:
        position, *others = _named(part, source, f"{option}.{column}")
        if others and (typed or asked or options.everything):
            part.others[column] = tuple(others)
    part.has[column] = (
        file.headers[position]
        if file.headers
        else messages.text("mapping.nth_column", number=position + 1)
    )
    part.positions[column] = position
    if typed or asked or options.everything:
        part.reads[column] = position


def _is_spare(table: Table, column: str, options: ReadOptions) -> bool:
    """An id that no KPI asks for, and that says nothing of which rows belong together."""
    if options.needed is None or column in options.needed.get(table.name, ()):
        return False
    joins = column in (table.id, "transaction_id") or table[column].required
    return table[column].kind is Kind.ID and not joins


def _of_orders(part: MappedFile, matches: list[int]) -> list[int]:
    """The one of several ids that is the order's, which is said; all of them where none is."""
    names = part.file.headers
    known = set(map(folded, ORDERS))
    orders = [place for place in matches if folded(names[place]) in known]
    if len(orders) != 1:
        return matches
    others = ", ".join(names[place] for place in matches if place not in orders)
    header = names[orders[0]]
    part.notes.append(messages.text("mapping.of_orders", header=header, others=others))
    return orders


def _named(part: MappedFile, header: str | tuple[str, ...], option: str) -> list[int]:
    """The position of a header, or of those of several that are there."""
    file = part.file
    names = (header,) if isinstance(header, str) else header
    there = [name for name in names if headers.positions(file.headers, name)] or [names[0]]
    places = (headers.position(file.headers, name, file.path, option) for name in there)
    return list(dict.fromkeys(places))


def _derive(
    part: MappedFile, table: Table, column: str, derived: DerivedColumn, option: str
) -> None:
    option = f"{option}.{column}"
    for header in derived.headers:
        place = headers.position(part.file.headers, header, part.file.path, option)
        part.reads[unmapped(header)] = place
    if (derived.product or derived.minus) and table[column].kind is not Kind.MONEY:
        raise UsageError(
            messages.text("mapping.product_of_money", option=option)
            if derived.product
            else messages.text("mapping.difference_of_money", option=option),
            hint=messages.text("mapping.use_join"),
        )
    after = derived.after
    if after is not None:
        moments = (Kind.DATE, Kind.TIME)
        if table[column].kind not in moments or after not in table or after == column:
            raise UsageError(
                messages.text("mapping.after_needs_two", option=option, table=table.name),
                hint=did_you_mean(after, table.names),
            )
        if table[after].kind not in moments:
            raise UsageError(messages.text("mapping.no_moment", option=option, column=after))
    part.derived[column] = derived
    part.has[column] = str(derived)


def _locate(part: MappedFile, name: str, option: str) -> None:
    """A column of ours or theirs that decides which rows are read."""
    if name in part.positions:
        part.reads[name] = part.positions[name]
    elif name not in part.has:
        place = headers.position(part.file.headers, name, part.file.path, option)
        part.reads[unmapped(name)] = place


def _require(part: MappedFile, table: Table, spec: SourceSpec) -> None:
    lacking = [*table.lacking(part.has)]
    if spec.once not in (None, NEVER) and spec.once not in part.has:
        lacking.append(spec.once)
    for name, others in table.instead:
        made_from = next((part.has[other] for other in others if other in part.has), None)
        if name not in part.has and made_from is not None:
            part.has[name] = made_from
    if not lacking:
        return
    error = headers.missing(
        table, lacking, part.file.headers, part.file.path, taken=part.has.values()
    )
    if isinstance(spec.preset, Preset) and lacking[0] in spec.preset.lacks:
        words = spec.preset.lacks[lacking[0]]
        error.hint = messages.text("general.words_of_others", words=words)
    raise error
