"""`crm-kpi notify` end to end: from files to servers on loopback, at times that the test says."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.cli import app, language, notify
from crm_kpi.cli.notify_options import NotifyOptions
from crm_kpi.cli.process import code_of
from crm_kpi.errors import ConfigError, DataError, ExitCode, OutputError, UsageError
from crm_kpi.notify import delivery
from tests.notify.servers import MailServer, WebServer, mail, web

CONFIG = """\
timezone: Asia/Ho_Chi_Minh
report: {title: Cà phê Sao Mai}
sources:
  customers: {path: customers.csv}
  transactions: {path: orders.csv}
  interactions: {path: calls.csv}
  tickets: {path: tickets.csv}
  surveys: {path: answers.csv, constants: {survey: nps}}
thresholds:
  nps: {target: 50, warning: 40}
definitions:
  follow_up: {within: 14d}
notify:
  boss: {to: env:BOSS, metrics: [nps], attach: html}
  support: {to: env:BOSS, metrics: [unresolved]}
  writers:
    to: env:WRITERS
    metrics: [follow_up]
    may_see_customers: true
    attach: [csv]
  night: {to: env:BOSS, metrics: [nps], quiet: 21:00-07:00, language: vi}
  program: {metrics: [follow_up]}
"""
MORNING = datetime(2025, 1, 2, 1, 0, tzinfo=UTC)
"""Eight in Hồ Chí Minh, on the 2nd of January."""
CUSTOMERS = """\
customer_id,signup_date,name,email
KH1,2024-01-01,Nguyễn Thị An,an@khach.example
KH2,2024-01-01,Trần Bình,binh@khach.example
KH3,2024-01-01,Lê Chi,
"""
ORDERS = """\
transaction_id,customer_id,date,amount
D1,KH1,2024-12-26,100000
D2,KH2,2024-12-27,100000
D3,KH3,2024-12-20,100000
"""
TICKETS = """\
ticket_id,created_at,solved_at
T1,2024-12-31 07:59,
T2,2024-12-31 08:01,
T3,2024-12-20 08:00,2024-12-20 09:00
"""
BAD = "score,answered_at\n9,2024-12-02\n2,2024-12-03\n"
GOOD = "score,answered_at\n9,2024-12-02\n9,2024-12-03\n"
Start = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    language.begin([])
    for name, content in {
        "crm-kpi.yaml": CONFIG,
        "customers.csv": CUSTOMERS,
        "orders.csv": ORDERS,
        "calls.csv": "customer_id,occurred_at\nKH3,2024-12-21\n",
        "tickets.csv": TICKETS,
        "answers.csv": BAD,
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def boss() -> Iterator[WebServer]:
    with web() as found:
        yield found


@pytest.fixture
def writers() -> Iterator[MailServer]:
    with mail() as found:
        yield found


@pytest.fixture
def start(folder: Path, boss: WebServer) -> Start:
    def begin(*names: str, hours: float = 0, more: Mapping[str, str] = {}, **options: Any) -> int:
        now = MORNING + timedelta(hours=hours)
        return notify.run(
            NotifyOptions(config=Path("crm-kpi.yaml"), names=[*names], **options),
            clock=lambda: now,
            sleep=lambda seconds: None,
            environment={"BOSS": boss.address(), **more},
        )

    return begin


def texts(boss: WebServer) -> list[str]:
    return [f"{message['title']}\n{message['message']}" for message in boss.messages]


def test_a_goal_is_told_once_a_day_and_its_recovery_once(
    start: Start, boss: WebServer, folder: Path
) -> None:
    assert start("support", hours=0) == start("boss") == ExitCode.OK
    assert start("boss", hours=5) == ExitCode.OK
    told = texts(boss)
    assert len(told) == 2
    assert told[1].startswith(
        "Cà phê Sao Mai: Dec 2024\n✗ Net Promoter Score 0.0 pts: 50.0 pts short of the goal of 50.0"
    )
    start("boss", hours=24)
    assert len(texts(boss)) == 3
    (folder / "answers.csv").write_text(GOOD, encoding="utf-8")
    start("boss", hours=25)
    start("boss", hours=26)
    assert len(texts(boss)) == 4
    assert "✓ Net Promoter Score 100.0 pts: back at the goal of 50.0 pts" in texts(boss)[-1]


def test_tickets_open_for_48_hours_remind_the_team(
    start: Start, boss: WebServer, folder: Path
) -> None:
    """To the minute: at eight T1 is older than two days, T2 is not yet."""
    start("support")
    assert "✗ Unresolved tickets 1: listed by crm-kpi unresolved" in texts(boss)[-1]
    start("support", hours=1)
    assert "✗ Unresolved tickets 2: 1 of them not told of before" in texts(boss)[-1]
    start("support", hours=2)
    assert len(texts(boss)) == 2
    solved = TICKETS.replace(",\n", ",2025-01-02 10:30\n")
    (folder / "tickets.csv").write_text(solved, encoding="utf-8")
    start("support", hours=3)
    start("support", hours=4)
    assert len(texts(boss)) == 3
    assert "✓ Unresolved tickets 0" in texts(boss)[-1]
    assert "T1" not in "".join(texts(boss))


def test_a_week_after_a_purchase_the_list_goes_to_whoever_writes(
    start: Start, writers: MailServer, folder: Path
) -> None:
    import email
    import email.policy

    to = {"WRITERS": writers.address("sales@shop.example")}
    start("writers", more=to)
    start("writers", more=to, hours=2)
    start("writers", more=to, hours=24)
    first, second = (
        email.message_from_bytes(content, policy=email.policy.default) for content in writers.mails
    )
    assert writers.recipients == ["sales@shop.example"] * 2  # and no customer
    rows = []
    for message in (first, second):
        (file,) = (part for part in message.walk() if part.get_filename())
        assert file.get_filename() == "follow_up.csv"
        content = file.get_payload(decode=True)
        assert isinstance(content, bytes)
        rows.append(content.decode("utf-8-sig").splitlines()[1:])
    assert rows == [
        ["KH1,2024-12-26,7,,Nguyễn Thị An,an@khach.example"],
        ["KH2,2024-12-27,7,,Trần Bình,binh@khach.example"],
    ]
    for message in (first, second):
        for part in message.walk():
            if part.get_content_maintype() == "text" and not part.get_filename():
                assert "khach.example" not in part.get_content()


@pytest.mark.skipif(sys.platform == "win32", reason="a script with a first line")
def test_a_program_gets_each_finding_once(start: Start, folder: Path) -> None:
    script, out = folder / "write.sh", folder / "out"
    script.write_text(f"#!/bin/sh\ncat >> '{out}'\n")
    script.chmod(0o700)
    assert start("program", exec_=str(script)) == ExitCode.OK
    assert start("program", exec_=str(script), hours=2) == ExitCode.OK
    (line,) = out.read_text("utf-8").splitlines()
    found = json.loads(line)
    assert (found["recipient"], found["metric"], found["value"]) == ("program", "follow_up", 1)
    assert found["rows"] == [
        {
            "customer_id": "KH1",
            "purchased": "2024-12-26",
            "days": 7,
            "last_interaction": None,
            "name": "Nguyễn Thị An",
            "email": "an@khach.example",
        }
    ]
    script.write_text("#!/bin/sh\nexit 7\n")
    with pytest.raises(OutputError) as error:
        start("program", exec_=str(script), hours=24)
    assert "the program ended with 7" in str(error.value.problems[0])
    script.write_text(f"#!/bin/sh\ncat >> '{out}'\n")
    start("program", exec_=str(script), hours=25)
    (_, line) = out.read_text("utf-8").splitlines()
    assert [row["customer_id"] for row in json.loads(line)["rows"]] == ["KH2"]


def test_nothing_is_sent_in_quiet_time(
    start: Start, boss: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    start("night", hours=14)
    assert boss.requests == []
    assert "night: held back until 07:00" in capsys.readouterr().err
    start("night", hours=23.5)
    assert "còn thiếu 50,0 điểm" in texts(boss)[0]


def test_a_dry_run_prints_and_remembers_nothing(
    start: Start, boss: WebServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start("boss", "night", dry_run=True) == ExitCode.OK
    said = capsys.readouterr().out
    assert said.startswith("== boss (env:BOSS)\nCà phê Sao Mai: Dec 2024\n✗ Net Promoter Score")
    assert "attached: html" in said
    assert "== night (env:BOSS)\nCà phê Sao Mai: Tháng 12/2024\n" in said
    assert boss.requests == []
    assert not (folder / "state").exists()
    start("program", dry_run=True, exec_="none")
    assert json.loads(capsys.readouterr().out.splitlines()[1])["metric"] == "follow_up"


def test_a_trial(start: Start, boss: WebServer) -> None:
    assert start("boss", "night", test=True) == ExitCode.OK
    assert [message["message"] for message in boss.messages] == [
        "Messages to boss arrive here.",
        "Tin nhắn cho night đến được nơi này.",
    ]


def test_input_that_cannot_be_trusted_is_a_message(
    start: Start, boss: WebServer, folder: Path
) -> None:
    (folder / "answers.csv").write_text("score,answered_at\nGEHEIM,2024-12-02\n9,2024-12-03\n")
    for hours in (0, 5):
        with pytest.raises(DataError):
            start("boss", hours=hours)
    (told,) = texts(boss)
    assert told.startswith("Cà phê Sao Mai: it could not be made\n")
    assert "answers.csv:2: column score: not a number" in told
    assert "GEHEIM" not in told
    (folder / "answers.csv").write_text(GOOD, encoding="utf-8")
    start("boss", hours=6)
    start("boss", hours=7)
    assert len(texts(boss)) == 2
    assert "The input can be read again." in texts(boss)[1]


def test_old_data_are_told(start: Start, boss: WebServer, folder: Path) -> None:
    with pytest.raises(DataError):
        start("boss", set_=["checks.freshness={surveys: 7d}"], as_of="2025-01-02")
    assert "surveys" in texts(boss)[0]
    assert "2024-12-03" in texts(boss)[0]


def test_who_is_not_reached_is_told_next_time_and_the_others_are(
    start: Start, boss: WebServer
) -> None:
    boss.answers = [404, 200]
    with pytest.raises(OutputError) as error:
        start("boss", "support")
    assert [str(one) for one in error.value.problems] == [
        "boss: not delivered, the server answered 404"
    ]
    assert error.value.code == 5
    start("boss", "support", hours=1)
    assert "Net Promoter Score" in texts(boss)[0]
    assert "Unresolved tickets" in texts(boss)[1]
    assert "Net Promoter Score" in texts(boss)[2]


def test_a_page_is_sent_along_without_customers(start: Start, boss: WebServer) -> None:
    import base64

    start("boss", set_=["report.lists=true", "report.tables=[follow_up, cohorts]"])
    (message,) = boss.messages
    (file,) = message["attachments"]
    assert file["filename"] == "report.html"
    page = base64.b64decode(file["base64"]).decode("utf-8")
    assert "<!doctype html>" in page
    assert not [name for name in ("KH1", "Nguyễn Thị An", "an@khach.example") if name in page]


def test_a_page_that_cannot_be_made_holds_up_no_message(
    start: Start, boss: WebServer, folder: Path
) -> None:
    (folder / "tickets.csv").write_text("ticket_id,created_at,solved_at\nT1,no,\n")
    with pytest.raises(OutputError) as error:
        start("boss")
    assert "boss: told without report.html" in str(error.value.problems[0])
    (told,) = boss.messages
    assert told["attachments"] == []
    start("boss", hours=1)
    assert len(boss.messages) == 1


def test_names_and_addresses_that_there_are_not(start: Start, folder: Path) -> None:
    with pytest.raises(UsageError, match="notify: has no 'bos'") as error:
        start("bos")
    assert error.value.hint == "did you mean 'boss'?"
    with pytest.raises(ConfigError) as faults:
        start("writers", "program")
    said = [str(problem) for problem in faults.value.problems]
    assert "crm-kpi.yaml: column notify.writers.to: the environment has no WRITERS" in said[0]
    assert "give it an address" in said[1]
    (folder / "crm-kpi.yaml").write_text("timezone: UTC\n")
    with pytest.raises(UsageError, match="the config says nobody to be told"):
        start()


def test_no_secret_in_any_output(
    folder: Path,
    boss: WebServer,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Whatever the servers answer, and whatever is wrong with the address; also with -v."""
    monkeypatch.setattr(delivery, "WAITS", (0,))
    monkeypatch.setattr(delivery, "TIMEOUT", 0.5)
    said, codes = "", []

    def start(*words: str) -> None:
        nonlocal said
        arguments = ["notify", *words, "-v", "--as-of", "2025-01-02"]
        monkeypatch.setattr(sys, "argv", ["crm-kpi", *arguments])
        codes.append(code_of(lambda: app.run(arguments)))
        said += "".join(capfd.readouterr())

    monkeypatch.setenv("BOSS", boss.address("SECRET"))
    monkeypatch.setenv("WRITERS", "mailto://localhost:1/?from=SECRET@a.example&mode=insecure")
    start("boss")
    boss.answers = [404, "reset", 503, (429, {"Retry-After": "999"})]
    start()
    start("--dry-run")
    start("--test")
    start("nobody")
    for address in ("no://SECRET:SECRET@localhost/SECRET", "SECRET", "json://localhost:1/SECRET"):
        monkeypatch.setenv("BOSS", address)
        start("boss", "--test")
    secret = folder / "secret"
    secret.write_text("json://localhost/SECRET")
    secret.chmod(0o644)
    start("boss", "--set", "notify.boss.to=file:secret")
    start("boss", "--set", "notify.boss.to=json://localhost/SECRET")
    assert codes == [0, 5, 0, 5, 2, 2, 2, 5, 2, 2]
    said += (folder / "state" / "crm-kpi" / "notify.json").read_text()
    assert "boss: sent" in said
    assert "SECRET" not in said


def test_without_apprise_it_is_said_what_to_install(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(UsageError, match="not installed") as error:
        start("boss")
    assert error.value.hint == 'install it: pip install "crm-kpi[notify]"'
