"""Addresses that tables are fetched from, read letter by letter by one narrow grammar.

What it lets through is written anew for whoever connects, part by part, so that nothing in it can
be read in two ways: no user, no number in place of an address, no letters that look like others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NoReturn
from urllib.parse import quote, urljoin

from crm_kpi.addresses import shown
from crm_kpi.messages import Message, text
from crm_kpi.sources.server import AddressError

PORT = 443
IpAddress = IPv4Address | IPv6Address
_URL = re.compile(
    r"https://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#\\]*)?(?:\?(?P<query>[^#\\]*))?(?:#.*)?",
    re.IGNORECASE,
)
_USER = re.compile(r"[a-z]+:/*[^/?#]*@", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""The last part of a host that programs take for an address: 2130706433, 0x7f.1, 0177.0.0.1."""
_KEPT = "%/:?[]@!$&'()*+,;=~-._"
_HIDING = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

_SHEET = re.compile(r"/spreadsheets(?:/u/[0-9]+)?/d/[\w-]+(?:/(?:edit|view|preview|htmlview).*)?/?")
_PUBLISHED_PAGE = re.compile(r"/spreadsheets(?:/u/[0-9]+)?/d/e/[\w-]+/pubhtml.*")
_TAB = re.compile(r"[?&#]gid=([0-9]{1,12})")


@dataclass(frozen=True)
class WebAddress:
    """The parts of an https URL, the host in small letters and IP addresses as they are spelt
    first; `target` is path and query, as sent."""

    host: str
    port: int
    target: str = field(repr=False)

    @classmethod
    def of(cls, url: str) -> WebAddress:
        """
        Raises:
            AddressError: it is no https URL, or says what no address of a table says.
        """
        if re.match("http:", url, re.IGNORECASE):
            raise AddressError(text("web.not_https"), text("web.write_https"))
        if _USER.match(url):
            raise AddressError(text("web.holds_user"), text("web.use_headers"))
        parts = _URL.fullmatch(url)
        if parts is None or _HIDING.search(url):
            _no_url()
        port = int(parts["port"] or PORT)
        if port not in range(1, 1 << 16):
            _no_url()
        path, query = parts["path"] or "/", parts["query"]
        target = path if query is None else f"{path}?{query}"
        address = cls(_host(parts["host"].lower()), port, quote(target, safe=_KEPT))
        hint = _instead(address.host, path, url)
        if hint is not None:
            raise AddressError(text("web.looked_at"), hint)
        return address

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORT else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"https://{self.authority}{self.target}"

    @property
    def shown(self) -> str:
        """The address in messages and accounts, without its query, which may hold a secret."""
        return shown(self.url)

    @property
    def ip(self) -> IpAddress | None:
        """The host, where it is an IP address itself."""
        return _ip(self.host)

    def redirected(self, location: str) -> WebAddress:
        """Where an answer of this address sends on to.

        Raises:
            AddressError: as `of`.
        """
        return WebAddress.of(urljoin(self.url, location))


def _host(host: str) -> str:
    if host.startswith("["):
        ip = _ip(host[1:-1])
        return str(ip) if ip is not None else _no_url()
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        ip = _ip(host)
        return str(ip) if isinstance(ip, IPv4Address) else _no_url()
    return ".".join(labels) if all(map(_LABEL.fullmatch, labels)) else _no_url()


def _ip(host: str) -> IpAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _instead(host: str, path: str, url: str) -> Message | None:
    """What to write instead of the address of a page on which people look at a table."""
    if host != "docs.google.com":
        return None
    if path.startswith("/forms/"):
        return text("web.link_form")
    if _PUBLISHED_PAGE.fullmatch(path):
        return text("web.published_as_csv")
    if _SHEET.fullmatch(path):
        tab = _TAB.search(url)
        return text("web.export_sheet", tab=tab[1] if tab else "0")
    return None


def _no_url() -> NoReturn:
    raise AddressError(text("web.no_url"), text("web.write_url"))
