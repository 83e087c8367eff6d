"""Messages go to servers on loopback: what is tried again, what is not, and what is said of it."""

from __future__ import annotations

import email
import email.policy
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_kpi.notify import delivery
from crm_kpi.notify.address import Address, NoAddress
from crm_kpi.notify.delivery import Post
from crm_kpi.notify.notice import Notice, NoticeLine, trial

from .servers import MailServer, WebServer, certificate, mail, web

HOSTILE = '<b>x</b> & <script>alert(1)</script> *bold* _it_ [a](http://b.example) "quoted"'
NOTICE = Notice(
    "Báo cáo: Tháng 12/2024",
    "vi",
    "Dữ liệu đến 31/12/2024",
    [NoticeLine("bad", "✗", "không đạt", HOSTILE, "48,9", "còn thiếu 1,1", "▁▂▃")],
)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web() as found:
        yield found


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    with mail() as found:
        yield found


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """apprise waits between two messages to one service."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from apprise.plugins.base import NotifyBase
        from apprise.plugins.email import NotifyEmail

    for service in (NotifyBase, NotifyEmail):
        monkeypatch.setattr(service, "request_rate_per_sec", 0)


def posted(secret: str, waited: list[float], notice: Notice = NOTICE) -> str | None:
    return Post(Address("env:BOSS", secret), waited.append).send(notice)


@pytest.mark.parametrize(
    ("answers", "waits", "tries", "reason"),
    [
        ([200], [], 1, None),
        ([503, 503, 200], [1, 4], 3, None),
        ([(429, {"Retry-After": "7"}), 200], [7], 2, None),
        ([(429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), 200], [1], 2, None),
        (["reset", 200], [1], 2, None),
        ([503] * 9, [1, 4, 16], 4, "the server answered 503"),
        ([404], [], 1, "the server answered 404"),
        ([401], [], 1, "the server answered 401"),
        ([(429, {"Retry-After": "3600"})], [], 1, "the server asks to wait for 3600 seconds"),
        (["reset"] * 9, [1, 4, 16], 4, "the connection failed"),
    ],
)
def test_what_is_tried_again(
    server: WebServer,
    answers: list[int | str | tuple[int, dict[str, str]]],
    waits: list[float],
    tries: int,
    reason: str | None,
) -> None:
    server.answers = [*answers]
    waited: list[float] = []
    assert posted(server.address(), waited) == reason
    assert (waited, len(server.requests)) == (waits, tries)


def test_a_server_that_hangs(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT", 0.2)
    server.answers = ["hang"]
    waited: list[float] = []
    assert posted(server.address(), waited) is None
    assert waited == [1]
    server.answers = ["hang"] * 9
    assert posted(server.address(), waited) == "no answer within 0 seconds"


def test_no_server_there() -> None:
    waited: list[float] = []
    with web() as gone:
        address = gone.address()
    assert posted(address, waited) == "the connection failed"
    assert waited == [1, 4, 16]


def test_a_redirection_would_carry_the_token_elsewhere(server: WebServer) -> None:
    with web() as other:
        there = f"http://localhost:{other.port}/elsewhere"
        server.answers = [(307, {"Location": there})]
        address = server.address(redirect="yes")
        assert posted(address, []) == "the server answered 307"
        assert other.requests == []


def test_a_certificate_is_checked_whatever_the_address_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = certificate("localhost")
    stranger, _ = certificate("localhost")
    _, wrong_name = certificate("other.example")
    bundle = tmp_path / "ca.pem"
    with web(context) as server:
        authority.cert_pem.write_to_path(str(bundle))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
        assert posted(server.address(), []) is None
        stranger.cert_pem.write_to_path(str(bundle))
        for options in ({}, {"verify": "no"}):
            waited: list[float] = []
            reason = posted(server.address(**options), waited)
            assert reason == "the server's certificate cannot be trusted"
            assert waited == []
        assert len(server.requests) == 1
    with web(wrong_name) as server:
        assert posted(server.address(), []) == "the server's certificate cannot be trusted"


def test_what_services_get(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.slack import NotifySlack
    from apprise.plugins.telegram import NotifyTelegram
    from apprise.plugins.zalo import NotifyZalo

    base = f"http://localhost:{server.port}"
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"{base}/bot")
    monkeypatch.setattr(NotifySlack, "webhook_url", f"{base}/services")
    monkeypatch.setattr(NotifyZalo, "notify_url", f"{base}/bot{{token}}/sendMessage")
    for address in (
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7/",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "zalo://123456789:abcdefghijKLMNOPqrst/1f6016dce18908d75198",
    ):
        server.requests.clear()
        assert posted(address, []) is None
        body = server.requests[-1][1].decode("utf-8")
        assert "48,9" in body
        # Zalo is sent plain text, in which nothing has to be escaped.
        assert "parse_mode" not in body if address.startswith("zalo") else "<script>" not in body
    assert not Post(
        Address("env:A", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7/"), print
    ).takes_files


def test_an_e_mail_has_a_table_and_files(post_office: MailServer, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("<p>all of it</p>")
    post = Post(Address("env:BOSS", post_office.address("boss@example.com")), print)
    assert post.is_mail
    assert post.takes_files
    assert post.send(NOTICE, [page]) is None
    (content,) = post_office.mails
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert message["subject"] == NOTICE.title
    parts = {part.get_content_type(): part for part in message.walk()}
    html = parts["text/html"]
    assert "report.html" in [part.get_filename() for part in message.walk()]
    bodies = [p.get_content() for p in message.walk() if p.get_content_type() == "text/html"]
    assert any("&lt;script&gt;" in body and '<table role="presentation"' in body for body in bodies)
    assert all("<script" not in body for body in bodies)
    assert "48,9" in parts["text/plain"].get_content()
    assert html is not None


def test_mail_is_tried_again_where_it_may_work_later(post_office: MailServer) -> None:
    waited: list[float] = []
    post_office.refusals = ["451 later", "451 later"]
    assert posted(post_office.address("boss@example.com"), waited) is None
    assert (waited, len(post_office.mails)) == ([1, 4], 1)
    post_office.refusals = ["550 nobody here"]
    assert posted(post_office.address("boss@example.com"), waited) == "the server answered 550"
    assert (waited, len(post_office.mails)) == ([1, 4], 1)


def test_nobody_gets_a_mail_twice(post_office: MailServer) -> None:
    post_office.refusals = ["451 later"]
    assert posted(post_office.address("a@example.com", "b@example.com"), []) is None
    assert sorted(post_office.recipients) == ["a@example.com", "b@example.com"]
    post_office.recipients.clear()
    post_office.refusals = ["550 no"]
    reason = posted(post_office.address("a@example.com", "b@example.com"), [])
    assert reason == "the server answered 550"
    assert len(post_office.recipients) == 1


def test_mail_without_a_server_or_with_a_wrong_certificate(post_office: MailServer) -> None:
    waited: list[float] = []
    gone = MailServer(1)
    assert posted(gone.address("boss@example.com"), waited) == "the connection failed"
    assert waited == [1, 4, 16]
    plain = post_office.address("boss@example.com", mode="starttls")
    assert posted(plain, []) is not None  # it offers no TLS: nothing is sent in the clear
    assert post_office.mails == []


def test_an_address_that_nobody_knows() -> None:
    with pytest.raises(NoAddress) as error:
        Post(Address("env:BOSS", "no://SECRET"), print)
    assert "SECRET" not in f"{error.value}{error.value.hint}"
    assert "SECRET" not in repr(Address("env:BOSS", "SECRET"))


def test_libraries_write_nothing(
    server: WebServer, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers = [404]
    assert posted(server.address(), []) is not None
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert logging.root.manager.disable == logging.NOTSET


def test_a_trial_is_one_short_line(server: WebServer) -> None:
    assert posted(server.address(), [], trial("vi", "boss")) is None
    (message,) = server.messages
    assert message["message"] == "Tin nhắn cho boss đến được nơi này."
