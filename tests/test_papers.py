"""What lies beside the program: the image and the workflows as meant."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    found = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def test_the_config_of_the_guide_is_one(tmp_path: Path) -> None:
    from crm_kpi.config import load_config

    for text in blocks("docs/vi/guide.md", "yaml"):
        path = tmp_path / "crm-kpi.yaml"
        path.write_text(text, encoding="utf-8")
        assert load_config(path).definitions


def test_every_page_is_on_the_site() -> None:
    nav = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    tomllib.loads(nav)
    for page in (ROOT / "docs").rglob("*.md"):
        assert f'"{page.relative_to(ROOT / "docs").as_posix()}"' in nav, page


def test_every_block_is_one_on_the_site() -> None:
    """Its Markdown takes a fence with another word than these for text of the paragraph."""
    for page in (ROOT / "docs").rglob("*.md"):
        fences = re.findall(r"^ *```.*$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert [f for f in fences if not re.fullmatch(r' *```(\w+( title=".+")?)?', f)] == []


def test_links_lead_somewhere() -> None:
    for page in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "SECURITY.md"]:
        for link in re.findall(r"\]\(([^)#:\s]+)[)#]", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page.name, link)


def test_the_image_runs_without_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    words = [line.split()[0] for line in lines if re.match("[A-Z]+ ", line)]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert "USER 1000:1000" in lines
    assert any("fonts-" in line for line in lines)
    for line in lines:
        for name in re.findall(r"^COPY (?!--from)(.+) \S+$", line):
            assert all((ROOT / one).exists() for one in name.split()), line
            ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
            assert all(f"!{one}\n" in ignored for one in name.split()), line


def test_workflows_have_few_rights_and_end() -> None:
    flows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert [flow.stem for flow in flows] == ["release", "test"]
    for flow in flows:
        whole = yaml.safe_load(flow.read_text(encoding="utf-8"))
        assert whole["permissions"] == {"contents": "read"}
        assert all(job["timeout-minutes"] <= 60 for job in whole["jobs"].values())
    matrix = yaml.safe_load(flows[1].read_text(encoding="utf-8"))["jobs"]["test"]["strategy"]
    assert [name.split("-")[0] for name in matrix["matrix"]["os"]] == ["ubuntu", "macos", "windows"]
    assert matrix["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    release = yaml.safe_load(flows[0].read_text(encoding="utf-8"))["jobs"]
    assert release["build"]["permissions"]["attestations"] == "write"


def test_the_licence_of_every_dependency_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    (everything,) = extras["all"]
    names = re.findall(r"\w+", everything.partition("[")[2])
    needed = [
        *project["dependencies"],
        *(one for name in (*names, "spark") for one in extras[name]),
    ]
    rows = re.findall(
        r"^\| (\S+) \| (.+?) \|", (ROOT / "docs/licences.md").read_text("utf-8"), re.M
    )
    listed = dict(rows)
    assert {re.split(r"[\[<>=; ]", one)[0].lower() for one in needed} <= listed.keys()
    assert "?" not in listed.values()
