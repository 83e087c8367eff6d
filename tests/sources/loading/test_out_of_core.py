"""Tables that are read in parts are those that are read as a whole."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crm_kpi import tempfiles
from crm_kpi.errors import CrmKpiError, UsageError
from crm_kpi.sources import LoadedTable, ReadOptions, SourceSpec
from crm_kpi.sources.loading import loader, out_of_core
from tests.sources.conftest import AS_OF

Specs = Mapping[str, Sequence[SourceSpec]]
Load = Callable[[Specs, ReadOptions], dict[str, LoadedTable]]

WORDS = ("Bán hàng", "sale", "trả hàng", "?")
SPENT = {"transactions": frozenset({"transaction_id", "kind"})}


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is too large, apart from customers, and is judged four rows at a time."""
    monkeypatch.setattr(out_of_core, "ROWS", 4)
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)


def parts(specs: Specs, options: ReadOptions) -> dict[str, LoadedTable]:
    """With the frames in memory again."""
    with tempfiles.folder() as folder:
        found = out_of_core.load_all(specs, options, folder, 1 << 30)
        for loaded in found.values():
            loaded.frame = loaded.frame.scan().collect()  # type: ignore[attr-defined]
    assert not folder.exists()
    return found


def told(load: Load, specs: Specs, options: ReadOptions) -> dict[str, LoadedTable] | str:
    """The tables, or why there are none."""
    try:
        return load(specs, options)
    except CrmKpiError as error:
        return str(error)


def compare(specs: Specs, **how: Any) -> Mapping[str, LoadedTable] | str:
    """What both ways say: the same."""
    options = ReadOptions(AS_OF, **{"rejected_rows": Decimal(1), **how})
    whole, read = told(loader.load_all, specs, options), told(parts, specs, options)
    if isinstance(whole, str) or isinstance(read, str):
        assert read == whole
        return str(read)
    for name, found in read.items():
        for field in fields(LoadedTable):
            mine, theirs = getattr(found, field.name), getattr(whole[name], field.name)
            if isinstance(mine, pl.DataFrame):
                assert mine.schema == theirs.schema
                assert mine.equals(theirs), (name, field.name, mine, theirs)
            elif field.name != "place":
                assert mine == theirs, (name, field.name)
    return whole


def spec(table: str, *contents: str, **how: Any) -> dict[str, Sequence[SourceSpec]]:
    paths = []
    for place, content in enumerate(contents):
        paths.append(f"{table}{place}.csv")
        Path(paths[-1]).write_text(content, encoding="utf-8")
    return {table: (SourceSpec(table, tuple(paths), **how),)}


def sales(seed: int, rows: int = 40) -> str:
    """Sales that are plainly written, and yet all that rows can be."""
    chosen = random.Random(seed)
    lines = ["transaction_id,customer_id,date,amount,kind,channel"]
    for number in range(rows):
        day = date.fromordinal(date(2024, 1, 1).toordinal() + chosen.randrange(364))
        text = chosen.choice([str(day)] * 8 + ["", "1969-12-31", "2025-02-03"])
        cells = [
            chosen.choice([f"T{number}"] * 9 + ["T1", ""]) if seed % 3 else f"T{number}",
            chosen.choice(["A", "B ", " C", "'0049", "", "D"]),
            text,
            chosen.choice(["5", "12.5", "-3.25", "5", "0"]),
            chosen.choice(["sale", "refund", ""]),
            chosen.choice(["web", "shop ", ""]),
        ]
        lines.append(",".join(cells))
        if not chosen.randrange(9):
            lines.append(chosen.choice([lines[-1], lines[0], "", ",,,,,", "A,B", "1,2,3,4,5,6,7"]))
    return "\n".join([*lines, *chosen.choice([[], ["Total,,,,,"]])]) + "\n"


CUSTOMERS = "customer_id,signup_date,segment\nA,2024-01-01,smb\nB,2023-12-31,\nb,2023-12-31,x\n"


@pytest.mark.parametrize("seed", range(24))
def test_any_sales(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = sales(seed)
    monkeypatch.setattr(out_of_core, "HELD", (1 << 30) // len(text) + 1)  # customers are small
    how: dict[str, Any] = {"texts": {"transactions": frozenset({"channel"})}}
    how["spent"] = SPENT if seed % 2 else {}
    duplicates = [None, "drop", "keep"][seed % 3]
    specs = spec("customers", CUSTOMERS) | spec("transactions", text, duplicates=duplicates)
    found = compare(specs, **how)
    assert not isinstance(found, str)
    assert found["transactions"].audit.used > 4


def test_several_files() -> None:
    one, other = sales(1), sales(2).replace(",channel", ",Way")
    how = {"texts": {"transactions": frozenset({"channel"})}}
    assert "stand in several files with other content" in str(
        compare(spec("transactions", one, other), **how)
    )
    found = compare(spec("transactions", one, other), **how, open_meaning="note")
    assert not isinstance(found, str)
    assert len(found["transactions"].audit.paths) == 2


def test_ids_that_look_the_same() -> None:
    rows = [f"T{n},{one},2024-01-02,5" for n, one in enumerate(["A", "B", "A\u200b", "Đ"] * 5)]
    rows += ["T1\xad,C,2024-01-02,5", "T\xa02,C,2024-01-02,5"]
    text = "\n".join(["transaction_id,customer_id,date,amount", *rows, ""])
    found = compare(spec("transactions", text))
    assert not isinstance(found, str)
    assert [note for note in found["transactions"].audit.notes if "invisible" in note] == [
        "customer_id: 1 ids are another one but for invisible characters",
        "transaction_id: 1 ids are another one but for invisible characters",
    ]


def test_money_of_several_currencies() -> None:
    text = "customer_id,date,amount,currency\n" + "".join(
        f"A,2024-01-{n + 1:02},{n}.5,{('USD', 'VND', '', 'đ')[n % 4]}\n" for n in range(20)
    )
    how = {"currency": "VND", "exchange_rates": {"USD": Decimal("25400.123456")}}
    assert not isinstance(compare(spec("transactions", text), **how), str)
    assert "no exchange rate" in compare(spec("transactions", text), currency="EUR")
    assert "no currency of the report" in compare(spec("transactions", text))


def test_surveys_that_are_answered_twice() -> None:
    text = "response_id,survey,score,answered_at,sent_at\n" + "".join(
        f"{n % 9},{('nps', 'csat')[n % 2]},{n % 6},2024-01-0{n % 9 + 1}T0{n % 9}:00:00,2024-01-04\n"
        for n in range(24)
    )
    for zone in ("UTC", "Asia/Ho_Chi_Minh", "America/New_York"):
        assert not isinstance(compare(spec("surveys", text), timezone=zone), str)


def test_subscriptions_with_faults() -> None:
    text = (
        "subscription_id,customer_id,start_date,end_date,unit_amount,quantity,interval\n"
        + "".join(
            f"{n // 2},C{n},2024-02-{n % 28 + 1:02},2024-02-1{n % 10},{n - 3},{n},month\n"
            for n in range(30)
        )
    )
    found = compare(spec("subscriptions", text, end="exclusive"))
    assert not isinstance(found, str)
    assert len(found["subscriptions"].audit.reasons) == 3


def test_clocks_and_constants() -> None:
    text = "ticket_id,created_at,solved_at\n" + "".join(
        f"{n},2024-03-31T0{n % 4}:30:00,2024-03-31T0{n % 5}:30:00\n" for n in range(20)
    )
    specs = spec("tickets", text, constants={"reopens": "2"})
    found = compare(specs, timezone="Europe/Berlin")
    assert not isinstance(found, str)
    assert "no such local time" in found["tickets"].audit.reasons


def test_cells_that_tell_what_they_are_each_for_itself() -> None:
    text = "customer_id;date;amount;kind\n" + "".join(
        f"A{n};{n % 28 + 1:02}/01/2024;{n + 1}.250,5;{WORDS[n % 4]}\n" for n in range(30)
    )
    how = {"dates": "%d/%m/%Y", "numbers": "1.234,56"}
    found = compare(spec("transactions", text, **how))
    assert not isinstance(found, str)
    assert found["transactions"].audit.reasons == {"unknown word": 7}
    moments = "ticket_id,created_at\n" + "".join(
        f"{n},2024-01-0{n % 9 + 1}T00:00:00+0{n % 3}:00\n" for n in range(9)
    )
    found = compare(spec("tickets", moments, dates="%Y-%m-%d"))
    assert not isinstance(found, str)
    assert any("counted on UTC days" in note for note in found["tickets"].audit.notes)


def test_too_many_rejects() -> None:
    said = compare(spec("transactions", sales(4)), rejected_rows=Decimal("0.01"))
    assert isinstance(said, str)
    assert "rows are rejected" in said


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"where": {"kind": ("sale",)}}, "where:, exclude:, once:"),
        ({"text": "customer_id,date,amount\nA,2024-12-31,5 USD\n", "numbers": "1234.56"},
         "amounts have currency signs"),
        ({"text": "customer_id,date,amount\nA,31/12/2024,5\n"}, "date are not written as"),
        ({"text": "customer_id,date,amount\n" + "A,2024-01-01,5\n" * 30 + "A,2024-01-01,x\n"},
         "amount are not written as"),
        ({"text": "customer_id,date,amount\n" + "A,2024-01-01,5,\n" * 3},
         "one header for each field"),
        ({"text": 'customer_id,date,amount\n"A ""x""",2024-01-01,5\n"B \\"y\\"",2024-01-01,5\n'},
         "quotation marks behind backslashes"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_in_parts_says_so(how: dict[str, Any], why: str) -> None:
    how = dict(how)
    specs = spec("transactions", how.pop("text", sales(1)), **how)
    with pytest.raises(UsageError, match=r"limits\.memory: transactions takes about") as caught:
        parts(specs, ReadOptions(AS_OF))
    assert why in str(caught.value)
    assert "raise limits.memory" in str(caught.value.hint)


def test_rows_that_share_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_of_core, "_ROW", 1 << 30)
    with pytest.raises(UsageError, match=r"2 times, rows share transaction_id"):
        parts(spec("transactions", "transaction_id,customer_id,date,amount\n"
                   + "1,A,2024-01-01,5\n2,A,2024-01-01,5\n" * 2), ReadOptions(AS_OF))  # fmt: skip


def test_nothing_is_left_after_a_failure() -> None:
    with pytest.raises(UsageError), tempfiles.folder() as folder:
        out_of_core.load_all(spec("transactions", "customer_id,date,amount\nA,x,1\n"),
                         ReadOptions(AS_OF), folder, 1)  # fmt: skip
    assert not folder.exists()
    assert folder not in tempfiles.folders
