"""`--set KEY=VALUE`: any key of the config, dotted, with a YAML value."""

from __future__ import annotations

import json
import re

from crm_kpi.addresses import HIDDEN, hide
from crm_kpi.config.parse import MAX_DEPTH, parse
from crm_kpi.config.tree import Node, Place, Setting, fatal, join
from crm_kpi.errors import Problem
from crm_kpi.messages import should_be, text

_INDICATORS = ("%", "@", "`")
"""What no value of ours begins with in YAML, but a text may."""

_PLAIN = ("as_of", "currency", "exchange_rates", "limits", "periods", "timezone")
"""Blocks of which any value may be repeated in messages: none of them holds an address."""
_PATH = re.compile(r"sources\.[^.]+(?:\.[0-9]+)?\.path(?:\.[0-9]+)?")
_KEY = re.compile(r"[^:/@?;&\s]*")

_NO_ITEM = text("config.no_item")


def override(root: Node, setting: Setting) -> list[Problem]:
    """Puts the value of one setting into the tree.

    The value replaces what stood there, blocks included. Items of a list are
    counted from 0: `sources.customers.0.path=a.csv`.

    Raises:
        ConfigError: the value is not YAML, or the key is nested too deep.
    """
    word = setting.word
    place = Place(setting.origin or f"--set {_repeated(word)}")
    dotted, equals, value = word.partition("=")
    keys = dotted.strip().split(".")
    if not equals or not all(keys):
        hint = text("config.write_setting")
        return [Problem(should_be(text("config.key_value")), place.path, hint=hint)]
    if len(keys) > MAX_DEPTH:
        raise fatal(place, text("config.too_deep", most=MAX_DEPTH))
    if value[:1] in _INDICATORS:  # a format such as %d/%m/%Y is typed without quotes
        value = json.dumps(value, ensure_ascii=False)
    node, problems = parse(value, lambda _line: place, at=dotted.strip())
    node.place = place
    block, at = root, ""
    for key in keys[:-1]:
        inner = _open(block, key, place)
        at = join(at, key)
        if inner is None:
            what = _NO_ITEM if isinstance(block.value, list) else text("config.no_keys_within")
            return [*problems, Problem(what, place.path, column=at)]
        block = inner
    if isinstance(block.value, list) and _within(block.value, keys[-1]):
        block.value[int(keys[-1])] = node
    elif isinstance(block.value, dict):
        block.value[keys[-1]] = node
    else:
        problems.append(Problem(_NO_ITEM, place.path, column=dotted))
    return problems


def _repeated(word: str) -> str:
    """What of a word may be repeated: its value only where none can be an address or a password,
    under whatever name."""
    dotted, equals, _ = word.partition("=")
    key = dotted.strip()
    if not _KEY.fullmatch(key):
        return HIDDEN
    plain = key.partition(".")[0] in ("", *_PLAIN) or _PATH.fullmatch(key)
    return word if not equals or (plain and hide(word) == word) else f"{dotted}={HIDDEN}"


def _open(block: Node, key: str, place: Place) -> Node | None:
    """The block or list behind a key, made where nothing was; None for a single value."""
    if isinstance(block.value, list):
        inner = block.value[int(key)] if _within(block.value, key) else None
    else:
        assert isinstance(block.value, dict)
        inner = block.value.setdefault(key, Node(place, {}))
    if inner is None:
        return None
    if inner.value is None:
        inner.value = {}
    return inner if isinstance(inner.value, dict | list) else None


def _within(items: list[Node], key: str) -> bool:
    return key.isascii() and key.isdigit() and int(key) < len(items)
