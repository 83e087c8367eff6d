"""A column of words that says who is still a customer, where a list has no yes or no for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from crm_kpi.errors import DataError
from crm_kpi.messages import joined, text
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.session import Session
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.text_ops import stripped
from crm_kpi.sources.spec import SourceSpec
from crm_kpi.sources.tabular_file import ColumnRequest, TabularFile
from crm_kpi.tables import Table

HEADERS = (
    "status", "customer status", "account status", "state", "trạng thái", "trạng thái khách hàng",
    "tình trạng", "tình trạng khách hàng", "kundenstatus", "statut", "estado", "stato",
)  # fmt: skip
HERE = (
    "active", "current", "customer", "enabled", "live", "ongoing", "paying", "subscribed",
    "hoạt động", "đang hoạt động", "còn hoạt động", "đang sử dụng", "đang dùng", "đang hợp tác",
    "aktiv", "actif", "activo", "ativo", "attivo",
)  # fmt: skip
LEFT = (
    "inactive", "not active", "cancelled", "canceled", "churned", "closed", "deactivated",
    "disabled", "ended", "expired", "former", "former customer", "left", "lost", "terminated",
    "unsubscribed", "không hoạt động", "ngừng hoạt động", "ngưng hoạt động", "ngừng sử dụng",
    "ngừng hợp tác", "đã hủy", "đã nghỉ", "đã ngừng", "đã rời bỏ", "đã rời đi", "rời bỏ",
    "inaktiv", "gekündigt", "inactif", "résilié", "inactivo", "inativo", "inattivo",
)  # fmt: skip
"""What such a column is called, and the words of those who are here and of those who left."""

_HERE, _LEFT = frozenset(map(key, HERE)), frozenset(map(key, LEFT))
_MOST = 20
"""Words that a message shows."""


def with_churned(paths: Sequence[str], table: Table, spec: SourceSpec) -> SourceSpec:
    """How these lists are read: with their column of words as `churned`, where they have neither
    that nor another one that is declared.

    Raises:
        DataError: nothing else says who left, and some words of it are not known.
    """
    session = Session()
    files = [file for path in paths for file in session.open_all(path, table, spec)]

    def have(column: str) -> bool:
        return column in spec.columns or any(
            headers.matches(table, column, file.headers) for file in files
        )

    if have("churned") or "churned" in spec.constants:
        return spec
    known = {key(word) for word in HEADERS}
    shared = [h for h in files[0].headers if key(h) in known]
    shared = [h for h in shared if all(headers.positions(f.headers, h) for f in files)]
    if len(shared) != 1:
        return spec
    words = sorted({word for file in files for word in _words(file, shared[0])})
    meant = {word: _meant(word) for word in words}
    if None not in meant.values():
        answers = {word: answer for word, answer in meant.items() if answer}
        return replace(
            spec,
            columns=spec.columns | {"churned": shared[0]},
            values=spec.values | {"churned": answers},
        )
    if have("churn_date"):
        return spec
    raise _open(paths[0], shared[0], meant)


def _words(file: TabularFile, header: str) -> set[str]:
    place = headers.position(file.headers, header, file.path, "columns")
    file.want(ColumnRequest([place]))
    return set(stripped(file.frame()[str(place)]).drop_nulls().unique())


def _meant(word: str) -> str | None:
    """Whether who has this word left, as a yes or no; None where nobody knows."""
    if key(word) in _HERE:
        return "no"
    return "yes" if key(word) in _LEFT else None


def _open(path: str, header: str, meant: dict[str, str | None]) -> DataError:
    words = [word for word, answer in meant.items() if answer is None][:_MOST]
    answers = {word: answer or "no" for word, answer in [*meant.items()][:_MOST]}
    return DataError(
        text(
            "mapping.open_status",
            path=path,
            header=header,
            words=joined(map(repr, words), text("general.and")),
        ),
        hint=text(
            "mapping.set_status",
            header=json.dumps(header, ensure_ascii=False),
            answers=json.dumps(answers, ensure_ascii=False),
        ),
    )
