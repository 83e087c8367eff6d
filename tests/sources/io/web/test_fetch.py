"""What is fetched, and what is not, from a server on loopback with a certificate of its own."""

from __future__ import annotations

import gzip
import hashlib
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from crm_kpi.errors import CrmKpiError, DataError, UsageError
from crm_kpi.sources.io import web
from crm_kpi.sources.io.read_progress import Progress
from crm_kpi.sources.io.web.fetch import WebAnswer
from crm_kpi.sources.io.web.net_permit import NetPermit
from crm_kpi.sources.io.web.web_answers import WebAnswers

from .conftest import MakeAnswers
from .tls_server import Server, running, send

TABLE = b"customer_id,score\na,9\n"


def ask(answers: WebAnswers, url: str, headers: dict[str, str] | None = None) -> WebAnswer:
    return answers.ask(url, [*(headers or {}).items()], Progress())


def refused(answers: WebAnswers, url: str, kind: type[CrmKpiError] = DataError) -> str:
    """What is said of an address; its secret never is."""
    with pytest.raises(kind) as error:
        ask(answers, f"{url}?token=ECRET")
    said = f"{error.value} {error.value.hint or ''}"
    assert "ECRET" not in said
    return said


def test_a_table(server: Server, answers: MakeAnswers) -> None:
    server.serve("/t.csv", TABLE, Content_Type="text/html; charset=latin-1")
    answer = ask(answers(), server.url("/t.csv?token=x"))
    assert answer.spooled.memory == TABLE
    assert answer.sha256 == hashlib.sha256(TABLE).hexdigest()
    assert answer.notes == (f"{server.url('/t.csv')}: fetched, 22 bytes",)
    ((url, headers),) = server.asked
    assert url == server.url("/t.csv?token=x")
    assert "cookie" not in headers
    assert "authorization" not in headers
    assert headers["user-agent"] == "crm-kpi"


def test_a_host_is_asked_once(server: Server, answers: MakeAnswers) -> None:
    server.serve("/t.csv", TABLE)
    one = answers()
    assert ask(one, server.url("/t.csv")) is ask(one, server.url("/t.csv"))
    assert len(server.asked) == 1


def test_nothing_is_fetched_that_nobody_has_allowed(server: Server, answers: MakeAnswers) -> None:
    said = refused(answers("other.test"), server.url("/t.csv"), UsageError)
    assert f"sheets.test:{server.port}: nobody has allowed" in said
    refused(WebAnswers(), server.url("/t.csv"), UsageError)
    assert not server.asked


# -- where it leads


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_is_sent_on(server: Server, answers: MakeAnswers, status: int) -> None:
    server.send_on("/pub", server.url("/t.csv?x=1", "other.test"), status)
    server.serve("/t.csv", TABLE)
    answer = ask(answers("sheets.test", "other.test"), server.url("/pub"))
    assert answer.spooled.memory == TABLE
    assert [url for url, _ in server.asked] == [
        server.url("/pub"),
        server.url("/t.csv?x=1", "other.test"),
    ]


def test_each_step_is_checked_anew(server: Server, answers: MakeAnswers) -> None:
    server.send_on("/pub", server.url("/t.csv?token=ECRET", "other.test"))
    said = refused(answers(), server.url("/pub"), UsageError)
    assert f"sends on to other.test:{server.port}" in said
    assert len(server.asked) == 1


def test_hosts_below_another(server: Server, answers: MakeAnswers) -> None:
    server.send_on("/pub", server.url("/t.csv", "a.b.test"))
    server.serve("/t.csv", TABLE)
    answer = ask(answers("sheets.test", ".b.test"), server.url("/pub"))
    assert answer.spooled.memory == TABLE


@pytest.mark.parametrize(
    "to", ["http://sheets.test/t.csv?token=ECRET", "file:///etc/passwd", "https://me:ECRET@other.test/",
           "", "https://0x7f.1/", "\\\\other.test\\t", "https://other.test\\@sheets.test/"],
)  # fmt: skip
def test_it_is_sent_on_to_nothing_else(server: Server, answers: MakeAnswers, to: str) -> None:
    server.send_on("/pub", to)
    refused(answers("sheets.test", "other.test"), server.url("/pub"), CrmKpiError)
    # An empty one leads to itself.
    assert len(server.asked) == (6 if to == "" else 1)


def test_five_steps_and_not_six(server: Server, answers: MakeAnswers) -> None:
    for step in range(1, 7):
        server.send_on(f"/{step}", f"/{step - 1}")
    server.serve("/0", TABLE)
    assert ask(answers(), server.url("/5")).spooled.memory == TABLE
    assert "more than 5 times" in refused(answers(), server.url("/6"))


# -- secrets


def test_a_secret_goes_to_its_host_alone(
    server: Server, answers: MakeAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_KPI_SECRET_SHEET", " Bearer ECRET\n")
    server.send_on("/pub", "/again")
    server.send_on("/again", server.url("/there", "other.test"))
    server.send_on("/there", server.url("/t.csv"))
    server.serve("/t.csv", TABLE)
    both = answers("sheets.test", "other.test")
    headers = {"Authorization": "env:CRM_KPI_SECRET_SHEET"}
    ask(both, server.url("/pub"), headers)
    assert [headers.get("authorization") for _, headers in server.asked] == [
        *("Bearer ECRET", "Bearer ECRET"),
        *(None, None),  # not even where the way leads back
    ]


@pytest.mark.parametrize("value", [None, "", " \n", "a\nb", "é"])
def test_a_secret_that_cannot_be_sent(
    server: Server, answers: MakeAnswers, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("CRM_KPI_SECRET_SHEET", raising=False)
    if value is not None:
        monkeypatch.setenv("CRM_KPI_SECRET_SHEET", value)
    with pytest.raises(UsageError, match="CRM_KPI_SECRET_SHEET"):
        ask(answers(), server.url("/t.csv"), {"X-Key": "env:CRM_KPI_SECRET_SHEET"})
    assert not server.asked


# -- who is asked


def test_a_name_that_leads_within(server: Server, answers: MakeAnswers) -> None:
    """One private address among others is enough."""
    for found in (["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:169.254.169.254"], ["::1"]):
        said = refused(
            answers(names={"sheets.test": found}, private=()), server.url("/t.csv"), UsageError
        )
        assert "private network" in said
    assert not server.asked


def test_a_name_that_leads_elsewhere_the_next_time(server: Server, answers: MakeAnswers) -> None:
    """What was checked is what is connected to: the name is resolved once for each connection."""
    server.serve("/t.csv", TABLE)
    found = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    one = answers()

    def resolve(host: str, port: int) -> Sequence[str]:
        return next(found)

    one.resolve = resolve
    assert ask(one, server.url("/t.csv")).spooled.memory == TABLE
    assert [*found] == [["10.0.0.1"], ["10.0.0.1"]]


def test_a_step_that_leads_within(server: Server, answers: MakeAnswers) -> None:
    server.send_on("/pub", server.url("/t.csv", "other.test"))
    names = {"other.test": ["169.254.169.254"]}
    said = refused(
        answers("sheets.test", "other.test", names=names), server.url("/pub"), UsageError
    )
    assert "other.test: is at 169.254.169.254" in said


def test_an_address_after_one_that_does_not_answer(server: Server, answers: MakeAnswers) -> None:
    server.serve("/t.csv", TABLE)
    both = answers(names={"sheets.test": ["127.0.0.9", "127.0.0.1"]}, private=("127.0.0.0/8",))
    assert ask(both, server.url("/t.csv")).spooled.memory == TABLE


def test_a_host_without_an_address(server: Server, answers: MakeAnswers) -> None:
    said = refused(answers(names={"sheets.test": []}), server.url("/t.csv"))
    assert "cannot be reached" in said


def test_no_proxy_comes_between(
    server: Server, answers: MakeAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.serve("/t.csv", TABLE)
    assert ask(answers(), server.url("/t.csv")).spooled.memory == TABLE


def test_a_certificate_of_an_unknown_authority(server: Server, answers: MakeAnswers) -> None:
    one = answers()
    one.context = None  # that of the system
    said = refused(one, server.url("/t.csv"))
    assert "does not prove who it is" in said
    assert "SSL_CERT_FILE" in said
    assert not server.asked


def test_a_certificate_of_another_name(answers: MakeAnswers) -> None:
    with running(("else.test",)) as server:
        permit = NetPermit.of([f"sheets.test:{server.port}", "127.0.0.1"], 99, 5)
        one = replace(answers(), permit=lambda: permit, context=server.context())
        assert "does not prove who it is" in refused(one, server.url("/t.csv"))
        assert not server.asked


def test_authorities_that_cannot_be_read(
    server: Server, answers: MakeAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", __file__)
    one = replace(answers(), context=None)
    assert "no certificates that can be read" in refused(one, server.url("/t.csv"), UsageError)


@pytest.mark.parametrize("module", ["httpx", "httpcore"])
def test_without_httpx_the_extra_is_named(
    server: Server, answers: MakeAnswers, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    for name in [name for name in sys.modules if name.startswith("crm_kpi.sources.io.web.")]:
        if name.endswith((".fetch", ".transport")):
            monkeypatch.delitem(sys.modules, name)
            monkeypatch.delattr(web, name.rpartition(".")[2], raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    said = refused(answers(), server.url("/t.csv"), UsageError)
    assert f"fetching needs {module}" in said
    assert 'pip install "crm-kpi[net]"' in said


# -- how much, and how long


def test_too_large(server: Server, answers: MakeAnswers) -> None:
    server.serve("/t.csv", b"a" * 101)
    server.serve("/fits.csv", b"a" * 100)
    assert "more than 100 bytes" in refused(answers(size=100), server.url("/t.csv"))
    assert ask(answers(size=100), server.url("/fits.csv")).spooled.size == 100


def test_too_large_when_it_is_unpacked(server: Server, answers: MakeAnswers) -> None:
    bomb = gzip.compress(b"a" * (64 << 20))
    server.serve("/t.csv", bomb, Content_Encoding="gzip")
    assert "more than 1048576 bytes" in refused(answers(), server.url("/t.csv"))
    twice = gzip.compress(bomb)
    server.serve("/t.csv", twice, Content_Encoding="gzip, gzip")
    assert "packed in a way" in refused(answers(), server.url("/t.csv"))


def test_packed_on_the_way(server: Server, answers: MakeAnswers) -> None:
    server.serve("/t.csv", gzip.compress(TABLE), Content_Encoding="GZIP")
    answer = ask(answers(), server.url("/t.csv"))
    assert answer.spooled.memory == TABLE
    assert answer.sha256 == hashlib.sha256(TABLE).hexdigest()
    server.serve("/cut.csv", gzip.compress(TABLE)[:-9], Content_Encoding="gzip")
    assert "in the middle of its gzip data" in refused(answers(), server.url("/cut.csv"))


def slow(request: BaseHTTPRequestHandler, *, body: bool) -> None:
    """A byte at a time, in the headers or after them."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    if body:
        request.wfile.write(b"Content-Length: 100000\r\n\r\n")
    for _ in range(600):
        request.wfile.write(b"a")
        request.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("body", [True, False])
def test_too_slow(server: Server, answers: MakeAnswers, body: bool) -> None:
    """However many bytes come, all have to be there in time."""
    server.routes["/t.csv"] = lambda request: slow(request, body=body)
    start = time.monotonic()
    assert "not here within 1 seconds" in refused(answers(seconds=1), server.url("/t.csv"))
    assert time.monotonic() - start < 3


def test_nothing_comes(server: Server, answers: MakeAnswers) -> None:
    server.routes["/t.csv"] = lambda request: time.sleep(2)
    start = time.monotonic()
    assert "not here within 1 seconds" in refused(answers(seconds=1), server.url("/t.csv"))
    assert time.monotonic() - start < 1.9


def test_the_time_is_that_of_all_steps(server: Server, answers: MakeAnswers) -> None:
    def on(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.4)
        send(request, b"", 302, Location="/pub")

    server.routes["/pub"] = on
    assert "not here within 1 seconds" in refused(answers(seconds=1), server.url("/pub"))


def test_a_resolver_that_hangs(server: Server, answers: MakeAnswers) -> None:
    one = answers(seconds=1)

    def resolve(host: str, port: int) -> Sequence[str]:
        time.sleep(3)
        return []

    one.resolve = resolve
    start = time.monotonic()
    assert "not here within 1 seconds" in refused(one, server.url("/t.csv"))
    assert time.monotonic() - start < 2


# -- what comes


def test_an_answer_that_breaks_off(server: Server, answers: MakeAnswers) -> None:
    server.serve("/t.csv", TABLE, Content_Length="1000")
    assert "broke off" in refused(answers(), server.url("/t.csv"))


def test_an_answer_without_a_length(server: Server, answers: MakeAnswers) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/csv\r\n\r\n" + TABLE)

    server.routes["/t.csv"] = answer
    assert "does not say how long" in refused(answers(), server.url("/t.csv"))


def test_an_answer_in_chunks(server: Server, answers: MakeAnswers) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        request.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(TABLE), TABLE))

    server.routes["/t.csv"] = answer
    assert ask(answers(), server.url("/t.csv")).spooled.memory == TABLE


def test_no_http_at_all(server: Server, answers: MakeAnswers) -> None:
    server.routes["/t.csv"] = lambda request: request.wfile.write(b"SSH-2.0-x\r\n") and None
    assert "broke off" in refused(answers(), server.url("/t.csv"))


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 429, 500, 503])
def test_a_status(server: Server, answers: MakeAnswers, status: int) -> None:
    server.serve("/t.csv", b"" if status in (204, 304) else TABLE, status)
    assert f"answers with {status}" in refused(answers(), server.url("/t.csv"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", "a page, not a table"),
        (b"\xef\xbb\xbf\n <html><table><tr><td>a", "a page, not a table"),
        (b"<?xml version='1.0'?><a/>", "a page, not a table"),
        (b'{"error": "x"}', "JSON, not a table"),
        (b'[{"a": 1}]', "JSON, not a table"),
        (b"", "an empty answer"),
    ],
)
def test_what_is_no_table(server: Server, answers: MakeAnswers, body: bytes, says: str) -> None:
    server.serve("/t.csv", body, Content_Type="text/csv")
    assert says in refused(answers(), server.url("/t.csv"))


def test_a_large_table_goes_to_disk(server: Server, answers: MakeAnswers) -> None:
    body = b"customer_id,score\n" + b"a,9\n" * (17 << 20)
    server.serve("/t.csv", body)
    answer = ask(answers(size=1 << 30, seconds=60), server.url("/t.csv"))
    assert answer.spooled.memory is None
    assert answer.spooled.file is not None
    assert hashlib.sha256(answer.spooled.file.path.read_bytes()).hexdigest() == answer.sha256


# -- what is kept


def with_etag(server: Server, path: str, body: bytes, etag: str) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.headers["If-None-Match"] == etag:
            send(request, b"", 304, ETag=etag)
        else:
            send(request, body, ETag=etag, Cache_Control="max-age=3600")

    server.routes[path] = answer


def test_an_answer_that_stands(server: Server, answers: MakeAnswers, tmp_path: Path) -> None:
    """The host is asked each time, whatever it says of how long an answer is good."""
    with_etag(server, "/t.csv", TABLE, '"1"')
    url, folder = server.url("/t.csv?token=ECRET"), tmp_path / "kept"
    first = ask(answers(folder=folder), url)
    again = ask(answers(folder=folder), url)
    assert again.spooled.memory == first.spooled.memory == TABLE
    assert again.sha256 == first.sha256
    assert "fetched, 22 bytes" in first.notes[0]
    assert "22 bytes, unchanged" in again.notes[0]
    assert [headers.get("if-none-match") for _, headers in server.asked] == [None, '"1"']
    with_etag(server, "/t.csv", TABLE + b"b,1\n", '"2"')
    assert ask(answers(folder=folder), url).spooled.memory == TABLE + b"b,1\n"
    assert ask(answers(folder=folder), url).spooled.memory == TABLE + b"b,1\n"
    assert len(server.asked) == 4


def test_what_is_kept_holds_no_secret(
    server: Server, answers: MakeAnswers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_KPI_SECRET_SHEET", "Bearer ECRET")
    with_etag(server, "/t.csv", TABLE, '"1"')
    one = answers(folder=tmp_path / "kept")
    headers = {"Authorization": "env:CRM_KPI_SECRET_SHEET"}
    ask(one, server.url("/t.csv?token=ECRET"), headers)
    files = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert any(TABLE in path.read_bytes() for path in files)
    assert not any(b"ECRET" in path.read_bytes() for path in files)
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


def test_another_secret_is_another_answer(
    server: Server, answers: MakeAnswers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_etag(server, "/t.csv", TABLE, '"1"')
    for value in ("mine", "yours"):
        monkeypatch.setenv("CRM_KPI_SECRET_SHEET", value)
        one = answers(folder=tmp_path / "kept")
        ask(one, server.url("/t.csv"), {"X-Key": "env:CRM_KPI_SECRET_SHEET"})
    assert [headers.get("if-none-match") for _, headers in server.asked] == [None, None]


def test_a_kept_file_that_is_damaged(
    server: Server, answers: MakeAnswers, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with_etag(server, "/t.csv", TABLE, '"1"')
    ask(answers(folder=tmp_path / "kept"), server.url("/t.csv"))
    for path in (tmp_path / "kept" / "answers").glob("answers.db*"):
        path.write_bytes(b"no database" * 1000)
    answer = ask(answers(folder=tmp_path / "kept"), server.url("/t.csv"))
    assert answer.spooled.memory == TABLE
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_is_not_ours(server: Server, answers: MakeAnswers, tmp_path: Path) -> None:
    with_etag(server, "/t.csv", TABLE, '"1"')
    (tmp_path / "other.txt").write_text("of somebody else", "utf-8")
    tmp_path.chmod(0o700)
    answer = ask(answers(folder=tmp_path), server.url("/t.csv"))
    assert answer.spooled.memory == TABLE
    assert "are not kept in" in answer.notes[1]
    assert [path.name for path in tmp_path.iterdir()] == ["other.txt"]


def test_an_answer_that_may_not_be_kept(
    server: Server, answers: MakeAnswers, tmp_path: Path
) -> None:
    server.serve("/t.csv", TABLE, ETag='"1"', Cache_Control="no-store")
    for _ in range(2):
        ask(answers(folder=tmp_path / "kept"), server.url("/t.csv"))
    assert [headers.get("if-none-match") for _, headers in server.asked] == [None, None]
    files = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert not any(TABLE in path.read_bytes() for path in files)


def test_an_answer_that_breaks_off_is_not_kept(
    server: Server, answers: MakeAnswers, tmp_path: Path
) -> None:
    server.serve("/t.csv", TABLE, Content_Length="1000", ETag='"1"')
    refused_first = answers(folder=tmp_path / "kept")
    with pytest.raises(DataError, match="broke off"):
        ask(refused_first, server.url("/t.csv"))
    with_etag(server, "/t.csv", TABLE, '"1"')
    assert ask(answers(folder=tmp_path / "kept"), server.url("/t.csv")).spooled.memory == TABLE
