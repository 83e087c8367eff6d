"""Which hosts and addresses may be asked."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from crm_kpi.errors import UsageError
from crm_kpi.sources.io.web.net_permit import NetPermit, is_public
from crm_kpi.sources.io.web.web_address import WebAddress


def permit(*words: str) -> NetPermit:
    return NetPermit.of(words, 1, 1)


@pytest.mark.parametrize(
    ("word", "url", "allowed"),
    [
        ("example.com", "https://example.com/a", True),
        ("EXAMPLE.com", "https://example.com./a", True),
        ("example.com", "https://www.example.com/a", False),
        ("example.com", "https://example.com.evil.test/a", False),
        ("example.com", "https://badexample.com/a", False),
        ("example.com", "https://example.com:8443/a", False),
        ("example.com:8443", "https://example.com:8443/a", True),
        ("example.com:8443", "https://example.com/a", False),
        (".example.com", "https://a.b.example.com/a", True),
        (".example.com", "https://example.com/a", True),
        (".example.com", "https://badexample.com/a", False),
        ("10.0.0.5", "https://10.0.0.5/a", True),
        ("10.0.0.0/8", "https://10.1.2.3/a", True),
        ("10.0.0.0/8", "https://11.1.2.3/a", False),
        ("::1", "https://[::1]/a", True),
        ("[::1]:8443", "https://[0:0::1]:8443/a", True),
    ],
)
def test_hosts(word: str, url: str, allowed: bool) -> None:
    if allowed:
        permit(word).check(WebAddress.of(url))
    else:
        with pytest.raises(UsageError, match="nobody has allowed"):
            permit(word).check(WebAddress.of(url))


@pytest.mark.parametrize(
    "word",
    ["", "*", "*.example.com", ".com", ".", "https://a", "a/b", "a?b", "me@a", "a b", "10.0.0.0/99",
     "2130706433", "http:", "docs.google.com/forms", "docs.google.com#x"],
)  # fmt: skip
def test_what_is_no_host(word: str) -> None:
    with pytest.raises(UsageError, match="no host"):
        permit(word)


PRIVATE = [
    *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1"),
    *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::127.0.0.1"),
    *("::ffff:127.0.0.1", "::ffff:a00:1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "2002:a00:1::"),
    "2002:7f00:1::1",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_addresses(ip: str) -> None:
    assert not is_public(ip_address(ip))
    with pytest.raises(UsageError, match="private network"):
        permit("example.com").check_ip("example.com", ip_address(ip))
    permit("example.com", ip).check_ip("example.com", ip_address(ip))


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "1.1.1.1"]
)
def test_public_addresses(ip: str) -> None:
    assert is_public(ip_address(ip))


def test_a_name_that_is_allowed_allows_no_private_address() -> None:
    with pytest.raises(UsageError) as refused:
        permit("a.test").check_ip("a.test", ip_address("10.0.0.1"))
    assert "--allow-net 10.0.0.1" in str(refused.value.hint)


def test_hosts_below_which_others_share() -> None:
    before = WebAddress.of("https://docs.google.com/spreadsheets/d/e/x/pub?output=csv")
    there = WebAddress.of("https://doc-0s-sheets.googleusercontent.com/pub/x?token=ECRET")
    with pytest.raises(UsageError, match="sends on to doc-0s") as refused:
        permit("docs.google.com").check(there, before)
    assert "--allow-net .googleusercontent.com" in str(refused.value.hint)
    assert "ECRET" not in f"{refused.value} {refused.value.hint}"
