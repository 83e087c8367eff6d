"""Each preset reads a small file as its program exports it: `files/NAME.csv`."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm_kpi import sources
from crm_kpi.config import load_config
from crm_kpi.config.preset import load_preset
from crm_kpi.errors import ConfigError, DataError, UsageError
from crm_kpi.sources import DerivedColumn, LoadedTable, ReadOptions, SourceSpec
from crm_kpi.sources.mapping import presets
from crm_kpi.sources.mapping.aliases import ALIASES
from crm_kpi.sources.mapping.detect_table import fits, recognise
from crm_kpi.sources.names import key
from crm_kpi.sources.spec import Preset
from crm_kpi.sources.wizard.proposal import propose
from crm_kpi.tables import TABLES

FILES = Path(__file__).parent / "files"
PRESETS = {preset.name: preset for preset in presets.everything()}
OPTIONS = ReadOptions(
    date(2030, 1, 1), timezone="Asia/Ho_Chi_Minh", rejected_rows=Decimal(1), open_meaning="note"
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in FILES.glob("*.csv"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)


def read(name: str, **how: Any) -> LoadedTable:
    table = PRESETS[name].spec.table
    every = replace(OPTIONS, texts={table: frozenset(TABLES[table].names)})
    return sources.load(TABLES[table], [SourceSpec(table, (f"{name}.csv",), **how)], every)


def column(name: str, column: str, **how: Any) -> list[Any]:
    return read(name, **how).frame[column].to_list()


EXPECTED: dict[str, dict[str, list[Any]]] = {
    "shopee_orders": {
        "customer_id": ["an_88", "binh.shop"],
        "date": [date(2026, 3, 1), date(2026, 3, 2)],
        "amount": [Decimal(310000), Decimal(240000)],
        "transaction_id": ["260301AB", "260302CD"],
        "product": ["Mũ", "Áo"],
    },
    "tiktok_orders": {
        "customer_id": ["an_88", "binh.shop"],
        "date": [date(2026, 3, 13), date(2026, 3, 14)],
        "amount": [Decimal(330000), Decimal(140000)],
        "transaction_id": ["579900000000000001", "579900000000000002"],
    },
    "xero_sales_invoices": {
        # An invoice of two lines once; one that awaits payment; a credit note.
        "transaction_id": ["INV-0001", "INV-0002", "CN-0001"],
        "customer_id": ["An Ltd", "Binh & Co", "An Ltd"],
        "date": [date(2026, 1, 15), date(2026, 1, 20), date(2026, 1, 28)],
        "amount": [Decimal(115), Decimal(230), Decimal(-23)],
        "kind": ["sale", "sale", "refund"],
        "currency": ["NZD"] * 3,
    },
    "amazon_date_range": {
        "transaction_id": [f"112-0000000-000000{n}" for n in (1, 2, 2)],
        # In the zone of the test: the first was posted at 11 PM in California, before summer time.
        "date": [date(2026, 3, 3), date(2026, 3, 12), date(2026, 3, 15)],
        "amount": [Decimal("1034.99"), Decimal(40), Decimal(-20)],
        "kind": ["sale", "sale", "refund"],
        "product": ["TEA-1", "MUG-1", "MUG-1"],
    },
    "ebay_orders": {
        # Of an order of two items those, and not their sum as well.
        "transaction_id": ["11-10000-00001", "11-10000-00003", "11-10000-00003"],
        "customer_id": ["an_88", "binh_7", "binh_7"],
        "date": [date(2026, 9, 18), date(2026, 8, 25), date(2026, 8, 25)],
        "amount": [Decimal(90), Decimal(1014), Decimal(14)],
    },
    "magento_orders": {
        "transaction_id": ["000000001", "000000002"],
        "customer_id": ["an@example.com", "binh@example.com"],
        "date": [date(2026, 3, 1), date(2026, 3, 2)],
        "amount": [Decimal(1045), Decimal(45)],  # 10 of 55 were refunded
    },
    "woocommerce_order_export": {
        "transaction_id": ["3001", "3002"],
        "customer_id": ["an@example.com", "binh@example.com"],
        "date": [date(2026, 3, 1), date(2026, 3, 2)],
        "amount": [Decimal(55), Decimal(25)],  # of two lines once; 20 of 45 were refunded
        "product": ["Tea", "Mug"],
    },
    "odoo_order_lines": {
        # Lines without taxes, not the Total of their order; no quotation is a sale.
        "transaction_id": ["S00021", "S00021", "S00022"],
        "customer_id": ["Sea Ltd", "Sea Ltd", "River Ltd, Binh"],
        "date": [date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 2)],
        "amount": [Decimal(1000), Decimal(25), Decimal(50)],
        "owner": ["Ho Tu", "Ho Tu", "Le Vy"],
    },
    "square_transactions": {
        # Without tax, tip and the gift card of 25; 5 were refunded without items.
        "transaction_id": ["SQA1x", "SQB2y", "SQC3z", "SQD4w"],
        "customer_id": ["CUST1", None, "CUST1", "CUST1"],
        "date": [date(2026, 3, day) for day in (1, 2, 3, 4)],
        "amount": [Decimal(1027), Decimal(12), Decimal(-27), Decimal(-5)],
        "kind": ["sale", "sale", "refund", "refund"],
        "owner": ["Ho Tu", "Le Vy", "Ho Tu", "Ho Tu"],
    },
    "kiotviet_returns": {
        "transaction_id": ["TH000001", "TH000002"],
        "customer_id": ["KH000001", None],
        "date": [date(2024, 12, 31), date(2024, 12, 30)],
        "amount": [Decimal(-1950000), Decimal(-40000)],
        "kind": ["refund", "refund"],
    },
    "misa_sales_ledger": {
        "transaction_id": ["BH00001", "BH00001", "BTL0001", "BGG0001"],
        "customer_id": ["CTYA", "CTYA", "CTYB", "CTYA"],
        "amount": [Decimal(1500000), Decimal(950000), Decimal(-300000), Decimal(-100000)],
        "date": [date(2026, 1, 15), date(2026, 1, 15), date(2026, 1, 20), date(2026, 1, 28)],
        "owner": ["Trần B"] * 4,
    },
    "stripe_charges": {
        "transaction_id": ["ch_1", "ch_2", "ch_3"],
        "customer_id": ["cus_1", "cus_2", "cus_1"],
        "date": [date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 3)],
        "currency": ["USD"] * 3,
    },
    "pipedrive_deals": {
        "opportunity_id": ["2001", "2002", "2003"],
        "outcome": ["won", "lost", "open"],
        "closed_at": [datetime(2024, 3, 20, 3), datetime(2024, 3, 10, 3), None],
        "amount": [Decimal(1000), Decimal(500), Decimal(700)],
        "currency": ["EUR"] * 3,
        "customer_id": ["Biển GmbH", "Sông AG", None],
    },
    "hubspot_deals_connector": {
        "opportunity_id": ["3001", "3002", "3003"],
        "outcome": ["won", "lost", "open"],
        "created_at": [datetime(2024, 3, day, 2) for day in (1, 2, 5)],
        "closed_at": [
            datetime(2024, 3, 20, 3),
            datetime(2024, 3, 10, 3),
            datetime(2024, 4, 29, 17),
        ],
        "amount": [Decimal(1000), Decimal(500), Decimal(700)],
        "expected_close": [date(2024, 3, 20), date(2024, 3, 10), date(2024, 4, 30)],
    },
    "dynamics_opportunities": {
        "opportunity_id": [f"3f1a0001-0000-ee11-9ae7-000d3a00000{n}" for n in (1, 2, 3)],
        "outcome": ["won", "lost", "open"],  # of Status; the third has a topic "Won over"
        "stage": ["Close", "Propose", "Close"],
        "amount": [Decimal(1000), Decimal(500), Decimal(700)],
        "expected_close": [date(2024, 3, 31), date(2024, 3, 15), date(2024, 4, 30)],
        "closed_at": [datetime(2024, 3, 19, 17), datetime(2024, 3, 9, 17), None],
        "customer_id": ["Sea Ltd", "River Ltd", "Hill Ltd"],
    },
    "jira_issues": {
        "ticket_id": ["SUP-1", "SUP-2", "SUP-3"],
        "created_at": [
            datetime(2024, 5, 11, 8, 26),
            datetime(2024, 5, 12, 2),
            datetime(2024, 5, 12, 17),
        ],
        "solved_at": [datetime(2024, 5, 12, 0, 7), None, datetime(2024, 5, 13, 6, 15)],
        "customer_id": ["An Nguyễn", "Bình Lê", "An Nguyễn"],
    },
    "servicenow_incidents": {
        "ticket_id": ["INC0010001", "INC0010002", "INC0010003"],
        "created_at": [
            datetime(2024, 5, 11, 8, 26),
            datetime(2024, 5, 12, 2),
            datetime(2024, 5, 12, 17),
        ],
        "solved_at": [datetime(2024, 5, 12, 0, 7), None, datetime(2024, 5, 13, 6, 15)],
        "reopens": [1, 0, 0],
        "customer_id": ["An Nguyễn", "Bình Lê", "An Nguyễn"],
    },
    "zendesk_explore": {
        "ticket_id": ["4001", "4002", "4004"],
        "created_at": [
            datetime(2024, 5, 11, 8, 26),
            datetime(2024, 5, 12, 2),
            datetime(2024, 5, 12, 17),
        ],
        "solved_at": [datetime(2024, 5, 12, 0, 7), None, datetime(2024, 5, 13, 6, 15)],
        "channel": ["Email", "Web", "Chat"],
        "customer_id": ["An Nguyễn", "Bình Lê", "An Nguyễn"],
    },
    "salesforce_objects": {
        "opportunity_id": ["006A", "006B", "006C"],
        "outcome": ["won", "lost", "open"],
        "stage": ["Closed Won", "Abgelehnt", "Negotiation"],
        "amount": [Decimal(1000), Decimal(500), Decimal(700)],
        "probability": [1.0, 0.0, 0.9],
        "expected_close": [date(2024, 3, 8), date(2024, 3, 20), date(2024, 4, 20)],
        "customer_id": ["001A", "001B", None],
    },
    "shopify_orders": {
        "customer_id": ["an@example.com", "binh@example.com", None],
        "date": [date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 6)],
        "amount": [Decimal(45), Decimal(40), Decimal(0)],
        "transaction_id": ["#1001", "#1002", "#1005"],
        "currency": ["EUR"] * 3,
        "product": ["Mug", "Mug", "Tea"],
    },
    "stripe_payments": {
        "customer_id": ["cus_A", "cus_B", "cus_A"],
        "date": [date(2024, 2, 1), date(2024, 2, 3), date(2024, 2, 4)],
        "amount": [Decimal(49), Decimal(1000), Decimal(0)],
        "currency": ["USD"] * 3,
    },
    "stripe_subscriptions": {
        "subscription_id": ["sub_1", "sub_2"],
        "start_date": [date(2024, 1, 5), date(2024, 1, 11)],
        "end_date": [None, date(2024, 5, 25)],
        "trial_end": [None, date(2024, 1, 25)],
        "amount": [Decimal(40), Decimal(120)],  # of all seats
        "quantity": [2, 1],
        "interval": ["month", "year"],
    },
    "chargebee_subscriptions": {
        "customer_id": ["C1", "C2"],
        "end_date": [None, date(2024, 5, 5)],
        "interval_count": [1, 3],
        "amount": [Decimal(49), Decimal(30)],
    },
    "woocommerce_orders": {
        "customer_id": ["An Nguyễn", "Bình Lê"],
        "amount": [Decimal("1042.08"), Decimal("16.67")],
        "transaction_id": ["2001", "2002"],
    },
    "kiotviet_invoices": {
        "customer_id": ["KH000001", None],
        "amount": [Decimal(1250000), Decimal(40000)],
        "date": [date(2024, 12, 31), date(2024, 12, 28)],
        "channel": ["Bán trực tiếp"] * 2,
    },
    "kiotviet_customers": {
        "customer_id": ["KH000001", "KH000002"],
        "signup_date": [date(2023, 3, 15), date(2024, 2, 1)],
        "phone": ["0901234567", "02439123456"],
        "segment": ["VIP|Sỉ", None],
        "region": ["Hà Nội - Quận Hoàn Kiếm", "Hà Nội - Quận Hai Bà Trưng"],
    },
    "misa_sales": {
        "transaction_id": ["BH00012", "BH00012", "BH00011"],
        "amount": [Decimal(1200000), Decimal(400000), Decimal(80000)],
        "date": [date(2024, 12, 31), date(2024, 12, 31), date(2024, 11, 15)],
        "product": ["Cà phê", "Trà", "Trà"],
    },
    "hubspot_deals": {
        "outcome": ["won", "lost", "open"],
        "customer_id": ["7001", "7002", None],
        "expected_close": [date(2024, 3, 20), date(2024, 2, 10), date(2024, 12, 31)],
    },
    "hubspot_deals_by_stage": {"outcome": ["won", "lost", "open", "won"]},
    "salesforce_report": {
        "outcome": ["won", "lost", "open"],
        "probability": [1.0, 0.0, 0.9],
        "customer_id": ["Biển", "Sông", "Núi"],
        "amount": [Decimal(50000), Decimal(20000), Decimal(10000)],
    },
    "salesforce_cases": {
        "ticket_id": ["00001001", "00001002"],
        "solved_at": [datetime(2024, 3, 14, 10, 35), None],
        "status": ["Closed", "New"],
    },
    "zoho_deals": {
        "opportunity_id": ["zcrm_101", "zcrm_102", "zcrm_103"],
        "outcome": ["won", "lost", "open"],
        "owner": ["Hồ Tú", "Hồ Tú", "Lê Vy"],
        "customer_id": ["zcrm_701", "zcrm_702", None],
    },
    "zendesk_tickets": {
        "ticket_id": ["501", "502"],
        "first_reply_at": [datetime(2024, 3, 14, 3, 20), None],
        "solved_at": [datetime(2024, 3, 15, 3), None],
        "customer_id": ["9001", "9002"],
    },
    "freshdesk_tickets": {
        "ticket_id": ["11", "12"],
        "first_reply_at": [datetime(2024, 3, 14, 3, 20), None],
        "solved_at": [datetime(2024, 3, 15, 3), None],
        "customer_id": ["4300001", "4300002"],
    },
    "typeform_responses": {
        "response_id": ["abc1", "abc2"],
        "score": [9, 3],
        "survey": ["nps", "nps"],
        "answered_at": [datetime(2024, 1, 31, 20), datetime(2024, 2, 2, 8, 1)],
    },
    "surveymonkey_responses": {
        "response_id": ["118001", "118002"],
        "score": [10, 5],
        "survey": ["nps", "nps"],
        # 10:12 and one minute past midnight in Vietnam.
        "answered_at": [datetime(2024, 1, 22, 3, 12), datetime(2024, 1, 23, 17, 1)],
    },
    "microsoft_forms": {
        "response_id": ["1", "2"],
        "score": [9, 3],
        "survey": ["nps", "nps"],
        # The second was begun a day before it was completed.
        "answered_at": [datetime(2024, 10, 19, 4, 3), datetime(2024, 10, 20, 17, 1)],
    },
    "limesurvey_responses": {
        "response_id": ["1", "3"],
        "score": [10, 4],
        "survey": ["nps", "nps"],
        "answered_at": [datetime(2024, 3, 1, 2, 12, 40), datetime(2024, 3, 2, 17, 1)],
    },
    "qualtrics_responses": {
        "response_id": ["R_1", "R_2"],
        "score": [10, 3],
        "survey": ["nps", "nps"],
        "answered_at": [datetime(2024, 1, 30, 1, 1, 1), datetime(2024, 1, 31, 17, 1, 1)],
    },
}
EXCLUDED = {
    "shopify_orders": 3, "stripe_payments": 2, "stripe_subscriptions": 1, "woocommerce_orders": 2,
    "kiotviet_invoices": 3, "zendesk_tickets": 1, "shopee_orders": 3, "tiktok_orders": 2,
    "kiotviet_returns": 2, "stripe_charges": 3, "qualtrics_responses": 2, "pipedrive_deals": 1,
    "hubspot_deals_connector": 1, "zendesk_explore": 1, "xero_sales_invoices": 4,
    "amazon_date_range": 3, "ebay_orders": 1, "magento_orders": 2, "woocommerce_order_export": 3,
    "odoo_order_lines": 3, "limesurvey_responses": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_is_known_by_its_headers_and_read(name: str) -> None:
    loaded = read(name)
    for our, values in EXPECTED[name].items():
        assert loaded.frame[our].to_list() == values, our
    audit = loaded.audit
    assert audit.excluded == EXCLUDED.get(name, 0)
    assert audit.rejected == 0
    title = PRESETS[name].title
    assert f"{name}.csv: read as {title} (preset {name})" in audit.notes
    assert f"preset {name}" in audit.assumed


@pytest.mark.parametrize("name", EXPECTED)
def test_a_preset_that_is_named_reads_the_same(name: str) -> None:
    assert read(name, preset=name).frame.equals(read(name).frame)


@pytest.mark.parametrize("name", EXPECTED)
def test_init_writes_the_preset_down(name: str) -> None:
    assert recognise(f"{name}.csv") == PRESETS[name].spec.table

    def first(question: object) -> int:
        return 0

    (block,) = propose(f"{name}.csv", first)
    assert block.spec.preset == name
    assert block.headers


def test_every_preset_is_tested() -> None:
    assert set(PRESETS) - set(EXPECTED) == {"shopify_customers"}
    assert {path.stem for path in FILES.glob("*.csv")} == set(PRESETS)


def test_an_export_without_a_required_column_says_what_to_do() -> None:
    with pytest.raises(DataError, match="no column for signup_date") as caught:
        read("shopify_customers")
    assert str(caught.value.hint).startswith("Shopify exports no such day")
    assert fits("shopify_customers.csv")[0].missing == ("signup_date",)
    constant = {"constants": {"signup_date": "2024-01-01"}}
    assert column("shopify_customers", "phone", **constant) == ["+84901234567", "+84907654321"]
    assert column("shopify_customers", "name", **constant) == ["An Nguyễn", "Bình Lê"]


def test_the_source_comes_before_its_preset() -> None:
    converted = DerivedColumn(minus=("Converted Amount", "Converted Amount Refunded"))
    how = {"columns": {"amount": converted, "customer_id": "Customer Email"}}
    loaded = read("stripe_payments", **how)
    assert loaded.frame["customer_id"].to_list()[0] == "a@example.com"
    assert loaded.audit.columns["amount"] == "Converted Amount − Converted Amount Refunded"
    assert loaded.audit.columns["transaction_id"] == "id"
    assert column("stripe_payments", "currency", constants={"currency": "EUR"}) == ["EUR"] * 3


def test_conditions_are_taken_one_by_one() -> None:
    assert read("shopify_orders", where={"Cancelled at": ()}).audit.excluded == 2
    assert read("shopify_orders", where={"financial status": ("pending",)}).audit.used == 1


def test_words_of_the_source_come_beside_those_of_its_preset() -> None:
    values = {"outcome": {"Đã ký": "won", "Closed Lost": "open"}}
    outcomes = column("hubspot_deals_by_stage", "outcome", values=values)
    assert outcomes == ["won", "open", "open", "won"]
    # Another column is not read by words that are meant for the preset's.
    mine = {"columns": {"outcome": "Deal owner"}, "values": {"outcome": {"*": "won"}}}
    assert set(column("hubspot_deals_by_stage", "outcome", **mine)) == {"won"}


def test_without_presets_a_file_is_read_by_its_headers() -> None:
    loaded = read("kiotviet_invoices", preset="none", columns={"amount": "Khách cần trả"})
    # An order's amount once, one cancelled, one still open.
    assert (loaded.audit.used, loaded.audit.excluded) == (2, 3)
    assert not any("preset" in note for note in loaded.audit.notes)


def test_a_file_that_is_another_export() -> None:
    with pytest.raises(DataError, match=r"is no export of Shopify orders .* it lacks 'Name'"):
        read("stripe_payments", preset="shopify_orders")


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [("shopify_order", "no preset 'shopify_order'", "did you mean 'shopify_orders'?"),
     ("xyzzy", "no preset 'xyzzy'", "for transactions there are amazon_date_range, ebay_"),
     ("zoho_deals", "zoho_deals is for opportunities", "under sources.opportunities")],
)  # fmt: skip
def test_a_preset_that_is_not_there(name: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        read("shopify_orders", preset=name)
    assert hint in str(caught.value.hint)


def test_files_of_one_source_may_be_of_several_programs() -> None:
    Path("own.csv").write_text("customer_id,date,amount,currency\nX,2026-05-01,5,EUR\n")
    spec = SourceSpec("transactions", ("shopify_orders.csv", "own.csv"))
    loaded = sources.load(TABLES["transactions"], [spec], OPTIONS)
    assert (loaded.audit.used, loaded.audit.excluded) == (4, 3)


def test_headers_in_another_case_and_between_hundreds() -> None:
    text = Path("hubspot_deals.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    wide = [[*(f"Property {i}" for i in range(400)), *map(str.upper, rows[0])]]
    wide += [[*[""] * 400, *row] for row in rows[1:]]
    with Path("hubspot_deals.csv").open("w", encoding="utf-8") as file:
        csv.writer(file).writerows(wide)
    assert column("hubspot_deals", "outcome") == ["won", "lost", "open"]


def test_a_header_with_a_mark_and_a_hard_blank() -> None:
    text = Path("kiotviet_invoices.csv").read_text(encoding="utf-8")
    Path("kiotviet_invoices.csv").write_text(text.replace("Mã hóa đơn", "Mã hóa\u00a0đơn (*)"))
    assert column("kiotviet_invoices", "transaction_id") == ["HD000101", "HD000104"]


def test_older_exports_have_other_headers() -> None:
    path = Path("stripe_payments.csv")
    path.write_text(path.read_text().replace("Created date (UTC)", "Created (UTC)"))
    assert column("stripe_payments", "date")[0] == date(2024, 2, 1)
    path = Path("stripe_subscriptions.csv")
    path.write_text(path.read_text().replace("Start Date (UTC)", "Cancellation Reason"))
    assert column("stripe_subscriptions", "start_date")[0] == date(2024, 1, 5)
    path = Path("shopify_orders.csv")
    path.write_text(path.read_text().replace("Cancelled at", "Canceled at"))
    assert read("shopify_orders").audit.excluded == 3


def keys_of(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line[:1].isalpha():
            yield line.split(":")[0]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_written_as_a_user_writes_one(name: str) -> None:
    """The config's own model and the loader's reading of the file agree."""
    shipped = PRESETS[name]
    path = Path(presets.__file__).parent / shipped.spec.table / f"{name}.yaml"
    assert load_preset(path, shipped.spec.table) == shipped
    first = [word for word in keys_of(path) if word in ("title", "about", "headers")]
    assert first == ["title", "about", "headers"]
    assert shipped.about.endswith((".", "}"))


def test_no_export_is_known_as_two() -> None:
    for one in PRESETS.values():
        for other in presets.shipped(one.spec.table):
            mine, theirs = ({key(h) for h in p.headers} for p in (one, other))
            assert one is other or mine != theirs
            assert len(mine) == len(one.headers)


def test_conditions_are_on_headers_of_the_program() -> None:
    """Those of ours would be looked for in every file; a preset may only name its own."""
    for preset in PRESETS.values():
        for name in (*preset.spec.where, *preset.spec.exclude):
            assert name not in TABLES[preset.spec.table]
        assert set(preset.lacks) <= set(TABLES[preset.spec.table].required)


def test_a_preset_of_ones_own() -> None:
    Path("cfg").mkdir()
    Path("cfg/ours.yaml").write_text(
        "title: our shop\nheaders: [Bill, Sum]\ncolumns: {customer_id: Who, date: Day, "
        "amount: Sum, transaction_id: Bill}\nexclude: {State: void}\nonce: transaction_id\n"
    )
    Path("cfg/crm-kpi.yaml").write_text(
        "sources: {transactions: {path: ../shop.csv, preset: ./ours.yaml}}"
    )
    Path("shop.csv").write_text(
        "Bill,Who,Day,Sum,State\n1,A,2024-01-02,5,\n1,A,2024-01-02,5,\n2,B,2024-01-03,7,void\n"
    )
    spec = load_config(Path("cfg/crm-kpi.yaml"), env={}).specs()["transactions"]
    assert isinstance(spec[0].preset, Preset)
    loaded = sources.load(TABLES["transactions"], spec, OPTIONS)
    assert loaded.frame["amount"].to_list() == [Decimal(5)]
    assert loaded.audit.excluded == 2
    said = "shop.csv: read as our shop (preset ours)"
    assert any(note.endswith(said) for note in loaded.audit.notes)


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [("colums: {}", "colums", "unknown key"),
     ("path: a.csv", None, "path stands in the config, not in a preset"),
     ("columns: {custmer_id: X}", "columns.custmer_id", "transactions has no such column"),
     ("once: bill", "once", "transactions has no such column"),
     ("- a", None, "")],
)  # fmt: skip
def test_faults_of_a_preset_are_told_with_their_place(
    text: str, column: str | None, reason: str
) -> None:
    Path("p.yaml").write_text(f"\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        load_preset(Path("p.yaml"), "transactions")
    (problem,) = caught.value.problems
    assert (problem.path, problem.column) == ("p.yaml", column)
    assert reason in problem.reason


def test_a_preset_file_that_is_not_there() -> None:
    with pytest.raises(ConfigError) as caught:
        load_preset(Path("p.yaml"), "transactions")
    assert "preset:" in str(caught.value.problems[0].hint)


def test_keys_that_no_shipped_preset_needs() -> None:
    block = {"columns": {"phone": "2", "email": ["Mail", "E-mail"]}, "missing": ["", "-"]}
    preset = presets.of_block("customers", "mine", block)
    assert (preset.title, preset.about, preset.headers) == ("mine", "", ())
    assert preset.spec.missing == ("", "-")
    assert preset.spec.columns == {"phone": "2", "email": ("Mail", "E-mail")}
    spec = presets.merged(SourceSpec("customers", (), missing=("x",)), preset, ["E-mail"])
    assert (spec.columns, spec.missing) == ({"email": ("Mail", "E-mail")}, ("x",))


def test_a_preset_may_name_a_position() -> None:
    Path("p.yaml").write_text("columns: {customer_id: 2, signup_date: Day, name: 9}\n")
    preset = load_preset(Path("p.yaml"), "customers")
    Path("t.csv").write_text("No,Who,Day\n1,A,2024-01-02\n")
    loaded = sources.load(
        TABLES["customers"], [SourceSpec("customers", ("t.csv",), preset=preset)], OPTIONS
    )
    assert loaded.frame["customer_id"].to_list() == ["A"]


def test_aliases_know_the_tables_of_presets() -> None:
    assert {preset.spec.table for preset in PRESETS.values()} <= ALIASES.keys()


def test_amounts_of_an_api_are_in_its_smallest_unit() -> None:
    amounts = column("stripe_charges", "amount", scale=Decimal("0.01"))
    assert amounts == [Decimal(49), Decimal(30), Decimal(0)]


def test_headers_of_an_api_are_not_those_of_the_dashboard() -> None:
    """Underscores are not blanks: what is in cents is no export in whole units."""
    dashboard = PRESETS["stripe_payments"].headers
    assert presets.recognised("transactions", dashboard) == PRESETS["stripe_payments"]
    spelled = [header.upper() for header in dashboard]
    assert presets.recognised("transactions", spelled) == PRESETS["stripe_payments"]
    snaked = [header.lower().replace(" ", "_") for header in dashboard]
    assert presets.recognised("transactions", snaked) is None


def test_what_is_taken_off_where_the_file_has_it() -> None:
    text = Path("misa_sales_ledger.csv").read_text(encoding="utf-8-sig")
    older = text.replace("Giá trị giảm giá", "Ghi chú khác")
    Path("misa_sales_ledger.csv").write_text(older, encoding="utf-8-sig")
    loaded = read("misa_sales_ledger")
    assert loaded.audit.columns["amount"] == "Doanh số bán − Chiết khấu − Giá trị trả lại"
    assert loaded.frame["amount"].to_list()[1:3] == [Decimal(950000), Decimal(-300000)]


def test_who_takes_less_off_than_the_preset_is_told() -> None:
    loaded = read("misa_sales_ledger", columns={"amount": "Doanh số bán"})
    assert loaded.frame["amount"].to_list()[1] == Decimal(1000000)
    less = "Chiết khấu, Giá trị trả lại, Giá trị giảm giá"
    assert f"'Doanh số bán' without taking off {less}" in loaded.audit.assumed
    told = "misa_sales_ledger.csv: 'Doanh số bán' is taken as declared; the preset takes off "
    assert told + less in loaded.audit.notes
    plain = read("misa_sales_ledger", columns={"owner": "Mã nhân viên bán hàng"})
    assert not any("as declared" in note for note in plain.audit.notes)


def test_returns_beside_invoices_are_taken_off() -> None:
    specs = [
        SourceSpec("transactions", (f"kiotviet_{name}.csv",)) for name in ("invoices", "returns")
    ]
    loaded = sources.load(TABLES["transactions"], specs, OPTIONS)
    assert loaded.frame["amount"].sum() == 1250000 + 40000 - 1950000 - 40000


def test_an_order_of_which_a_part_came_back_is_told() -> None:
    """The order's value stands on all of its rows: that of the returned one cannot be taken off."""
    text = Path("shopee_orders.csv").read_text(encoding="utf-8-sig")
    lines = text.splitlines(keepends=True)
    returned = lines[1].replace(",,,Mũ,", ",Đã Chấp Thuận Yêu Cầu,,Mũ,")
    assert returned != lines[1]
    Path("shopee_orders.csv").write_text("".join([lines[0], returned, *lines[2:]]))
    loaded = read("shopee_orders")
    assert loaded.frame["amount"].to_list() == [Decimal(310000), Decimal(240000)]
    assert loaded.audit.excluded == 3
    assert "1 partly returned counted in full" in loaded.audit.assumed


def test_purchases_of_odoo_are_no_sales() -> None:
    """Orders of both kinds have lines; those to a vendor have no customer."""
    headers = ["Order Reference", "Order Date", "Vendor", "Order Lines/Product"]
    assert presets.recognised("transactions", [*headers, "Order Lines/Subtotal"]) is None


def test_bills_of_xero_are_no_sales() -> None:
    """Bills.csv has the headers of SalesInvoices.csv."""
    text = Path("xero_sales_invoices.csv").read_text(encoding="utf-8")
    Path("xero_sales_invoices.csv").write_text(text.replace("Sales invoice", "Bill"))
    loaded = read("xero_sales_invoices")
    assert loaded.frame["transaction_id"].to_list() == ["CN-0001"]


def test_an_order_that_amazon_defers_is_a_sale() -> None:
    """Transaction Status says when money is paid out, not what became of an order."""
    lines = Path("amazon_date_range.csv").read_text(encoding="utf-8").splitlines()
    words = ['"Transaction Status"', *['"Released"', '"Deferred"'] * 3]
    told = [f"{line},{word}" for line, word in zip(lines[7:], words, strict=True)]
    Path("amazon_date_range.csv").write_text("\n".join([*lines[:7], *told]) + "\n")
    amounts = [Decimal("1034.99"), Decimal(40), Decimal(-20)]
    assert column("amazon_date_range", "amount") == amounts


@pytest.mark.parametrize("sign", ["AU $", "C $", "US $", "£", "EUR "])
def test_ebay_writes_the_currency_before_an_amount(sign: str) -> None:
    text = Path("ebay_orders.csv").read_text(encoding="utf-8")
    Path("ebay_orders.csv").write_text(text.replace("$", sign), encoding="utf-8")
    assert column("ebay_orders", "amount") == [Decimal(90), Decimal(1014), Decimal(14)]
