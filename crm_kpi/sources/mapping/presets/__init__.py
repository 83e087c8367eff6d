"""Exports of known programs: how each is written, as data.

A preset is a YAML file in the folder of its table. It has the keys of a source block in a
config, so that whoever can write the one can write the other, and beside them

    title    what the export is called
    about    what is done with it, for its user
    headers  by which it is known: a file that lacks one of them is another export
    lacks    required column of ours that the program does not export: what to do about it

What a preset names beyond `headers` and a file lacks is passed over, as exports differ in
the columns that somebody has picked. A file without `preset:` is read by the one whose
headers it has, all of them; of several, by the one with the most. Headers are known as they are
written, but for case, accents and marks: `amount_refunded` of an API is not `Amount Refunded` of
the dashboard's export, whose amounts are other ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from crm_kpi.errors import DataError, UsageError, did_you_mean
from crm_kpi.messages import text
from crm_kpi.sources.mapping.headers import listed, positions
from crm_kpi.sources.names import key
from crm_kpi.sources.spec import DerivedColumn, Preset, SourceColumn, SourceSpec
from crm_kpi.tables import TABLES, Table

NONE = "none"
"""The word that turns presets off for a source."""

_FOLDER = Path(__file__).parent
_OWN = ("title", "about", "headers", "lacks")


@cache
def shipped(table: str) -> tuple[Preset, ...]:
    """The presets of one table, by name."""
    return tuple(_read(path, table) for path in sorted((_FOLDER / table).glob("*.yaml")))


def everything() -> Iterator[Preset]:
    """All of them, in the order of the tables."""
    for table in TABLES:
        yield from shipped(table)


def named(name: str, table: str) -> Preset:
    """The shipped preset of this name.

    Raises:
        UsageError: there is none, or it is one of another table.
    """
    for preset in shipped(table):
        if preset.name == name:
            return preset
    option = f"sources.{table}.preset"
    for preset in everything():
        if preset.name == name:
            other = preset.spec.table
            raise UsageError(
                text("mapping.preset_of_other_table", option=option, name=name, table=other),
                hint=text("mapping.put_under", table=other),
            )
    names = [preset.name for preset in shipped(table)]
    known = text("mapping.known_presets", table=table, names=", ".join((*names, NONE)))
    raise UsageError(
        text("mapping.no_preset", option=option, name=name),
        hint=did_you_mean(name, names) or known,
    )


def recognised(table: str, headers: Sequence[str]) -> Preset | None:
    """The preset whose headers are all there; of several the one with the most, if it is one."""
    there = {_written(header) for header in headers}
    fits = [p for p in shipped(table) if p.headers and there.issuperset(map(_written, p.headers))]
    most = max((len(preset.headers) for preset in fits), default=0)
    best = [preset for preset in fits if len(preset.headers) == most]
    return best[0] if len(best) == 1 else None


def _written(header: str) -> str:
    """What of a header is compared where a program is to be known by it."""
    return "_".join(map(key, header.split("_")))


def applied(table: Table, spec: SourceSpec, path: str, headers: Sequence[str]) -> SourceSpec:
    """How a file with these headers is read: `spec`, with what its preset adds to it.

    The `preset` of the result is the one in force.

    Raises:
        UsageError: there is no preset of the name that is declared.
        DataError: the file is not what the declared preset is for.
    """
    preset = spec.preset
    if preset == NONE or not headers:
        return replace(spec, preset=None)
    if preset is None:
        preset = recognised(table.name, headers)
        return replace(spec, preset=None) if preset is None else merged(spec, preset, headers)
    if isinstance(preset, str):
        preset = named(preset, table.name)
    lacking = [name for name in preset.headers if not positions(headers, name)]
    if lacking:
        what = text(
            "mapping.no_such_export",
            path=path,
            title=preset.title,
            name=preset.name,
            lacking=listed(lacking),
            headers=listed(headers),
        )
        hint = text("mapping.read_without_preset", table=table.name, word=NONE)
        raise DataError(what, hint=hint)
    return merged(spec, preset, headers)


def merged(spec: SourceSpec, preset: Preset, headers: Sequence[str]) -> SourceSpec:
    """The source's own keys, and those of the preset for which it has none.

    Columns, constants and conditions are taken one by one: a source that names another column
    for `amount` keeps the rest of the preset. A condition without values is none.
    """
    preset_spec = preset.spec
    own = spec.columns.keys() | spec.constants.keys()
    made = {c: _there(headers, h) for c, h in preset_spec.columns.items() if c not in own}
    columns = {c: h for c, h in made.items() if _has(headers, h)}
    constants = {c: word for c, word in preset_spec.constants.items() if c not in own}
    values = {c: words for c, words in preset_spec.values.items() if c not in own}
    return replace(
        spec,
        preset=preset,
        columns=columns | spec.columns,
        constants=constants | spec.constants,
        values={c: values.get(c, {}) | spec.values.get(c, {}) for c in values | spec.values},
        where=_conditions(preset_spec.where, spec.where, headers),
        exclude=_conditions(preset_spec.exclude, spec.exclude, headers),
        **{
            name: getattr(preset_spec, name) if getattr(spec, name) is None else getattr(spec, name)
            for name in (
                *("dates", "numbers", "missing", "timezone", "once", "status", "end", "scale"),
                "duplicates",
            )
        },
    )


def of_block(
    table: str, name: str, block: Mapping[str, Any], spec: SourceSpec | None = None
) -> Preset:
    """A preset of the keys of its file; `spec`, where a config has checked them already."""
    return Preset(
        name=name,
        title=block.get("title") or name,
        about=(block.get("about") or "").strip(),
        headers=tuple(block.get("headers") or ()),
        lacks=dict(block.get("lacks") or {}),
        spec=spec or _spec(table, {k: v for k, v in block.items() if k not in _OWN}),
    )


def _read(path: Path, table: str) -> Preset:
    import yaml

    # Nothing but texts: the words of an export are not YAML's yes and no.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    block = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return of_block(table, path.stem, block)


def _spec(table: str, block: Mapping[str, Any]) -> SourceSpec:
    """The keys of a source block as the loader takes them; `tests` prove them by the config's
    own model."""
    fields = dict(block)
    fields["columns"] = {c: _source_column(h) for c, h in fields.get("columns", {}).items()}
    for name in ("where", "exclude"):
        fields[name] = {c: _listed(words) for c, words in fields.get(name, {}).items()}
    if "missing" in fields:
        fields["missing"] = _listed(fields["missing"])
    return SourceSpec(table, (), **fields)


def _source_column(header: Any) -> SourceColumn:
    if isinstance(header, dict):
        recipe: dict[str, Any] = {}
        for way, what in header.items():
            recipe[way] = tuple(what) if isinstance(what, list) else what
        return DerivedColumn(**recipe)
    return tuple(header) if isinstance(header, list) else str(header)


def _listed(words: Any) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, list) else (words,)


def _there(headers: Sequence[str], source: SourceColumn) -> SourceColumn:
    """The source without what it subtracts and the file lacks."""
    if not isinstance(source, DerivedColumn) or not source.minus:
        return source
    first, *less = source.minus
    kept = [name for name in less if positions(headers, name)]
    return replace(source, minus=(first, *kept)) if kept else first


def _has(headers: Sequence[str], source: SourceColumn) -> bool:
    """Whether the file can fill a column so."""
    if isinstance(source, DerivedColumn):
        return all(positions(headers, name) for name in source.headers)
    if isinstance(source, int):
        return source <= len(headers)
    return any(
        positions(headers, name) for name in ([source] if isinstance(source, str) else source)
    )


def _conditions(
    preset_conditions: Mapping[str, tuple[str, ...]],
    own: Mapping[str, tuple[str, ...]],
    headers: Iterable[str],
) -> dict[str, tuple[str, ...]]:
    named = {key(name) for name in own}
    there = {key(header) for header in headers}
    kept = {
        n: words
        for n, words in preset_conditions.items()
        if key(n) in there and key(n) not in named
    }
    return kept | dict(own)
