"""Currency signs and codes, as they stand beside numbers and in currency columns."""

from __future__ import annotations

import re

CODES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
    BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
    GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR
    KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
    SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
    UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - a table of codes reads better than 150 quoted ones
)
"""ISO 4217."""

ZERO_DECIMAL_CURRENCIES = frozenset(
    """
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
    """.split()  # noqa: SIM905
)
"""Those without a smaller unit, by ISO 4217: there is no 1.25 of them."""

MINOR_DIGITS = {
    **dict.fromkeys(ZERO_DECIMAL_CURRENCIES, 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""ISO 4217, where it is not 2."""

_SIGNS = {
    "₫": "VND", "đ": "VND", "vnđ": "VND", "đồng": "VND", "€": "EUR", "£": "GBP", "₩": "KRW",
    "₹": "INR", "฿": "THB", "₽": "RUB", "₱": "PHP", "us$": "USD", "a$": "AUD", "au$": "AUD",
    "s$": "SGD", "r$": "BRL", "zł": "PLN", "kč": "CZK", "rp": "IDR", "rm": "MYR", "s/": "PEN",
    "nt$": "TWD", "hk$": "HKD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "mx$": "MXN",
    "₺": "TRY", "tl": "TRY", "₦": "NGN", "円": "JPY", "元": "CNY", "원": "KRW", "fr": "CHF",
    "sfr": "CHF", "ft": "HUF", "₴": "UAH", "₪": "ILS", "₡": "CRC", "₲": "PYG", "₸": "KZT",
    "руб": "RUB", "лв": "BGN", "บาท": "THB", "us $": "USD", "au $": "AUD", "c $": "CAD",
}  # fmt: skip
SHARED = {
    "$": frozenset(("USD", "AUD", "BND", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD")),
    "¥": frozenset(("JPY", "CNY")),
    "￥": frozenset(("JPY", "CNY")),
    "kr": frozenset(("SEK", "NOK", "DKK", "ISK")),
    "rs": frozenset(("INR", "PKR", "LKR", "NPR", "MUR", "SCR")),
}
"""Signs that several currencies have: alone they do not say which."""

NAMES = frozenset((*_SIGNS, *SHARED, *map(str.casefold, CODES)))
"""All signs and codes, in small letters."""

SYMBOLS = "|".join(
    sorted((*map(re.escape, (*_SIGNS, *SHARED)), *CODES), key=len, reverse=True)
).join(("(?i:", ")"))
"""A regex of all of them."""


def code(symbol: str) -> str | None:
    """The ISO code that a sign or code means; None for a sign that several currencies share.

    >>> code("đ"), code("usd"), code("$")
    ('VND', 'USD', None)
    """
    if symbol.casefold() in SHARED:
        return None
    return _SIGNS.get(symbol.casefold(), symbol.upper())


def in_header(header: str) -> str | None:
    """The currency that a header names in parentheses, as in `Tổng tiền (VND)`."""
    found = re.search(rf"\(({SYMBOLS})\)\s*\Z", header)
    return code(found[1]) if found else None
