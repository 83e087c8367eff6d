"""Which words of a Vietnamese screen are English ones that somebody forgot to translate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from crm_kpi import catalogue, views
from crm_kpi.cli.app import app
from crm_kpi.config import config_schema
from crm_kpi.currencies import CODES
from crm_kpi.kpi import Kpi
from crm_kpi.render.formats import FORMATS
from crm_kpi.sources.io.vietnamese_syllables import is_syllable
from crm_kpi.tables import TABLES

_PLACEHOLDER = re.compile(r"\{[a-z_]+[^{}]*\}")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
"""Letters: `by`, `and` and the like may be part of a code or of a Vietnamese word."""

NAMES = frozenset(
    """
    bash byte churn cgroup cohort csat email error excel facebook gini github google iana json
    kaplan lead markdown meier metrics ndjson null online office opendocument option parquet
    pipgres polars postgresql ratio quick save schema shell spark sqlite stderr stdin stdout
    timeout ulimit unicode unlimited workflow zalo xlsx yaml zip token duckdb narwhals java
    cross average true false chat local scram verify full sslmode sheet tmpdir pgpass unset
    asia shop chmod mkdir completion connect databases docs example help install legacy mail mili
    presets rejects text theirs xlsb yarn upsell cross sell possible usage options arguments version
    python plugin uninstall mssql mysql native password
    apprise appriseit boss cron filelock crontab https
    charts chrome chromium core ctrl debian fonts images noto
    answers authorization bearer edit export fetching header http https proxy pubhtml single
    mysql native password
    insert select month months week weeks hour hours minute minutes days year years today
    """.split()  # noqa: SIM905
)
"""Names, words of formats and programs, and the placeholders of our own command lines."""


@cache
def allowed() -> frozenset[str]:
    """Ids, keys, options, columns, and words that may be written in a config."""
    words = set(NAMES)
    for text in _identifiers():
        words |= {word.lower() for word in _WORD.findall(text)}
    return frozenset(words)


def _identifiers() -> Iterator[str]:
    for kpi_id in catalogue.ids():
        yield kpi_id
        yield from _of_definition(catalogue.load(kpi_id))
    for name, table in TABLES.items():
        yield name
        yield from table.names
    yield from _of_schema(config_schema())
    yield from (*FORMATS, *views.SHIPPED, *CODES)
    from typer.main import get_command

    group: Any = get_command(app)
    for name in (*group.commands, "nps", "history", "drivers"):
        yield name
        for param in group.get_command(None, name).params:
            yield from (*param.opts, param.metavar or "")


def _of_definition(kpi: Kpi) -> Iterator[str]:
    for name, field in kpi.definition.model_fields.items():
        yield name
        yield from (str(word) for word in get_args(field.annotation))
        yield str(field.default)


def _of_schema(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "properties":
                yield from value
            if key in ("enum", "default", "const"):
                yield str(value)
            yield from _of_schema(value)
    elif isinstance(node, list):
        for value in node:
            yield from _of_schema(value)


def english_words(text: str, names: frozenset[str] = frozenset()) -> list[str]:
    """Words without marks that are no Vietnamese syllable, no identifier and no given name."""
    words = _WORD.findall(_PLACEHOLDER.sub(" ", text))
    return [
        word
        for word in words
        if len(word) >= _SHORTEST
        and word.isascii()
        and not is_syllable(word)
        and not word.isupper()
        and word.lower() not in allowed()
        and word.lower() not in names
    ]
