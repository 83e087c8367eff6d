"""`notify:` in a config: who is told, how often, and in which hours not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crm_kpi.config import load_config
from crm_kpi.config.notify_block import Recipient
from crm_kpi.errors import ConfigError


def read(folder: Path, keys: str) -> Recipient:
    path = folder / "crm-kpi.yaml"
    path.write_text(f"notify:\n  boss: {{{keys}}}\n", encoding="utf-8")
    return load_config(path).notify["boss"]


def fault(folder: Path, keys: str) -> str:
    with pytest.raises(ConfigError) as error:
        read(folder, keys)
    return "\n".join(map(str, error.value.problems))


def test_defaults(tmp_path: Path) -> None:
    boss = read(tmp_path, "to: env:BOSS")
    assert (boss.when, boss.again, boss.attach, boss.metrics) == ("missed", None, (), None)
    assert not boss.may_see_customers
    assert read(tmp_path, "to: file:/run/secrets/boss, attach: html").attach == ("html",)


@pytest.mark.parametrize(
    "address", ["mailtos://me:SECRET@b.example", "https://b.example/SECRET", "env:", "env:A B", "7"]
)
def test_an_address_in_the_config_is_refused_and_not_repeated(tmp_path: Path, address: str) -> None:
    said = fault(tmp_path, f"to: '{address}'")
    assert "should be env:NAME or file:PATH" in said
    assert "crm-kpi.yaml:2" in said
    assert "SECRET" not in said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("when: often", "should be missed, warning, unusual or always"),
        ("again: 3 months", "should be 24h, 7d, once or always"),
        ("again: soon", "should be 24h, 7d, once or always"),
        ("quiet: 7-9", "should be two times of the day"),
        ("quiet: 25:00-07:00", "should be two times of the day"),
        ("quiet: 07:00-07:00", "begins when it ends"),
        ("attach: [csv]", "may_see_customers"),
        ("attach: [docx]", "should be"),
        ("metrics: [nsp]", "did you mean 'nps'?"),
        ("metrics: [cohorts]", "cohorts is a table of which nothing is good or bad"),
        ("exec: ./a.sh", "unknown key"),
        ("language: fr", "should be en or vi"),
    ],
)
def test_faults(tmp_path: Path, keys: str, said: str) -> None:
    assert said in fault(tmp_path, keys)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        ("21:00-07:00", "20:59", None),
        ("21:00-07:00", "21:00", "2 07:00"),
        ("21:00-07:00", "23:59", "2 07:00"),
        ("21:00-07:00", "00:00", "1 07:00"),
        ("21:00-07:00", "06:59", "1 07:00"),
        ("21:00-07:00", "07:00", None),
        ("12:00-13:30", "13:29", "1 13:30"),
        ("12:00-13:30", "13:30", None),
        ("12:00-13:30", "11:59", None),
    ],
)
def test_quiet_time(tmp_path: Path, quiet: str, now: str, until: str | None) -> None:
    found = read(tmp_path, f"quiet: {quiet}").quiet
    assert found is not None
    end = found.until(datetime.fromisoformat(f"2024-12-01 {now}"))
    assert (f"{end:%-d %H:%M}" if end else None) == until


@pytest.mark.parametrize(
    ("keys", "hours", "once", "quiet"),
    [
        ("to: env:A", 1, False, True),
        ("to: env:A", 24, False, False),
        ("to: env:A", 24 - 1 / 60, False, False),  # cron is a minute early
        ("to: env:A", 23, False, True),
        ("to: env:A", 9999, True, True),
        ("again: 24h", 24, True, False),
        ("again: once", 9999, False, True),
        ("again: always", 0, False, False),
        ("again: 7d", 24 * 6, False, True),
        ("again: 30m", 0.4, False, True),
        ("again: 30m", 0.5, False, False),
    ],
)
def test_again(tmp_path: Path, keys: str, hours: float, once: bool, quiet: bool) -> None:
    assert read(tmp_path, keys).is_quiet_about(hours * 3600, once=once) is quiet
