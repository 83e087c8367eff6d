"""Random damage to workbooks and Parquet files, through the whole program, in one process.

    python -m tests.faults.fuzz_workbooks --minutes 10 --seed 1

A workbook is damaged in the XML of a part, where it stays an archive, or in the bytes of the
archive. What holds for every file (`fuzz.wrong`) holds for these.
"""

from __future__ import annotations

import io
import random
import re
import sys
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.corpus import parquets, workbooks
from tests.faults.fuzz import METRICS, GoOn, main, trials, words

CODES = {0, 2, 3}
TOKEN = re.compile(rb"<[^>]*>|[^<>]+")
VALUE = re.compile(rb'"[^"]*"|>[^<>]+<')
NASTY = (
    b"", b"-1", b"+1", b" 1", b"1_0", b"0x10", b"\xd9\xa1", b"nan", b"inf", b"1e999", b"9" * 40,
    b"1" * 5000, b"1E-400", b"-0", b"2958465.9999999999", b"_xD83D_", b"_x0000_", b"&#xD800;",
    b"&#0;", b"&bomb;", b"&amp;", b"\x00", b"\xff\xfe", b"\xef\xbf\xbf", b"XFD1", b"B3", b"A0",
    b"A1048577", b"ZZZ1", b"s", b"b", b"e", b"d", b"str", b"inlineStr", b"rId1", b"[$", b"[h]",
    b'yyyy"', b"../../x", b"External",
)  # fmt: skip
MARKUP = (
    b"<c>", b"</c>", b"<v>1</v>", b"<row/>", b"<f/>", b"<is><t>x</t></is>", b"<!-- -->",
    b"<![CDATA[x]]>", b"<?pi x?>", b'<!DOCTYPE x [<!ENTITY a "b">]>', b"x", b"<x>" * 150,
    b"</sheetData>", b"<sheetData/>", b'<c r="XFD9" t="e"><v>#REF!</v></c>',
    b'<xml version="1.0" encoding="utf-16"?>',
)  # fmt: skip


def seeds(folder: Path) -> dict[str, list[bytes]]:
    """Small whole files, by how their names end."""
    notes: list[Any] = [
        "a & b", None, True, 1.25, {"moment": 45322.5}, {"percent": "0.4"}, {"error": "#N/A"},
        {"formula": "B1*2", "number": "5"}, {"number": "0.30000000000000004"},
    ]  # fmt: skip
    rows: list[list[Any]] = [["customer_id", "date", "amount", "note"]]
    rows += [[f"C{i % 5}", {"day": 45300 + i}, i * 1.25, notes[i % 9]] for i in range(1, 30)]
    path = folder / "seed"
    workbooks.write(path, {"A": rows, "B": [["x"]]}, hidden=["B"], merged="A3:A4")
    sheet = path.read_bytes()
    columns = {
        "customer_id": [f"C{i % 5}" for i in range(40)],
        "date": [f"2024-01-{i % 28 + 1:02}" for i in range(40)],
        "amount": [i * 1.25 for i in range(40)],
    }
    parquets.write(path, columns)
    table = path.read_bytes()
    path.unlink()
    return {"xlsx": [sheet], "parquet": [table]}


def damaged_part(data: bytes, chance: random.Random) -> bytes:
    """The workbook with another XML in one or two of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(files))
        name, xml = files[at]
        files[at] = name, chance.choice(CHANGES)(xml, chance)
    if chance.random() < 0.05:
        files.append(chance.choice(files))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, xml in files:
            archive.writestr(name, xml)
    return out.getvalue()


def _token(xml: bytes, chance: random.Random) -> bytes:
    """A tag or a text is left out, doubled, or has markup before it."""
    tokens = TOKEN.findall(xml)
    at = chance.randrange(len(tokens)) if tokens else 0
    new = chance.choice(
        ([], tokens[at : at + 1] * 2, [chance.choice(MARKUP), *tokens[at : at + 1]])
    )
    return b"".join([*tokens[:at], *new, *tokens[at + 1 :]])


def _value(xml: bytes, chance: random.Random) -> bytes:
    """An attribute or a text becomes a nasty one, or that of another place."""
    places = list(VALUE.finditer(xml))
    if not places:
        return xml
    place = chance.choice(places)
    others = [chance.choice(places)[0][1:-1], chance.choice(NASTY), chance.choice(NASTY)]
    return xml[: place.start() + 1] + chance.choice(others) + xml[place.end() - 1 :]


def _attribute(xml: bytes, chance: random.Random) -> bytes:
    """A tag gets an attribute, perhaps one that it has."""
    at = chance.choice([place.start() for place in re.finditer(rb"/?>", xml)] or [0])
    name = chance.choice((b"r", b"s", b"t", b"Id", b"Target", b"TargetMode", b"xmlns:a"))
    return xml[:at] + b" " + name + b'="' + chance.choice(NASTY) + b'"' + xml[at:]


def _encoding(xml: bytes, chance: random.Random) -> bytes:
    """The same in another encoding, declared or not."""
    said = chance.choice(("utf-16", "iso-8859-1", "cp1252", "utf-7", "UTF-8"))
    xml = xml.replace(b"UTF-8", said.encode()) if chance.random() < 0.7 else xml
    return xml.decode("utf-8", "replace").encode(said if said != "utf-7" else "utf-8", "replace")


def bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """Some bytes are others; numbers at the end, where both formats have their lists, most."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        low = 0 if chance.random() < 0.4 else max(0, len(changed) - 1000)
        if changed:
            value = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            changed[chance.randrange(low, len(changed))] = value
    if chance.random() < 0.15:
        a, b = sorted(chance.randrange(len(changed) + 1) for _ in range(2))
        del changed[a:b]
    if chance.random() < 0.1:
        del changed[chance.randrange(len(changed) + 1) :]
    return bytes(changed)


CHANGES: Sequence[Callable[[bytes, random.Random], bytes]] = (
    _token, _token, _value, _value, _value, _attribute, _encoding, bytes_changed,
)  # fmt: skip


def fuzz(seed: int, folder: Path, go_on: GoOn, codes: Counter[int]) -> Iterator[str]:
    sources = seeds(folder)

    def make(run: int, chance: random.Random) -> tuple[Path, list[str]]:
        kind = chance.choice(("xlsx", "xlsx", "parquet"))
        data = chance.choice(sources[kind])
        in_parts = kind == "xlsx" and chance.random() < 0.8
        path = folder / f"{run}-transactions.{kind}"
        path.write_bytes((damaged_part if in_parts else bytes_changed)(data, chance))
        command = words(path, Path("transactions"), chance)
        if command[0] not in {metric for metric, *_ in METRICS.values()}:
            command = [*METRICS["transactions"], str(path), "-f", "json"]
        return path, command

    return trials(seed, go_on, codes, make, CODES)


if __name__ == "__main__":
    sys.exit(main(fuzz, __doc__, minutes=10))
