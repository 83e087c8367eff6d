"""Addresses in messages and answers: where something is, never who asks for it, nor with what.

An address is taken apart by one grammar of its own and nothing in it is decoded, so that no
program can read a password in what was shown as a host or a path.
"""

from __future__ import annotations

import re

from crm_kpi.messages import Message

HIDDEN = "…"

_FILES = ("sqlite", "file")
"""Schemes of files, whose paths may well hold an @."""
_SCHEME = r"[a-z][a-z0-9+.-]{1,30}"
"""Of two letters or more: C:/ is a folder."""
_HOST = r"(?:\[[0-9a-f:.]+(?:%25[\w.-]+)?\]|(?:%2f[\w.-]+)+|[\w.-]*)(?::[0-9]*)?"
_ADDRESS = re.compile(
    rf"(?P<scheme>{_SCHEME}):(?P<slashes>/{{1,2}}+)"
    r"(?:[^/?#;@]*@)?"
    rf"(?P<hosts>{_HOST}(?:,{_HOST})*)"
    r"(?P<path>/[^?#;]*)?"
    r"(?P<options>[?#;].*)?",
    re.IGNORECASE | re.DOTALL,
)
_WEB = re.compile(r"https?:", re.IGNORECASE)
_ENCODED = re.compile(r"%(?:25)*(?:40|3b|3f|23)", re.IGNORECASE)
"""One of @;?#, however often it is encoded."""

_WITHIN = re.compile(
    rf"(?<![a-z0-9+.-]){_SCHEME}:/+(?:[^\s@/:]*:[^\n@/]*@)?[^\s\"'<>`]*", re.IGNORECASE
)
"""An address in a text, with a password that has blanks."""
_PUNCTUATION = ".,:)"
"""What may follow an address in a sentence, and is not part of it."""
_BARE = re.compile(r"(?<![^\s\"'(=])[^\s:@/\"'(=]{1,200}:[^\s@/][^\s@]{0,200}@(?=[\w.\[-])")
"""Who connects, and with what, where no scheme stands before it."""
_SECRET = re.compile(
    r"(?P<name>(?:password|token)[\"']?\s*=\s*)(?:'(?:[^'\\]|\\.)*'|[^\s&;,]+)", re.IGNORECASE
)


def is_address(path: str) -> bool:
    """Whether a path names something that would be fetched; http: too, which is refused.

    >>> is_address("https://example.com/a.csv"), is_address("s3://bucket"), is_address("C:/a.csv")
    (True, False, False)
    """
    return _WEB.match(path) is not None


def shown(address: str) -> str:
    """Scheme, host, port and path: no user, no password, no options, no fragment.

    Of what cannot be taken apart without doubt, only the scheme.

    >>> shown("postgresql://me:secret@db.example:5432/shop?sslmode=require")
    'postgresql://db.example:5432/shop'
    """
    parts = _ADDRESS.fullmatch(address)
    if parts is None or _doubtful(parts):
        scheme = re.match(f"{_SCHEME}(?=:/)", address, re.IGNORECASE)
        return f"{scheme[0]}://{HIDDEN}" if scheme else HIDDEN
    path = parts["path"] or ""
    if _ENCODED.search(path):
        path = f"/{HIDDEN}"
    return f"{parts['scheme']}:{parts['slashes']}{parts['hosts']}{path}"


def shown_path(path: str) -> str:
    """The path of a file as it is, an address as `shown` gives it."""
    return shown(path) if "://" in path else path


def hide(text: str) -> str:
    """The text with every address in it as `shown` gives it, and no password beside its name.

    A message keeps its key, and its values are hidden too; what has nothing to hide is returned
    as it is.
    """
    hidden = _hidden(text)
    if hidden == text:
        return text
    return text.changed(hide) if isinstance(text, Message) else hidden


def _hidden(text: str) -> str:
    if "=" in text:
        text = _SECRET.sub(rf"\g<name>{HIDDEN}", text)
    if ":/" in text:
        text = _WITHIN.sub(_shown_within, text)
    return _BARE.sub(f"{HIDDEN}@", text) if "@" in text else text


def _shown_within(match: re.Match[str]) -> str:
    address = match[0].rstrip(_PUNCTUATION)
    return shown(address) + match[0][len(address) :]


def _doubtful(parts: re.Match[str]) -> bool:
    """Whether an @ stands where a password that holds one of /?#; would have left it."""
    path, options = parts["path"] or "", parts["options"] or ""
    if parts["scheme"].lower() in _FILES:
        return "@" in options or any(":" in p.rpartition("@")[0] for p in path.split("/"))
    return "@" in path + options
