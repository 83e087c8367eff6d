"""What is an address of a table, and what only looks like one."""

from __future__ import annotations

import pytest

from crm_kpi.addresses import is_address
from crm_kpi.sources.io.web.web_address import WebAddress
from crm_kpi.sources.server import AddressError


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://example.com", "example.com", 443, "/"),
        ("HTTPS://Example.COM:8443/A.csv?x=1#tab", "example.com", 8443, "/A.csv?x=1"),
        ("https://example.com?x=1", "example.com", 443, "/?x=1"),
        ("https://example.com./a", "example.com", 443, "/a"),
        ("https://8.8.8.8/a", "8.8.8.8", 443, "/a"),
        ("https://[2001:DB8::0001]/a", "2001:db8::1", 443, "/a"),
        ("https://example.com/khách hàng.csv", "", 0, ""),
        ("https://example.com/khách%20hàng.csv", "example.com", 443, "/kh%C3%A1ch%20h%C3%A0ng.csv"),
    ],
)
def test_parts(url: str, host: str, port: int, target: str) -> None:
    if not host:
        with pytest.raises(AddressError):
            WebAddress.of(url)
        return
    address = WebAddress.of(url)
    assert (address.host, address.port, address.target) == (host, port, target)
    assert WebAddress.of(address.url) == address


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a.csv",
        "https:example.com",
        "https:/example.com",
        "https:///a.csv",
        "https://",
        "https://me@example.com/a",
        "https://me:pw@example.com/a",
        "https://example.com:443@evil.test/a",
        "https://example.com\\@evil.test/a",
        "https://example.com\\evil.test",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:/",
        "https://exa mple.com/",
        "https://example.com/a\nHost: evil",
        "https://example.com/a\r\nX: y",
        "https://example.com/\x00",
        "https://example.com/\u202eexe",
        "https://exämple.com/",
        "https://ｅxample.com/",
        "https://example。com/",
        "https://-a.com/",
        "https://a..com/",
        "https://.com/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.01/",
        "https://1.2.3.4.5/",
        "https://a.0x7f/",
        "https://[::1",
        "https://[::1%25lo]/",
        "https://[127.0.0.1x]/",
        "https://[::ffff:1.2.3.4.5]/",
        f"https://{'a' * 300}.com/",
        f"https://{'a' * 64}.com/",
    ],
)
def test_what_is_refused_is_not_repeated(url: str) -> None:
    with pytest.raises(AddressError) as refused:
        WebAddress.of(url)
    said = f"{refused.value.reason} {refused.value.hint or ''}"
    assert "evil" not in said
    assert "pw" not in said


def test_a_query_is_shown_nowhere() -> None:
    address = WebAddress.of("https://example.com/a.csv?token=ECRET")
    assert address.shown == "https://example.com/a.csv"
    assert "ECRET" not in repr(address)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b?x=2", "https://example.com/b?x=2"),
        ("b", "https://example.com/d/b"),
        ("//other.test/b", "https://other.test/b"),
        ("https://other.test", "https://other.test/"),
    ],
)
def test_where_an_answer_sends_on_to(location: str, url: str) -> None:
    assert WebAddress.of("https://example.com/d/a?x=1").redirected(location).url == url


@pytest.mark.parametrize(
    "location",
    [
        *("http://example.com/", "file:///etc/passwd", "ftp://a/b", "data:text/csv,a", "HTTP:b"),
        *("https://me@other.test/", "javascript:1", "https://2130706433/", "gopher://x"),
    ],
)
def test_nothing_but_https_is_sent_on_to(location: str) -> None:
    with pytest.raises(AddressError):
        WebAddress.of("https://example.com/a").redirected(location)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://docs.google.com/spreadsheets/d/1aB-_c/edit#gid=12", "export?format=csv&gid=12"),
        ("https://docs.google.com/spreadsheets/d/1aB/edit?usp=sharing", "format=csv&gid=0"),
        ("https://docs.google.com/spreadsheets/u/0/d/1aB/edit?gid=5#gid=5", "format=csv&gid=5"),
        ("https://docs.google.com/spreadsheets/d/1aB/", "format=csv&gid=0"),
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1/pubhtml?gid=3", "/pub?output=csv"),
        ("https://docs.google.com/forms/d/e/1FA/viewform", "Link to Sheets"),
    ],
)
def test_a_page_to_look_at_is_told_from_a_table(url: str, says: str) -> None:
    with pytest.raises(AddressError, match="page to look at") as refused:
        WebAddress.of(url)
    assert says in str(refused.value.hint)


@pytest.mark.parametrize(
    "path",
    [
        "/spreadsheets/d/e/2PACX-1vT/pub?gid=0&single=true&output=csv",
        "/spreadsheets/d/1aB/export?format=csv&gid=0",
        "/spreadsheets/d/1aB/gviz/tq?tqx=out:csv",
    ],
)
def test_the_addresses_of_tables_in_google_sheets(path: str) -> None:
    assert WebAddress.of(f"https://docs.google.com{path}").target == path


def test_what_is_fetched_and_what_is_a_file() -> None:
    assert all(map(is_address, ("https://a/b", "HTTP://a", "https:a")))
    assert not any(map(is_address, ("a.csv", "-", "C:/a", "s3://a", "file:///a", "./https://a")))
