"""What a message says, in few words, and never what stands in a cell of a list."""

from __future__ import annotations

from crm_kpi.config.notify_block import Recipient
from crm_kpi.errors import DataError, Problem
from crm_kpi.messages import text
from crm_kpi.notify import mail
from crm_kpi.notify.due import decide
from crm_kpi.notify.notice import LONGEST, Notice, NoticeLine, NoticeWriter, unreadable
from crm_kpi.render import About
from crm_kpi.results import Result

from .test_due import MET, MISSED, NOW, report, result

ABOUT = {
    name: About(title=name.upper(), formula="", domain="Surveys", higher_is_better=True)
    for name in ("nps", "unresolved")
}
HOSTILE = '</td><script>alert(1)</script>"><img src=x onerror=alert(1)> {{7*7}} \u202eabc'


def notice(*results: Result, language: str = "en", **keys: object) -> Notice:
    found = report(*results)
    recipient = Recipient.model_validate(keys)
    due = decide(recipient, found, {}, {}, NOW)
    return NoticeWriter(found, ABOUT, {}, language).notice(due, recipient)


def test_a_finding_in_both_languages() -> None:
    english, vietnamese = notice(MISSED), notice(MISSED, language="vi")
    assert english.title == "Customer report: Dec 2024"
    first, last = english.body.splitlines()
    assert first == "✗ NPS 40.0 pts: 10.0 pts short of the goal of 50.0 pts"
    assert last.startswith("data to 31 December 2024 · 0 of 1 goals met")
    assert vietnamese.title == "Báo cáo khách hàng: Tháng 12/2024"
    assert vietnamese.body.startswith("✗ NPS 40,0 điểm: còn thiếu 10,0 điểm so với mục tiêu")


def test_a_report_on_every_run() -> None:
    written = notice(MET, when="always")
    assert "Nothing needs attention." in written.body


def test_a_text_is_short_however_much_there_is_to_say() -> None:
    segments = [result(segment={"region": f"{'x' * 150} {n}"}) for n in range(500)]
    written = notice(*segments)
    assert len(written.title) + 1 + len(written.body) <= LONGEST
    lines = written.body.splitlines()
    shown = sum(line.startswith("✗") for line in lines)
    assert 3 < shown <= 20
    assert "and 480 more" in written.body
    one = Notice("t" * 200, "en", lines=[NoticeLine("bad", "✗", "", "x" * 9999, "", "")])
    assert len(one.body) < 300


def test_data_steer_nothing_in_an_e_mail() -> None:
    html = mail.body(notice(result(segment={"region": HOSTILE})))
    assert "<script" not in html
    assert "<img" not in html
    assert "\u202e" not in html
    assert "{{7*7}}" in html
    assert html.count("<tr>") == 1


def test_input_that_cannot_be_read_is_told_without_cells() -> None:
    error = DataError(
        text("cli.no_kpi"),
        problems=[
            Problem(text("general.did_you_mean", word="GEHEIM"), "a.csv", 7, "score", "GEHEIM"),
            *[Problem(text("cli.no_kpi"), "b.csv", n) for n in range(2, 20)],
        ],
    )
    written = unreadable(error, "Cà phê", "vi")
    assert written.title == "Cà phê: không lập được"
    assert "a.csv:7: " in written.body
    assert "GEHEIM" not in written.body
    assert "và 14 mục nữa" in written.body
