"""How a file can be read: what is found out, what is asked, and what the answers are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from crm_kpi.errors import DataError
from crm_kpi.sources.mapping.detect_table import fits, recognise
from crm_kpi.sources.wizard.ambiguity import Choice
from crm_kpi.sources.wizard.likeliest_table import NoTable
from crm_kpi.sources.wizard.proposal import Proposal, propose


class Answers:
    """Answers questions in their order, and remembers them."""

    def __init__(self, *answers: int | None) -> None:
        self.answers: list[int | None] = list(answers)
        self.asked: list[Choice] = []

    def __call__(self, question: Choice) -> int | None:
        self.asked.append(question)
        return self.answers.pop(0) if self.answers else None


def proposed(
    text: str, *answers: int | None, path: str = "t.csv", table: str | None = None
) -> tuple[list[Proposal], list[Choice]]:
    Path(path).write_text(text)
    ask = Answers(*answers)
    return propose(path, ask, table), ask.asked


def one(text: str, *answers: int | None, path: str = "t.csv", table: str | None = None) -> Proposal:
    (block,), _ = proposed(text, *answers, path=path, table=table)
    return block


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_the_loader_finds_needs_no_word() -> None:
    block = one("Mã KH,Ngày đăng ký\n1,31/12/2024\n2,01/02/2024\n")
    assert (block.spec.table, block.spec.columns, block.rows) == ("customers", {}, 2)
    assert block.headers == {"customer_id": "Mã KH", "signup_date": "Ngày đăng ký"}
    assert block.notes == ["signup_date: read as %d/%m/%Y, which its rows prove"]


@pytest.mark.parametrize(("answer", "declared"), [(0, "%d/%m/%Y"), (1, "%m/%d/%Y")])
def test_open_dates_are_asked_with_what_each_answer_means(answer: int, declared: str) -> None:
    text = "customer_id,signup_date\n1,03/04/2024\n2,05/06/2024\n"
    (block,), (question,) = proposed(text, answer)
    assert block.spec.dates == {"signup_date": declared}
    assert question.answers[0].startswith("%d/%m/%Y: 03/04/2024 is 2024-04-03; 05/06/2024 is")
    assert block.assumed == [f"signup_date is written {declared}"]


def test_open_dates_that_nobody_settles_are_offered_as_lines() -> None:
    (block,), (question,) = proposed("customer_id,signup_date\n1,03/04/2024\n", None)
    assert (question.open, block.spec.dates, block.assumed) == (True, None, [])
    assert [line.below(0, repr) for line in block.open] == [
        'dates: {signup_date: "%d/%m/%Y"}', 'dates: {signup_date: "%m/%d/%Y"}'
    ]  # fmt: skip


def test_two_headers_between_which_nobody_chooses_are_offered_as_lines() -> None:
    block = one("customer_id,date,amount,amount\n1,2024-01-02,5,7\n", None)
    assert block.spec.columns == {"customer_id": "customer_id", "date": "date"}
    assert [line.below(0, repr) for line in block.open] == [
        "columns: {amount: 3}", "columns: {amount: 4}"
    ]  # fmt: skip


def test_words_of_intervals_that_the_loader_knows_are_not_asked_for() -> None:
    rows = "1,2024-01-02,5,6 months\n2,2024-01-03,5,Quartal\n"
    (block,), questions = proposed(f"customer_id,start_date,amount,billing cycle\n{rows}")
    assert (block.spec.values, questions) == ({}, [])


@pytest.mark.parametrize(
    ("path", "text", "table"),
    [("trả hàng.csv", "Mã KH,Ngày tạo,Tên khách hàng,Hoàn lại\n1,2024-01-02,An,5\n",
      "transactions"),
     ("x.csv", "date,amount\n2024-01-02,5\n", "transactions"),
     ("chi phí.csv", "Ngày,Số tiền\n2024-01-02,5\n", "costs"),
     ("x.csv", "Dấu thời gian,Bạn chấm bao nhiêu điểm (0-10)?\n2024-01-02,9\n", "surveys")],
)  # fmt: skip
def test_names_and_unused_headers_weigh(path: str, text: str, table: str) -> None:
    Path(path).write_text(text)
    assert _likeliest(path) == table


def _likeliest(path: str) -> str:
    """The table as which a file is read, or offered."""
    try:
        return propose(path, Answers())[0].spec.table
    except NoTable as error:
        return error.fits[0].table


def test_a_file_called_returns_holds_refunds() -> None:
    text = "Mã đơn hàng,Mã KH,Ngày mua,Tổng tiền\n1,A,2024-01-02,5\n"
    assert one(text, path="trả hàng T1.csv").spec.constants == {"kind": "refund"}
    assert one(text, path="đơn hàng, trả hàng.csv").spec.constants == {}
    told = "order id,customer_id,date,amount,kind\n1,A,2024-01-02,5,refund\n"
    assert one(told, path="returns.csv").spec.constants == {}


def test_the_way_of_other_columns_is_the_likely_one() -> None:
    text = "customer_id,signup_date,churn_date\n1,12/31/2023,03-04-2024\n"
    (block,), (question,) = proposed(text, 0)
    assert question.answers[0].startswith("%m-%d-%Y")
    assert block.spec.dates == {"churn_date": "%m-%d-%Y"}


def test_what_another_column_proves_is_not_asked() -> None:
    text = "customer_id,signup_date,churn_date\n1,12/31/2023,03/04/2024\n"
    (block,), questions = proposed(text, 0)
    assert questions == []
    assert block.spec.dates is None


def test_open_numbers_are_thousands_first() -> None:
    text = "customer_id,date,amount,currency\n1,2024-01-02,1.250,vnd\n1,2024-01-03,2.500,VND\n"
    (block,), (question,) = proposed(text, 0)
    assert question.answers[0].startswith("1.234,56: 1.250 is 1250; 2.500 is 2500")
    assert block.spec.numbers == {"amount": "1.234,56"}
    assert block.currencies == {"VND"}


def test_dates_of_both_orders_are_offered_with_what_they_cost() -> None:
    text = "customer_id,signup_date\n1,31/12/2024\n2,12/31/2024\n3,30/12/2024\n"
    _, (question,) = proposed(text, 0)
    assert question.answers[0].startswith("%d/%m/%Y")
    assert "(1 rows are not read)" in question.answers[0]


def test_counted_dates_are_declared_where_one_way_alone_reads_them() -> None:
    text = "customer_id,signup_date\n1,45365\n2,45366.5\n"
    assert one(text).spec.dates == {"signup_date": "excel"}
    assert one(text.replace("45365", "x")).spec.dates is None


def test_words_that_are_not_known_are_asked_one_by_one() -> None:
    text = "opportunity_id,created_at,outcome\n1,2024-01-02,won\n2,2024-01-02,ký\n3,2024-01-02,đi\n"
    (block,), questions = proposed(text, 1, 0)
    assert block.spec.values == {"outcome": {"ký": "won", "đi": ""}}
    assert [q.answers[1:] for q in questions] == [("won", "lost", "open")] * 2
    assert block.assumed == ["outcome: read as empty: 'đi'"]


def test_many_words_that_are_not_known_are_read_as_empty() -> None:
    lines = [f"{i},2024-01-02,w{i}" for i in range(20)]
    text = "\n".join(["opportunity_id,created_at,outcome", *lines, "x,2024-01-02,won", ""])
    (block,), (question,) = proposed(text, 0)
    assert block.spec.values == {"outcome": {"won": "won", "*": ""}}
    assert "20 words are not known" in question.text


def test_flags_are_asked_as_yes_or_no() -> None:
    text = "customer_id,signup_date,churned\n1,2024-01-02,hẳn\n2,2024-01-02,không\n"
    (block,), (question,) = proposed(text, 1)
    assert block.spec.values == {"churned": {"hẳn": "yes"}}
    assert question.answers[1:] == ("yes", "no")


def test_a_required_column_is_asked_for_with_the_closest_header_first() -> None:
    text = "Mã khách hangg,signup_date,Ghi chú\n1,2024-01-02,x\n"
    (block,), (question,) = proposed(text, 0, path="customers.csv", table="customers")
    assert question.answers[0] == "Mã khách hangg"
    assert block.spec.columns == {"customer_id": "Mã khách hangg"}
    with pytest.raises(NoTable, match="no column for customer_id"):
        proposed(text, None, table="customers")
    with pytest.raises(NoTable, match="no column for customer_id"):
        proposed(text, 1, table="customers")


@pytest.mark.parametrize(
    ("headers", "open_"), [("customer_id,Datee,amount", False), ("customer_id,date,amountt", True)]
)
def test_a_day_alone_is_taken_for_a_header_that_is_nearly_ours(headers: str, open_: bool) -> None:
    _, (question,) = proposed(f"{headers}\n1,2024-01-02,2024-01-03\n", 0, table="transactions")
    assert question.open is open_


def test_two_headers_for_one_column_are_asked_for() -> None:
    text = "customer_id,Ngày mua,Ngày thanh toán,amount\n1,2024-01-02,2024-01-03,5\n"
    (block,), (question,) = proposed(text, 1)
    assert question.answers == ("Ngày mua (column 2)", "Ngày thanh toán (column 3)")
    assert block.spec.columns == {"date": "Ngày thanh toán"}


def test_two_headers_for_a_text_are_not() -> None:
    block = one("customer_id,signup_date,SĐT,Điện thoại\n1,2024-01-02,090,091\n")
    assert block.spec.columns == {"phone": "SĐT"}
    assert block.assumed == ["phone is 'SĐT', not 'Điện thoại'"]


def test_headers_that_stand_twice_go_by_their_position() -> None:
    text = "customer_id,date,date,amount\n1,2024-01-02,2024-01-03,5\n"
    block = one(text, 1, table="transactions")
    assert block.spec.columns == {"customer_id": "customer_id", "date": 3, "amount": "amount"}
    with pytest.raises(DataError, match="cannot be told apart"):
        one("occurred_at,occurred_at\n2024-01-02,2024-01-02\n", 0, table="interactions")


def test_a_file_that_fits_several_tables() -> None:
    (block,), questions = proposed("date,amount\n2024-01-02,5\n", 1)
    assert set(questions[0].answers) == {"costs", "transactions"}
    assert block.spec.table == questions[0].answers[1]


def test_orders_of_nobody_known_are_no_costs() -> None:
    text = "date,amount,Mã hóa đơn,product,channel\n2024-01-02,5,1,x,y\n"
    (block,), questions = proposed(text)
    assert (block.spec.table, questions) == ("transactions", [])
    assert recognise("t.csv") == "transactions"


def test_a_file_that_fits_none() -> None:
    with pytest.raises(NoTable, match="fits none of the tables; it has 'a', 'b'"):
        proposed("a,b\n1,2\n")
    with pytest.raises(DataError, match="fits none"):
        recognise("t.csv")
    Path("empty.csv").write_text("")
    with pytest.raises(DataError, match="is empty"):
        fits("empty.csv")


def test_a_file_that_nearly_fits_a_table() -> None:
    (block,), (question,) = proposed("Mã KH,Email,Điện thoại,Bắt đầu từ\n1,a,0,2024-01-02\n", 3)
    assert "no column for signup_date" in question.text
    assert block.spec.columns == {"signup_date": "Bắt đầu từ"}


@pytest.mark.parametrize(
    ("header", "scores", "path", "survey"),
    [("Điểm", "0 9 10", "t.csv", "nps"), ("Điểm NPS", "9 3", "t.csv", "nps"),
     ("score", "4 5", "csat_2024.csv", "csat")],
)  # fmt: skip
def test_a_survey_is_known_by_header_name_or_range(
    header: str, scores: str, path: str, survey: str
) -> None:
    lines = "".join(f"{score},2024-01-02\n" for score in scores.split())
    assert one(f"{header},Ngày trả lời\n{lines}", path=path).spec.constants == {"survey": survey}


@pytest.mark.parametrize(
    ("scores", "answer", "constants"),
    [("4 5", 1, {"survey": "csat"}), ("4 5", None, {}), ("", 3, {}), ("44", 0, {"survey": "nps"})],
)
def test_a_survey_that_cannot_be_told_is_asked_for(
    scores: str, answer: int | None, constants: dict[str, str]
) -> None:
    lines = "".join(f"{score},2024-01-02\n" for score in scores.split()) or ",2024-01-02\n"
    block = one(f"score,answered_at\n{lines}", answer)
    assert block.spec.constants == constants
    assert bool(block.open) == (not constants)


def blocks_of(found: Sequence[Proposal]) -> list[tuple[object, dict[str, str]]]:
    return [(block.spec.columns["score"], block.spec.constants) for block in found]


def test_a_file_with_several_surveys() -> None:
    text = "Timestamp,Would you recommend us?,How satisfied are you?\n2024-01-02,9,4\n"
    found, questions = proposed(text)
    assert blocks_of(found) == [
        ("Would you recommend us?", {"survey": "nps"}),
        ("How satisfied are you?", {"survey": "csat"}),
    ]
    assert questions == []


def test_two_questions_of_one_kind() -> None:
    text = "Timestamp,Would you recommend us?,Would you recommend it?\n2024-01-02,9,4\n"
    found, (question, *_) = proposed(text, 1)
    assert blocks_of(found) == [("Would you recommend it?", {"survey": "nps"})]
    assert "can all be score of surveys" in question.text


def test_ragged_records_are_passed_over() -> None:
    assert one("customer_id,signup_date\n1,2024-01-02\n2\n3,2024-01-03\n").rows == 2


def test_a_delimiter_that_leaves_a_table_out() -> None:
    Path("t.csv").write_text("customer_id,signup_date\n1,2024-01-02\n")
    assert {fit.table for fit in fits("t.csv")} >= {"customers"}


def test_a_file_of_returns_says_so_beside_the_other_assumptions() -> None:
    block = one("customer_id,date,amount,Kênh bán,Kênh\nK1,2024-01-05,5,a,b\n", path="returns.csv")
    assert block.spec.constants == {"kind": "refund"}
    assert block.assumed == [
        "its rows are refunds, as the file is called",
        "channel is 'Kênh bán', not 'Kênh'",
    ]
