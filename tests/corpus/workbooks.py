"""A small XLSX file with exactly the cells that are asked for, written by hand.

Programs that write workbooks mend on the way what a test wants broken: a formula that was
never computed, a number kept as text, float noise. A cell is a text, a number, a boolean,
None, or one of

    {day: 45322}, {moment: 45322.5}       a serial in the format of a day, of a day and time
    {number: "0.30000000000000004"}       a number with these very digits
    {percent: "0.4"}, {error: "#REF!"}
    {formula: "B1*2", number: "5"}        with the value it had when it was saved, or without
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[Any]]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
LETTERS = ascii_uppercase
DAY, MOMENT, PERCENT = 1, 2, 3
STYLES = f"""<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/>
</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>
<xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="9" applyNumberFormat="1"/></cellXfs>
</styleSheet>"""


def write(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    hidden: Sequence[str] = (),
    merged: str | None = None,
    date1904: bool = False,
) -> None:
    """`merged` is a range of the first sheet, such as A1:C1."""
    names = []
    for i, name in enumerate(sheets, 1):
        state = ' state="hidden"' if name in hidden else ""
        names.append(f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="rId{i}"{state}/>')
    parts = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'<workbookPr date1904="{int(date1904)}"/><sheets>{"".join(names)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)]
            + [("styles", "styles.xml")]
        ),
        "xl/styles.xml": STYLES,
    }
    for i, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = _sheet(rows, merged if i == 1 else None)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("workbook", "sheet.main"), ("styles", "styles")]
    parts += [(f"worksheets/sheet{i}", "worksheet") for i in range(1, sheets + 1)]
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{name}+xml"/>'
        for part, name in parts
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def _sheet(rows: Rows, merged: str | None) -> str:
    data = "".join(
        f'<row r="{r}">'
        + "".join(_cell(f"{LETTERS[i]}{r}", one) for i, one in enumerate(row))
        + "</row>"
        for r, row in enumerate(rows, 1)
    )
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{merge}</worksheet>'


def _cell(place: str, cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str):
        text = f'<is><t xml:space="preserve">{escape(cell)}</t></is>'
        return f'<c r="{place}" t="inlineStr">{text}</c>'
    if not isinstance(cell, dict):
        return f'<c r="{place}"><v>{cell}</v></c>'
    if "error" in cell:
        return f'<c r="{place}" t="e"><v>{cell["error"]}</v></c>'
    styles = {"day": DAY, "moment": MOMENT, "percent": PERCENT, "number": 0}
    formula = f"<f>{escape(cell['formula'])}</f>" if "formula" in cell else ""
    for name, style in styles.items():
        if name in cell:
            return f'<c r="{place}" s="{style}">{formula}<v>{cell[name]}</v></c>'
    return f'<c r="{place}">{formula}</c>'
