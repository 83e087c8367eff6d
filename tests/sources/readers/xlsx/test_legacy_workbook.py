"""Workbooks that are no .xlsx, read by calamine."""

from __future__ import annotations

import io
import sys
import zipfile

import pytest

from crm_kpi.errors import DataError
from tests.sources.conftest import read

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def _ods() -> bytes:
    def cell(value: str) -> str:
        kind = (
            f'office:value-type="float" office:value="{value}"'
            if value.isdigit()
            else 'office:value-type="string"'
        )
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    rows = (("customer_id", "date", "amount"), ("A", "2024-01-05", "100"))
    table = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        f"<office:document-content {_NAMES}><office:body><office:spreadsheet>"
        f'<table:table table:name="One">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return raw.getvalue()


def test_an_open_document_is_read_and_what_is_not_seen_is_said() -> None:
    loaded = read("transactions", _ods(), "t.ods")
    assert loaded.frame["amount"].to_list() == [100]
    assert "errors and currencies of cells not seen" in [str(one) for one in loaded.audit.assumed]


def test_without_calamine_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(DataError, match="not installed") as caught:
        read("transactions", _ods(), "t.ods")
    assert "crm-kpi[legacy]" in str(caught.value.hint)
