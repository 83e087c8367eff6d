"""How often an amount is paid: words of intervals, and the column that holds them."""

from __future__ import annotations

import pytest

from crm_kpi.errors import DataError
from crm_kpi.readings import How
from crm_kpi.sources import LoadedTable
from crm_kpi.sources.meaning.interval_words import meaning
from tests.sources.conftest import read, rejected


def intervals(loaded: LoadedTable) -> list[tuple[str | None, int]]:
    count = "interval_count" in loaded.frame.columns
    return [
        (row["interval"], row["interval_count"] if count else 1)
        for row in loaded.frame.iter_rows(named=True)
    ]


def rows(header: str, *words: str) -> str:
    lines = (f"C{n},2024-01-01,100,{word}\n" for n, word in enumerate(words))
    return f"customer_id,start_date,amount,{header}\n" + "".join(lines)


@pytest.mark.parametrize(
    ("word", "interval"),
    [
        ("6 months", ("month", 6)),
        ("Semi-annual", ("month", 6)),
        ("every 3 months", ("month", 3)),
        ("bi-weekly", ("week", 2)),
        ("P3M", ("month", 3)),
        ("12 months", ("month", 12)),
        ("6 tháng", ("month", 6)),
        ("Hằng năm", ("year", 1)),
        ("nửa năm", ("month", 6)),
        ("vierteljährlich", ("quarter", 1)),
        ("alle 2 Jahre", ("year", 2)),
        ("tous les 6 mois", ("month", 6)),
        ("semestral", ("month", 6)),
        ("3ヶ月", ("month", 3)),
        ("6개월", ("month", 6)),
        ("półrocznie", ("month", 6)),
        ("Pro", None),
        ("0 months", None),
        ("", None),
    ],
)
def test_words(word: str, interval: tuple[str, int] | None) -> None:
    assert meaning(word) == interval


def test_words_of_a_mapped_column() -> None:
    loaded = read("subscriptions", rows("billing cycle", "6 months", "Monthly", "1 year"))
    assert intervals(loaded) == [("month", 6), ("month", 1), ("year", 1)]
    assert [r.how for r in loaded.audit.meaning] == [How.PROVED]


def test_a_count_beside_them_is_multiplied() -> None:
    content = "customer_id,start_date,amount,interval,interval_count\nA,2024-01-01,1,6 months,2\n"
    assert intervals(read("subscriptions", content)) == [("month", 12)]


def test_a_blank_or_unknown_interval_is_a_reject() -> None:
    loaded = read("subscriptions", rows("interval", "year", "", "fortnite"))
    assert [column for _, column, _, _ in rejected(loaded)] == ["interval", "interval"]


def test_declared_words_come_first() -> None:
    loaded = read(
        "subscriptions",
        rows("interval", "quarter", "month"),
        values={"interval": {"month": "year"}},
    )
    assert intervals(loaded) == [("quarter", 1), ("year", 1)]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Zahlweise", ("jährlich", "monatlich")),
        ("Périodicité", ("annuel", "mensuel")),
        ("Billing term", ("Yearly", "Monthly")),
        ("Contract", ("One year", "Month-to-month")),
        ("Plan", ("Annual", "Monthly")),
    ],
)
def test_a_column_that_nobody_mapped(header: str, words: tuple[str, ...]) -> None:
    loaded = read("subscriptions", rows(header, *words))
    assert intervals(loaded) == [("year", 1), ("month", 1)]
    assert f"interval from {header!r}" in loaded.audit.assumed


def test_a_count_that_shares_the_stem() -> None:
    content = "customer_id,start_date,amount,renewal period,renewal period length\n"
    loaded = read("subscriptions", content + "A,2024-01-01,1,month,3\nB,2024-01-01,1,year,1\n")
    assert intervals(loaded) == [("month", 3), ("year", 1)]


def test_none_is_a_month_and_said() -> None:
    loaded = read("subscriptions", rows("note", "a", "b"))
    assert "interval" not in loaded.frame.columns
    assert "amounts are by the month" in loaded.audit.assumed


def test_one_word_for_all_under_another_header_is_none() -> None:
    assert "interval" not in read("subscriptions", rows("note", "year", "year")).frame.columns


def test_two_columns_are_open() -> None:
    content = (
        "customer_id,start_date,amount,renews each,paid each term\nA,2024-01-01,12,year,month\n"
    )
    with pytest.raises(DataError, match="several columns can be the interval") as refused:
        read("subscriptions", content)
    assert "--set 'sources.subscriptions.columns.interval=\"renews each\"'" in str(
        refused.value.hint
    )
    loaded = read("subscriptions", content, columns={"interval": "renews each"})
    assert intervals(loaded) == [("year", 1)]
    loaded = read("subscriptions", content, constants={"interval": "month"})
    assert intervals(loaded) == [("month", 1)]


def test_words_that_nobody_knows_are_open() -> None:
    content = rows("Renewal term", "year", "sometimes")
    with pytest.raises(DataError, match="nobody knows 'sometimes'") as refused:
        read("subscriptions", content)
    hint = str(refused.value.hint)
    assert 'sources.subscriptions.values.interval={"sometimes": "year"}' in hint
    loaded = read("subscriptions", content, values={"interval": {"sometimes": "year"}})
    assert intervals(loaded) == [("year", 1), ("year", 1)]


@pytest.mark.parametrize("header", ["plan months", "Số tháng", "Billing period (months)"])
def test_how_many_months_a_row_is_for_is_open(header: str) -> None:
    with pytest.raises(DataError, match=r"MRR 200\) or .* \(MRR 108.33\)"):
        read("subscriptions", rows(header, "12", "1"))
    said = {"columns": {"interval_count": header}}
    frame = read("subscriptions", rows(header, "12", "1"), **said).frame
    assert frame["interval_count"].to_list() == [12, 1]
    read("subscriptions", rows(header, "12", "1"), constants={"interval": "month"})
    assert read("subscriptions", rows(header, "1", "1")).audit.used == 2
    assert read("subscriptions", rows("Months since signup", "12", "1")).audit.used == 2
