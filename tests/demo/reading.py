"""The exports read with the standard library alone, sharing no code with crm_kpi.

Cells become str, date, datetime, Decimal or None; rows that the rules of the
input tables reject are set apart, rows repeated in tables with ids are dropped.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]

VIETNAMESE = {
    "Mã khách hàng": "customer_id",
    "Tên khách hàng": "name",
    "Ngày đăng ký": "signup_date",
    "Ngày rời bỏ": "churn_date",
    "Điện thoại": "phone",
    "Email": "email",
    "Nhóm khách hàng": "segment",
    "Kênh": "channel",
    "Khu vực": "region",
    "Nhân viên phụ trách": "owner",
    "Ngày cập nhật": "updated_at",
    "Chi phí thu hút": "acquisition_cost",
    "Lý do rời bỏ": "churn_reason",
    "Mã đơn hàng": "transaction_id",
    "Ngày đặt": "date",
    "Tổng tiền": "amount",
    "Loại giao dịch": "kind",
    "Sản phẩm": "product",
    "Nhóm hàng": "category",
    "Kênh bán": "channel",
    "Nhân viên bán": "owner",
}


def iso_date(text: str) -> date:
    return date.fromisoformat(text)


def iso_time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")


def offset_time(text: str) -> datetime:
    assert text.endswith("+07:00")
    return datetime.fromisoformat(text).replace(tzinfo=None)


def slash_date(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def slash_time(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M")


def plain(text: str) -> Decimal:
    assert re.fullmatch(r"\d+(\.\d+)?", text), text
    return Decimal(text)


def dotted(text: str) -> Decimal:
    if not re.fullmatch(r"-?\d{1,3}(\.\d{3})*", text):
        raise ValueError(text)
    return Decimal(text.replace(".", ""))


def kind(text: str) -> str:
    return {
        "Bán hàng": "sale",
        "Trả hàng": "refund",
        "Bán thêm": "upsell",
        "Bán chéo": "cross_sell",
    }[text]


def at_most(highest: dict[str, int]) -> Callable[[Row], bool]:
    return lambda row: row["score"] is None or 0 <= row["score"] <= highest[row["survey"]]


@dataclass(frozen=True)
class Shape:
    """How one file is read. `ordered`: columns that may not go back in time."""

    types: dict[str, Callable[[str], Any]]
    id: str | None = None
    delimiter: str = ","
    ordered: tuple[tuple[str, str], ...] = ()
    valid: Callable[[Row], bool] = lambda row: True


SHAPES = {
    "customers": Shape(
        {
            "signup_date": slash_date,
            "churn_date": slash_date,
            "updated_at": slash_date,
            "acquisition_cost": dotted,
        },
        id="customer_id",
        ordered=(("signup_date", "churn_date"),),
    ),
    "transactions": Shape({"date": slash_time, "amount": dotted, "kind": kind}),
    "subscriptions": Shape(
        {
            "start_date": iso_date,
            "end_date": iso_date,
            "unit_amount": plain,
            "interval_count": plain,
            "quantity": plain,
            "trial_end": iso_date,
            "due_date": iso_date,
            "renewed_at": iso_date,
        },
        id="subscription_id",
        ordered=(("start_date", "end_date"),),
    ),
    "surveys": Shape(
        {"sent_at": iso_time, "answered_at": iso_time, "score": plain},
        id="response_id",
        ordered=(("sent_at", "answered_at"),),
        valid=at_most({"nps": 10, "csat": 5, "ces": 7}),
    ),
    "tickets": Shape(
        {
            "created_at": iso_time,
            "first_reply_at": iso_time,
            "first_solved_at": iso_time,
            "solved_at": iso_time,
            "agent_replies": plain,
            "reopens": plain,
        },
        id="ticket_id",
        delimiter=";",
        ordered=(
            ("created_at", "first_reply_at"),
            ("first_reply_at", "first_solved_at"),
            ("first_solved_at", "solved_at"),
            ("created_at", "solved_at"),
        ),
    ),
    "leads": Shape(
        {"created_at": iso_time, "converted_at": iso_time},
        id="lead_id",
        ordered=(("created_at", "converted_at"),),
    ),
    "opportunities": Shape(
        {
            "created_at": iso_time,
            "closed_at": iso_time,
            "amount": plain,
            "probability": plain,
            "expected_close": iso_date,
        },
        id="opportunity_id",
        ordered=(("created_at", "closed_at"),),
    ),
    "stage_changes": Shape({"entered_at": iso_time}),
    "interactions": Shape({"occurred_at": offset_time}),
    "costs": Shape({"date": iso_date, "amount": plain}),
}


@dataclass
class Export:
    """`cells` are all records as text; `rows` those that can be used."""

    header: list[str]
    cells: list[dict[str, str]]
    rows: list[Row] = field(default_factory=list)
    rejected: list[dict[str, str]] = field(default_factory=list)
    duplicates: int = 0


def read(folder: Path) -> dict[str, Export]:
    return {name: read_table(folder / f"{name}.csv", shape) for name, shape in SHAPES.items()}


def read_table(path: Path, shape: Shape) -> Export:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *records = csv.reader(file, delimiter=shape.delimiter, strict=True)
    header = [VIETNAMESE.get(name, name) for name in header]
    export = Export(header, [dict(zip(header, record, strict=True)) for record in records])
    seen: dict[str, dict[str, str]] = {}
    for cells in export.cells:
        if shape.id is not None and seen.setdefault(cells[shape.id], cells) is not cells:
            assert seen[cells[shape.id]] == cells, f"{path}: two rows {cells[shape.id]}"
            export.duplicates += 1
            continue
        row = typed(cells, shape)
        if row is None:
            export.rejected.append(cells)
        else:
            export.rows.append(row)
    return export


def typed(cells: dict[str, str], shape: Shape) -> Row | None:
    try:
        row: Row = {
            name: None if text == "" else shape.types.get(name, str)(text)
            for name, text in cells.items()
        }
    except ValueError:
        return None
    for earlier, later in shape.ordered:
        if None not in (row[earlier], row[later]) and row[later] < row[earlier]:
            return None
    return row if shape.valid(row) else None
