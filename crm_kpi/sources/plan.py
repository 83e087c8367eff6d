"""Which columns of which files a source block reads, and as what: decided by headers alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_kpi.errors import UsageError, did_you_mean
from crm_kpi.sources import headers
from crm_kpi.sources.csvfile import CsvFile
from crm_kpi.sources.files import expand
from crm_kpi.sources.session import Session, has_header, parts
from crm_kpi.sources.spec import Combined, ReadOptions, SourceSpec
from crm_kpi.tables import Kind, Table


def theirs(header: str) -> str:
    """The name of a column of theirs that is read as it is, apart from names of ours."""
    return f"\0{header}"


@dataclass
class Part:
    """One file of a block: where in it each column that is read stands."""

    file: CsvFile
    reads: dict[str, int] = field(default_factory=dict)
    """Our column, or `theirs(header)`: position."""
    has: dict[str, str] = field(default_factory=dict)
    """Our column: their header, also of columns that nobody reads."""
    positions: dict[str, int] = field(default_factory=dict)
    """Our column: where it stands, also of columns that nobody reads."""
    made: dict[str, Combined] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class Block:
    """Files that are read the same way."""

    table: Table
    spec: SourceSpec
    parts: list[Part]

    @property
    def made(self) -> dict[str, Combined]:
        return self.parts[0].made


def plan(table: Table, spec: SourceSpec, options: ReadOptions, session: Session) -> Block:
    """Open the files of a block, match their headers, and say which columns will be read.

    Raises UsageError for a header that the config names and a file lacks, DataError for a
    required column that cannot be found and for one that could be several.
    """
    _check(table, spec)
    block = Block(table, spec, [])
    for path in expand(spec.paths):
        file = session.open(path, table, spec)
        part = Part(file)
        texts = options.texts.get(table.name, frozenset())
        for column in table.columns:
            _match(part, table, column.name, spec, options)
        _require(part, table)
        for name in texts - set(table.names):
            if headers.find(file.headers, name):
                part.reads[theirs(name)] = headers.one(file.headers, name, path, "--by or --where")
        for key in ("where", "exclude"):
            for name in getattr(spec, key):
                _locate(part, name, f"sources.{table.name}.{key}")
        file.want(part.reads.values())
        block.parts.append(part)
    return block


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
    both = spec.columns.keys() & spec.constants.keys()
    if both:
        raise UsageError(
            f"sources.{table.name}: {', '.join(sorted(both))} is both in columns and in constants",
            hint="keep one of the two",
        )


def _match(part: Part, table: Table, column: str, spec: SourceSpec, options: ReadOptions) -> None:
    """Find one column of ours in the file, if it is there."""
    # Columns with a type are always read, plain text when somebody asks.
    typed = table[column].kind is not Kind.TEXT or column == "currency"
    asked = column in options.texts.get(table.name, ())
    file, option = part.file, f"sources.{table.name}.columns"
    given = spec.columns.get(column)
    if column in spec.constants:
        part.has[column] = f"= {spec.constants[column]}"
        return
    if isinstance(given, Combined):
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
        position = headers.one(file.headers, given, file.path, f"{option}.{column}")
    part.has[column] = file.headers[position] if file.headers else f"column {position + 1}"
    part.positions[column] = position
    if typed or asked or options.everything:
        part.reads[column] = position


def _make(part: Part, table: Table, column: str, made: Combined, option: str) -> None:
    for header in parts(made):
        place = headers.one(part.file.headers, header, part.file.path, f"{option}.{column}")
        part.reads[theirs(header)] = place
    if made.product and table[column].kind is not Kind.MONEY:
        raise UsageError(f"{option}.{column}: only money can be a product", hint="use join:")
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
    if made.product:
        part.has[column] = " × ".join(made.product)
    elif made.join:
        part.has[column] = " + ".join(made.join)
    else:
        part.has[column] = f"{made.after} + {made.minutes or made.hours or made.days}"


def _locate(part: Part, name: str, option: str) -> None:
    """A column of ours or theirs that decides which rows are read."""
    if name in part.positions:
        part.reads[name] = part.positions[name]
    elif name not in part.has:
        place = headers.one(part.file.headers, name, part.file.path, option)
        part.reads[theirs(name)] = place


def _require(part: Part, table: Table) -> None:
    lacking = [name for name in table.required if name not in part.has]
    if lacking:
        raise headers.missing(
            table, lacking, part.file.headers, part.file.path, taken=part.has.values()
        )
