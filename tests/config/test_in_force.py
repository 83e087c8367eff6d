"""The config in force as YAML: what stands in it and where that comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.config import Setting, load_config, parsed_config, shown_config

ROOT = Path(__file__).parents[2]


def sourced(folder: Path, text: str, *settings: Setting) -> list[tuple[str, str | None]]:
    path = folder / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return shown_config(Path("c.yaml"), settings, env={}, cwd=folder)


def shown(folder: Path, text: str, *settings: Setting) -> list[str]:
    return [line for line, _ in sourced(folder, text, *settings)]


@pytest.mark.parametrize("name", ["config.example.yaml", "samples/crm-kpi.yaml"])
def test_it_is_the_same_config(name: str) -> None:
    path = ROOT / name
    settings = [Setting("periods.last=3"), Setting('report.title="Ba: #1, [x]"')]
    text = "\n".join(f"{line} # {place}" for line, place in shown_config(path, settings, env={}))
    assert dict(parsed_config(text, path)) == dict(load_config(path, settings, env={}))


def test_every_value_says_where_it_comes_from(tmp_path: Path) -> None:
    text = "timezone: Asia/Ho_Chi_Minh\nlimits:\n  low_n: 10\n"
    settings = (Setting("limits.memory=1GiB"), Setting("periods.every=week", "--every week"))
    lines = sourced(tmp_path, text, *settings)
    path = tmp_path / "c.yaml"
    assert ("timezone: Asia/Ho_Chi_Minh", f"{path}:1") in lines
    assert ("  low_n: 10", f"{path}:3") in lines
    assert ("  memory: 1GiB", "--set limits.memory=1GiB") in lines
    assert ("  every: week", "--every week") in lines
    assert ("  open_meaning: error", "default") in lines
    assert ("  week_start: monday", "default") in lines


def test_lists_and_blocks(tmp_path: Path) -> None:
    text = """\
sources:
  surveys:
    - {path: a.csv, constants: {survey: nps}}
    - path: [b.csv, "c, d.csv"]
      missing: ["", "-"]
"""
    assert shown(tmp_path, text)[:7] == [
        "sources:",
        "  surveys:",
        "    - path: a.csv",
        "      constants:",
        "        survey: nps",
        '    - path: [b.csv, "c, d.csv"]',
        '      missing: ["", "-"]',
    ]


def test_quotes_stay_where_they_mean_something(tmp_path: Path) -> None:
    text = (
        'cache: "true"\nsources: {leads: {path: l.csv, columns: {lead_id: "1", created_at: 2}}}\n'
    )
    lines = shown(tmp_path, text)
    assert 'cache: "true"' in lines
    assert '      lead_id: "1"' in lines
    assert "      created_at: 2" in lines


def test_no_password_is_shown(tmp_path: Path) -> None:
    text = "engine: {name: spark, remote: sc://host:15002/;token=hunter2;user_id=me}\n"
    settings = (Setting("report.title=postgresql://me:hunter3@db.example/shop"),)
    page = str(sourced(tmp_path, text, *settings))
    assert "hunter" not in page
    assert "sc://host:15002/" in page
    assert "db.example" in page
