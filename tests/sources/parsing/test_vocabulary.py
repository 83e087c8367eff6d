"""Words: flags, choices, `values:`, `missing:`, `where:` and `exclude:`."""

from __future__ import annotations

from datetime import date

import pytest

from crm_kpi.errors import UsageError
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.vocabulary import CHOICES, NO, YES
from crm_kpi.tables import TABLES, Kind
from tests.sources.conftest import read, rejected


@pytest.mark.parametrize("word", [*YES, "YES", "True", " Có ", "CO"])
def test_words_for_yes(word: str) -> None:
    text = f'customer_id,signup_date,churned\nA,2024-01-02,"{word}"\n'
    frame = read("customers", text).frame
    assert (frame["churned"].to_list(), frame["churn_date"].to_list()) == ([True], [None])


@pytest.mark.parametrize("word", [*NO, "NO", "False", "KHÔNG", "", "  "])
def test_words_for_no(word: str) -> None:
    text = f'customer_id,signup_date,churned\nA,2024-01-02,"{word}"\n'
    loaded = read("customers", text)
    assert loaded.frame["churn_date"].to_list() == [None]
    assert loaded.columns == {"customer_id", "signup_date", "churned", "churn_date"}
    assert loaded.audit.rejected == 0


def test_other_words_are_neither() -> None:
    text = "customer_id,signup_date,churned\nA,2024-01-02,maybe\nB,2024-01-02,no\n"
    loaded = read("customers", text)
    assert rejected(loaded) == [(2, "churned", "maybe", "not yes or no")]
    assert loaded.frame["customer_id"].to_list() == ["B"]


def test_a_yes_makes_no_date_up() -> None:
    text = "customer_id,signup_date,churn_date,churned\n" + (
        "A,2024-01-02,2024-05-06,yes\nB,2024-01-02,,yes\nC,2024-01-02,2024-05-06,no\n"
    )
    assert read("customers", text).frame["churn_date"].to_list() == [
        date(2024, 5, 6), None, date(2024, 5, 6),
    ]  # fmt: skip


def test_a_lead_that_converted_some_day_has_no_date() -> None:
    """Whether it was in time cannot be told, so a made-up date would be a wrong answer."""
    text = "lead_id,created_at,converted\n1,2024-01-02,yes\n2,2024-01-02,no\n"
    found = read("leads", text, timezone="Asia/Ho_Chi_Minh")
    assert found.frame["converted"].to_list() == [True, False]
    assert "converted_at" not in found.columns


CHOSEN = [(table, column) for table in TABLES.values() for column in table.columns
          if column.kind is Kind.CHOICE]  # fmt: skip


def test_no_word_stands_for_two_choices_of_a_column() -> None:
    for table, column in CHOSEN:
        seen: dict[str, str] = {}
        for choice in column.choices:
            for word in (choice, *CHOICES[choice]):
                assert seen.setdefault(key(word), choice) == choice, (table.name, word)


@pytest.mark.parametrize(
    ("words", "choice"),
    [
        (["month", "Monthly", "tháng", "THÁNG", "Hàng tháng"], "month"),
        (["year", "yearly", "Annual", "năm"], "year"),
        (["quarter", "quý", "QUARTERLY"], "quarter"),
        (["week", "tuần"], "week"),
        (["day", "ngày", "daily"], "day"),
    ],
)
def test_intervals(words: list[str], choice: str) -> None:
    lines = [f"{i},A,2024-01-02,5,{word}" for i, word in enumerate(words)]
    text = "\n".join(["subscription_id,customer_id,start_date,amount,interval", *lines, ""])
    assert read("subscriptions", text).frame["interval"].to_list() == [choice] * len(words)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("bán", "sale"), ("Bán hàng", "sale"), ("Trả hàng", "refund"), ("hoàn tiền", "refund"),
     ("Cross-sell", "cross_sell"), ("gia hạn", "renewal"), ("UPSELL", "upsell")],
)  # fmt: skip
def test_kinds_of_transactions(word: str, kind: str) -> None:
    text = f"customer_id,date,amount,kind\nA,2024-01-02,5,{word}\n"
    assert read("transactions", text).frame["kind"].to_list() == [kind]


@pytest.mark.parametrize(
    ("word", "outcome"),
    [("Won", "won"), ("Closed Won", "won"), ("thắng", "won"), ("Thua", "lost"), ("open", "open")],
)
def test_outcomes(word: str, outcome: str) -> None:
    text = f"opportunity_id,created_at,closed_at,outcome\nA,2024-01-02,2024-01-03,{word}\n"
    assert read("opportunities", text).frame["outcome"].to_list() == [outcome]


def test_unknown_words_are_rejected_with_the_known_ones_in_the_hint() -> None:
    text = "customer_id,date,amount,kind\nA,2024-01-02,5,sale\nA,2024-01-03,5,gift\n"
    loaded = read("transactions", text)
    assert rejected(loaded) == [(3, "kind", "gift", "unknown word")]
    assert loaded.audit.problems[0].hint == (
        "known are sale, refund, upsell, cross_sell, renewal; "
        "others by sources.transactions.values: {kind: {theirs: ours}}"
    )


def test_values_are_their_words_for_ours() -> None:
    text = "opportunity_id,created_at,closed_at,outcome\n" + (
        "A,2024-01-02,2024-01-03,Đã ký\nB,2024-01-02,2024-01-03,Mất\n"
        "C,2024-01-02,,Thương lượng\nD,2024-01-02,,\n"
    )
    loaded = read("opportunities", text, values={"outcome": {"Đã ký": "won", "Mất": "lost",
                                                             "*": "open"}})  # fmt: skip
    assert loaded.frame["outcome"].to_list() == ["won", "lost", "open", None]


def test_values_are_compared_in_either_unicode_form() -> None:
    import unicodedata

    decomposed = unicodedata.normalize("NFD", "Đã ký")
    text = f"opportunity_id,created_at,closed_at,outcome\nA,2024-01-02,2024-01-03,{decomposed}\n"
    values = {"outcome": {"Đã ký": "won"}}
    assert read("opportunities", text, values=values).frame["outcome"].to_list() == ["won"]


def test_values_work_in_text_and_in_numbers() -> None:
    text = "customer_id,signup_date,segment,acquisition_cost\nA,2024-01-02,S,free\n"
    loaded = read(
        "customers", text, texts={"customers": frozenset({"segment"})},
        values={"segment": {"S": "small"}, "acquisition_cost": {"free": "0"}},
    )  # fmt: skip
    assert loaded.frame["segment"].to_list() == ["small"]
    assert loaded.frame["acquisition_cost"].to_list() == [0]


def test_text_is_empty_only_where_the_cell_is_unless_missing_says_so() -> None:
    text = "customer_id,signup_date,churn_date,segment\nA,2024-01-02,N/A,N/A\nB,2024-01-02,-,-\n"
    asked = {"texts": {"customers": frozenset({"segment"})}}
    assert read("customers", text, **asked).frame["segment"].to_list() == ["N/A", "-"]
    text = text.replace("N/A,N/A", ",N/A")
    declared = read("customers", text, missing=("-",), **asked)
    assert declared.frame["segment"].to_list() == ["N/A", None]
    theirs = read("customers", text, missing=("-",), texts={"customers": frozenset({"Segment"})})
    assert theirs.frame["Segment"].to_list() == ["N/A", None]
    text = text.replace("-,-", "9999-12-31,-")
    kept = read("customers", text, missing=("9999-12-31",), **asked)
    assert kept.audit.rejected == 0


def test_declared_missing_takes_out_what_would_be_a_date() -> None:
    text = "customer_id,signup_date,churn_date\nA,2024-01-02,1900-01-01\n"
    loaded = read("customers", text, missing=("", "1900-01-01"))
    assert loaded.frame["churn_date"].to_list() == [None]


ORDERS = "customer_id,date,amount,kind,Status\n" + (
    "A,2024-01-02,1,sale,Paid\nB,2024-01-03,2,refund,paid\nC,bad,3,sale,Test\nD,2024-01-04,4,sale,\n"
)


def test_where_and_exclude_leave_rows_out_and_count_them() -> None:
    loaded = read("transactions", ORDERS, where={"Status": ("PAID",)})
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    assert (loaded.audit.excluded, loaded.audit.rejected, loaded.audit.rows) == (2, 0, 4)
    loaded = read("transactions", ORDERS, exclude={"status": ("test", "")})
    assert loaded.frame["customer_id"].to_list() == ["A", "B"]
    loaded = read("transactions", ORDERS, exclude={"kind": ("trả hàng",), "Status": ("Test",)})
    assert loaded.frame["customer_id"].to_list() == ["A", "D"]


def test_where_knows_words_after_values() -> None:
    values = {"kind": {"sale": "upsell"}}
    how = {"values": values, "status": "ignore"}
    loaded = read("transactions", ORDERS, where={"kind": ("upsell",)}, **how)
    assert loaded.frame["kind"].to_list() == ["upsell", "upsell"]
    assert loaded.audit.reasons == {"not a date": 1}


def test_where_on_a_text_of_ours_that_nobody_asked_for() -> None:
    text = "customer_id,signup_date,segment\nA,2024-01-02,x\nB,2024-01-02,y\n"
    loaded = read("customers", text, where={"segment": ("x",)})
    assert loaded.frame["customer_id"].to_list() == ["A"]


def test_where_on_a_constant() -> None:
    how = {"constants": {"survey": "nps"}}
    text = "score,date\n9,2024-01-02\n"
    assert read("surveys", text, where={"survey": ("nps",)}, **how).audit.used == 1
    assert read("surveys", text, where={"survey": ("csat",)}, **how).audit.excluded == 1


def test_where_on_an_unknown_column() -> None:
    with pytest.raises(UsageError, match=r"no column 'State', which sources.transactions.where"):
        read("transactions", ORDERS, where={"State": ("Paid",)})


def test_ids_are_strings_without_outer_blanks() -> None:
    text = "customer_id,signup_date\n007,2024-01-02\n 7 ,2024-01-02\n0901234567,2024-01-02\n"
    assert read("customers", text).frame["customer_id"].to_list() == ["007", "7", "0901234567"]
    blank = read("customers", "customer_id,signup_date\n  ,2024-01-02\n")
    assert rejected(blank) == [(2, "customer_id", None, "blank required value")]


def test_an_apostrophe_before_a_number_is_none_of_it() -> None:
    text = "customer_id,signup_date,phone\n'007,2024-01-02,'+84901234567\n'Hai,2024-01-02,\n"
    texts = {"customers": frozenset({"phone"})}
    loaded = read("customers", text, texts=texts)
    assert loaded.frame["customer_id"].to_list() == ["007", "'Hai"]
    assert loaded.frame["phone"].to_list() == ["+84901234567", None]


def test_values_are_found_whatever_the_case() -> None:
    text = "opportunity_id,created_at,outcome\nA,2024-01-02,SIGNED\nB,2024-01-02,signed off\n"
    values = {"outcome": {"Signed": "open", "*": "lost"}}
    loaded = read("opportunities", text, values=values)
    assert loaded.frame["outcome"].to_list() == ["open", "lost"]
    exact = {"outcome": {"Signed": "open", "SIGNED": "lost", "signed off": "open"}}
    assert read("opportunities", text, values=exact).frame["outcome"].to_list() == ["lost", "open"]


def test_conditions_without_values_ask_for_nothing() -> None:
    text = "customer_id,signup_date,segment\nA,2024-01-02,VIP\nB,2024-01-02,\n"
    assert read("customers", text, where={"segment": ()}).audit.used == 2
    assert read("customers", text, exclude={"segment": ()}).audit.used == 2


def test_declared_missing_replaces_the_usual_words() -> None:
    text = "customer_id,signup_date,churn_date,acquisition_cost\n" + (
        "A,2024-01-02,none yet,?\nB,2024-01-02,N/A,5\nC,2024-01-02, ,-\n"
    )
    loaded = read("customers", text, missing=("", "none yet", "?"))
    assert rejected(loaded) == [
        (3, "churn_date", "N/A", "not a date"),
        (4, "acquisition_cost", "-", "not a number"),
    ]
    assert read("customers", text.replace("none yet,?", "-,null")).audit.rejected == 0
