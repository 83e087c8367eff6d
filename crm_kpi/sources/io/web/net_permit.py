"""Which hosts may be asked, and at which addresses: nothing that nobody has allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_network

from crm_kpi.errors import UsageError
from crm_kpi.messages import text
from crm_kpi.sources.io.web.web_address import PORT, IpAddress, WebAddress

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64: the last 32 bits are an IPv4 address."""
_OF_MANY_NAMES = ("dropboxusercontent.com", "googleusercontent.com")
"""Hosts below these serve what others share, each time under another name."""
_WORD = re.compile(r"[\w.:\[\]-]+")
_NETWORK = re.compile(r"[0-9A-Fa-f:.]+/[0-9]{1,3}")


@dataclass(frozen=True)
class AllowedHost:
    """One of the hosts that the user names: `example.com`, `.example.com` with all below it,
    `example.com:8443`, an IP address, which may then be a private one, or a network of them."""

    host: str
    port: int = PORT
    below: bool = False
    network: str | None = None

    @classmethod
    def of(cls, word: str) -> AllowedHost:
        """
        Raises:
            UsageError: it names no host.
        """
        try:
            if _NETWORK.fullmatch(word):
                return cls("", network=str(ip_network(word, strict=False)))
            below = word.startswith(".")
            name = word[1:] if below else word
            bare = f"[{name}]" if name.count(":") > 1 and not name.startswith("[") else name
            address = WebAddress.of(f"https://{bare}") if _WORD.fullmatch(name) else None
        except ValueError:  # AddressError is one, too
            address = None
        if address is None or (below and "." not in address.host):
            raise UsageError(text("web.no_host"), hint=text("web.write_host"))
        network = None if address.ip is None else str(ip_network(address.ip))
        return cls(address.host, address.port, below, network)

    def allows(self, address: WebAddress) -> bool:
        """Whether the address may be asked for."""
        if address.port != self.port:
            return False
        if not self.host:
            return address.ip is not None and self.holds(address.ip)
        below = self.below and address.host.endswith(f".{self.host}")
        return below or address.host == self.host

    def holds(self, ip: IpAddress) -> bool:
        """Whether an IP address is one that it names."""
        return self.network is not None and ip in ip_network(self.network)


@dataclass(frozen=True)
class NetPermit:
    """What a run may fetch, and how much and how long."""

    hosts: tuple[AllowedHost, ...] = ()
    size: int = 100 << 20
    """Bytes of an answer, unpacked."""
    seconds: int = 60
    """From the first word to the last byte of an answer, wherever it sends on to."""

    @classmethod
    def of(cls, words: Iterable[str], size: int, seconds: int) -> NetPermit:
        """
        Raises:
            UsageError: a word names no host.
        """
        return cls(tuple(map(AllowedHost.of, dict.fromkeys(words))), size, seconds)

    def check(self, address: WebAddress, before: WebAddress | None = None) -> None:
        """
        Args:
            before: the address that sends on to it.

        Raises:
            UsageError: nobody has allowed its host.
        """
        if any(host.allows(address) for host in self.hosts):
            return
        where = address.authority
        what = text("web.not_allowed", host=where)
        if before is not None:
            what = text("web.sends_to", path=before.shown, host=where)
        hint = text("web.allow_host", host=where)
        _, _, parent = address.host.partition(".")
        if parent in _OF_MANY_NAMES:
            hint = text("web.allow_below", host=where, parent=f".{parent}")
        raise UsageError(what, hint=hint)

    def check_ip(self, host: str, ip: IpAddress) -> None:
        """
        Raises:
            UsageError: it is in no public network, and nobody has named it.
        """
        if not (is_public(ip) or any(allowed.holds(ip) for allowed in self.hosts)):
            raise UsageError(
                text("web.private", host=host, ip=str(ip)), hint=text("web.allow_ip", ip=str(ip))
            )


def is_public(ip: IpAddress) -> bool:
    """Whether anybody in the world may have this address, and every address that it stands for.

    >>> from ipaddress import ip_address
    >>> [is_public(ip_address(ip)) for ip in ("8.8.8.8", "169.254.169.254", "::ffff:10.0.0.1")]
    [True, False, False]
    """
    if isinstance(ip, IPv4Address):
        return _is_plain(ip)
    if ip.ipv4_mapped is not None:
        return _is_plain(ip.ipv4_mapped)
    if ip in _TRANSLATED:
        return _is_plain(IPv4Address(int(ip) & 0xFFFFFFFF))
    tunnels = filter(None, (ip.sixtofour, *(ip.teredo or ())))
    return _is_plain(ip) and not ip.is_site_local and all(map(_is_plain, tunnels))


def _is_plain(ip: IpAddress) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
