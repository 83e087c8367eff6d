"""Which columns of which files a source block reads, and as what: decided by headers alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.sources.mapping import headers, presets, survey_questions
from crm_kpi.sources.mapping.session import Session, has_header
from crm_kpi.sources.names import unmapped
from crm_kpi.sources.parsing.fast_path import FastPathColumn, fast_path_for
from crm_kpi.sources.spec import DerivedColumn, Preset, ReadOptions, SourceSpec
from crm_kpi.sources.tabular_file import ColumnRequest, TabularFile
from crm_kpi.tables import Kind, Table


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
    made: dict[str, DerivedColumn] = field(default_factory=dict)
    fast_paths: dict[int, FastPathColumn] = field(default_factory=dict)
    """The columns that may be typed while they are parsed."""
    notes: list[str] = field(default_factory=list)


@dataclass
class MappedBlock:
    """Files that are read the same way."""

    table: Table
    spec: SourceSpec
    parts: list[MappedFile]

    @property
    def made(self) -> dict[str, DerivedColumn]:
        return self.parts[0].made

    def headers(self, column: str) -> tuple[str, ...]:
        """What the files call a column of ours."""
        return tuple(part.has[column] for part in self.parts if column in part.has)


def map_columns(
    table: Table, spec: SourceSpec, options: ReadOptions, session: Session
) -> list[MappedBlock]:
    """Open the files of a source block, match their headers, and say which columns will be read.

    It is one block, or several where a preset reads some of the files in a way of its own.

    Raises UsageError for a header that the config names and a file lacks, DataError for a
    required column that cannot be found and for one that could be several.
    """
    _check(table, spec)
    blocks: list[MappedBlock] = []
    for path in session.paths(spec):
        file = session.open(path, table, spec)
        how = _completed(presets.applied(table, spec, path, file.headers), table, file)
        how, question = survey_questions.asked(table, how, file)
        block = next((block for block in blocks if block.spec == how), None)
        if block is None:
            blocks.append(block := MappedBlock(table, how, []))
        part = MappedFile(file)
        _tell(part, how, question)
        _fill(part, table, how, options)
        block.parts.append(part)
    for block in blocks:
        for part in block.parts:
            part.fast_paths = _fast_paths(part, block)
            # Columns of several files are looked at together.
            fast_paths = part.fast_paths if len(block.parts) == 1 else {}
            part.file.want(ColumnRequest(part.reads.values(), _keys(part, table), fast_paths))
    return blocks


def _fast_paths(part: MappedFile, block: MappedBlock) -> dict[int, FastPathColumn]:
    """The columns that may be typed while they are parsed: nobody asks for their text."""
    spec, reads = block.spec, part.reads
    if part.file.typed or part.made:
        return {}
    places = Counter(reads.values())
    found = {}
    for column in block.table.columns:
        place = reads.get(column.name)
        asked = column.name in spec.where or column.name in spec.exclude
        if place is not None and places[place] == 1 and not asked:
            one = fast_path_for(column, spec)
            if one is not None:
                found[place] = one
    return found


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
    path = part.file.path
    if isinstance(spec.preset, Preset):
        part.notes.append(f"{path}: read as {spec.preset.title} (preset {spec.preset.name})")
    if question is not None:
        survey = spec.constants.get("survey")
        said = f", survey is {survey}" if survey else ""
        part.notes.append(f"{path}: score is read from the question {question!r}{said}")


def _fill(part: MappedFile, table: Table, spec: SourceSpec, options: ReadOptions) -> None:
    """Decide what stands where in one file."""
    file = part.file
    for column in table.columns:
        _match(part, table, column.name, spec, options)
    _require(part, table, spec)
    for name in options.texts.get(table.name, frozenset()) - set(table.names):
        if headers.find(file.headers, name):
            place = headers.one(file.headers, name, file.path, "--by or --where")
            part.reads[unmapped(name)] = place
    for key in ("where", "exclude"):
        for name in getattr(spec, key):
            _locate(part, name, f"sources.{table.name}.{key}")


def _check(table: Table, spec: SourceSpec) -> None:
    """Names of ours that the table does not know."""
    for key in ("columns", "constants", "values", "dates", "numbers"):
        given = getattr(spec, key)
        for name in given if isinstance(given, dict) else ():
            if name not in table:
                raise UsageError(
                    f"sources.{table.name}.{key}: {table.name} has no column {name!r}",
                    hint=did_you_mean(name, table.names) or f"it has {', '.join(table.names)}",
                )
    if spec.once is not None and spec.once not in table:
        raise UsageError(
            f"sources.{table.name}.once: {table.name} has no column {spec.once!r}",
            hint=did_you_mean(spec.once, table.names) or f"it has {', '.join(table.names)}",
        )
    both = spec.columns.keys() & spec.constants.keys()
    if both:
        raise UsageError(
            f"sources.{table.name}: {', '.join(sorted(both))} is both in columns and in constants",
            hint="keep one of the two",
        )


def _match(
    part: MappedFile, table: Table, column: str, spec: SourceSpec, options: ReadOptions
) -> None:
    """Find one column of ours in the file, if it is there."""
    # Columns with a type are always read, plain text when somebody asks.
    typed = table[column].kind is not Kind.TEXT or column == "currency"
    asked = column in options.texts.get(table.name, ())
    file, option = part.file, f"sources.{table.name}.columns"
    given = spec.columns.get(column)
    if column in spec.constants:
        part.has[column] = f"= {spec.constants[column]}"
        return
    if isinstance(given, DerivedColumn):
        _make(part, table, column, given, option)
        return
    if given is None:
        found = headers.matches(table, column, file.headers) if has_header(spec) else []
        if len(found) > 1:
            same = [file.headers[i] for i in found]
            if typed or (asked and not options.everything):
                raise headers.ambiguous(table, column, same, file.path)
            names = " and ".join(map(repr, same))
            part.notes.append(f"{column} is not read: {names} can both be it")
            return
        if not found:
            return
        position = found[0]
    elif isinstance(given, int):
        position = given - 1
        if not 0 <= position < file.width:
            raise UsageError(
                f"{file.path}: {option}.{column}: column {given} of {file.width}",
                hint="columns are counted from 1",
            )
    else:
        position = _named(part, given, f"{option}.{column}")
    part.has[column] = file.headers[position] if file.headers else f"column {position + 1}"
    part.positions[column] = position
    if typed or asked or options.everything:
        part.reads[column] = position


def _named(part: MappedFile, given: str | tuple[str, ...], option: str) -> int:
    """The position of the header that is given, or of the first of several that is there."""
    file = part.file
    names = (given,) if isinstance(given, str) else given
    there = (name for name in names if headers.find(file.headers, name))
    return headers.one(file.headers, next(there, names[0]), file.path, option)


def _make(part: MappedFile, table: Table, column: str, made: DerivedColumn, option: str) -> None:
    for header in made.headers:
        place = headers.one(part.file.headers, header, part.file.path, f"{option}.{column}")
        part.reads[unmapped(header)] = place
    if (made.product or made.minus) and table[column].kind is not Kind.MONEY:
        what = "a product" if made.product else "a difference"
        raise UsageError(f"{option}.{column}: only money can be {what}", hint="use join:")
    if made.after is not None:
        moments = (Kind.DATE, Kind.TIME)
        if table[column].kind not in moments or made.after not in table or made.after == column:
            raise UsageError(
                f"{option}.{column}: after: needs two columns of dates or times of {table.name}",
                hint=did_you_mean(made.after, table.names),
            )
        if table[made.after].kind not in moments:
            raise UsageError(f"{option}.{column}: {made.after} is no date or time")
    part.made[column] = made
    part.has[column] = str(made)


def _locate(part: MappedFile, name: str, option: str) -> None:
    """A column of ours or theirs that decides which rows are read."""
    if name in part.positions:
        part.reads[name] = part.positions[name]
    elif name not in part.has:
        place = headers.one(part.file.headers, name, part.file.path, option)
        part.reads[unmapped(name)] = place


def _require(part: MappedFile, table: Table, spec: SourceSpec) -> None:
    needed = [*table.required, *([spec.once] if spec.once else [])]
    lacking = [name for name in needed if name not in part.has]
    if not lacking:
        return
    error = headers.missing(
        table, lacking, part.file.headers, part.file.path, taken=part.has.values()
    )
    if isinstance(spec.preset, Preset):
        error.hint = spec.preset.lacks.get(lacking[0], error.hint)
    raise error
