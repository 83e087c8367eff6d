"""The page: one file that holds all it needs, and nothing that it should not."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from crm_kpi.cli.for_people import FORMATS as FOR_PEOPLE
from crm_kpi.errors import Problem
from crm_kpi.results import Asked, GoalShape, Rating, Refused, Report, Skipped
from tests.render.conftest import on_a_terminal, result

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "samples" / "crm-kpi.yaml"
VOID = {"meta", "link", "img", "br", "hr", "input"}
Shown = Callable[..., str]
Written = Callable[..., str]


class Page(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.raw: dict[str, list[str]] = {"style": [], "script": []}
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.raw:
            self.raw[self.open[-1]].append(data)
        else:
            self.text += data

    @property
    def tags(self) -> Counter[str]:
        return Counter(tag for tag, _ in self.elements)

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.elements if "id" in attributes]

    def attributes(self, name: str) -> Iterator[str]:
        yield from (has[name] or "" for _, has in self.elements if name in has)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """What `crm-kpi` with these words writes to a file."""

    def run(*words: str, name: str = "report.html") -> str:
        path = tmp_path_factory.mktemp("page") / name
        command = [sys.executable, "-m", "crm_kpi", *words, "-q", "-o", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=path.parent)
        assert (done.returncode, done.stderr) == (0, "")
        return path.read_text("utf-8")

    return run


@pytest.fixture(scope="module")
def sample(written: Written) -> str:
    """All KPIs and analyses of the sample company over 13 months."""
    return written(*MONTHS)


MONTHS = ("report", "-c", str(CONFIG), "--every", "month", "--from", "2023-12-01", "--last", "13")
FEW = ("revenue", "nps", "retention_rate", "mrr")


def test_it_forbids_itself_to_load_anything(sample: str) -> None:
    page = Page(sample)
    (policy,) = (
        has["content"] or ""
        for tag, has in page.elements
        if tag == "meta" and has.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for kind in ("style", "script"):
        (body,) = page.raw[kind]
        digest = b64encode(sha256(body.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"


def test_it_has_no_style_or_script_outside_of_what_its_policy_allows(sample: str) -> None:
    page = Page(sample)
    names = {name for _, has in page.elements for name in has}
    assert "style" not in names
    assert [name for name in names if name.startswith("on")] == []
    assert page.tags["script"] == page.tags["style"] == 1
    forbidden = (
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "base",
        "image",
        "use",
    )
    assert [tag for tag in forbidden if page.tags[tag]] == []


def test_it_links_to_itself_alone(sample: str) -> None:
    page = Page(sample)
    assert [*page.attributes("src"), *page.attributes("srcset"), *page.attributes("action")] == []
    links = [*page.attributes("href")]
    assert len(links) > 50
    assert [link for link in links if link[:1] != "#" or link[1:] not in page.ids] == []
    assert "url(" not in page.raw["style"][0]
    assert "@import" not in page.raw["style"][0]
    assert not re.search(r"fetch|XMLHttp|eval|innerHTML|import\(", page.raw["script"][0])


def test_ids_are_stable_and_there_once(sample: str) -> None:
    ids = Page(sample).ids
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    domains = ("retention", "value", "subscriptions", "surveys", "service", "sales", "quality")
    wanted = ["attention", "headline", *(f"d-{d}" for d in domains), "rows", "numbers"]
    places = [ids.index(name) for name in [*wanted, "definitions"]]
    assert places == sorted(places)
    assert {"k-revenue", "k-nps", "k-mrr", "f-cohorts", "f-funnel", "f-survival"} <= {*ids}


@pytest.mark.parametrize(
    "figure",
    ["cohorts", "survival", "concentration", "rfm", "spending", "mrr", "nps", "funnel",
     "pipeline", "issues", "team", "churn_reasons", "data_quality"],
)  # fmt: skip
def test_every_analysis_has_its_figure(sample: str, figure: str) -> None:
    assert f'id="f-{figure}"' in sample


def test_the_same_input_is_the_same_file(sample: str, written: Written) -> None:
    assert written(*MONTHS) == sample


def test_nobody_of_the_input_is_named(sample: str, written: Written) -> None:
    with (ROOT / "samples" / "customers.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    columns = ("Mã khách hàng", "Tên khách hàng", "Email", "Điện thoại")
    cells = {row[name].strip() for row in rows for name in columns} - {""}
    assert len(cells) > 1000
    text = Page(sample).text
    assert [cell for cell in cells if cell in text] == []
    with_lists = Page(written(*MONTHS, "--set", "report.lists=true")).text
    assert [cell for cell in cells if cell in with_lists] != []


@pytest.mark.parametrize("table", ["tickets", "leads", "opportunities", "surveys"])
def test_no_id_of_another_table_stands_there(sample: str, table: str) -> None:
    first = (ROOT / "samples" / f"{table}.csv").read_text("utf-8").splitlines()[1:]
    ids = {re.split("[,;]", line)[0].strip('"') for line in first if line}
    ids = {name for name in ids if len(name) > 4}
    text = Page(sample).text
    assert [name for name in ids if name in text] == []


def kib(html: str) -> float:
    return len(html.encode()) / 1024


def test_sizes(sample: str, written: Written) -> None:
    kpis = len(re.findall('id="k-', sample))
    assert kpis > 40
    assert kib(sample) <= 17 * kpis
    assert kib(sample) <= 800
    by_segment = written(*MONTHS, "--by", "segment")
    assert kib(by_segment) <= 22 * kpis
    assert kib(by_segment) <= 1024
    assert kib(written("report", *FEW, "-c", str(CONFIG))) <= 100


def test_sixty_periods(written: Written) -> None:
    longer = ("--every", "week", "--from", "2023-01-01", "--last", "70")
    html = written("report", "-c", str(CONFIG), *longer)
    assert kib(html) <= 2048
    assert html.count('class="hit"') <= 60 * len(re.findall('id="k-', html))
    assert "44 earlier periods are in JSON and CSV" in html


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_empty_table_is_a_page(written: Written, tmp_path: Path, language: str) -> None:
    empty = tmp_path / "orders.csv"
    empty.write_text("customer_id,date,amount\n", "utf-8")
    words = ("report", "--transactions", str(empty), "--as-of", "2024-03-31", "--every", "all")
    page = Page(written(*words, "--language", language))
    assert "k-revenue" in page.ids


def test_a_single_analysis_is_a_page(written: Written) -> None:
    page = Page(written("cohorts", "-c", str(CONFIG), name="cohorts.html"))
    assert "f-cohorts" in page.ids
    assert "attention" not in page.ids
    assert [has["class"] for tag, has in page.elements if tag == "table" and "class" in has] == [
        "heat"
    ]


def test_one_kpi_has_the_last_periods(written: Written) -> None:
    page = Page(written("nps", str(ROOT / "samples" / "surveys.csv"), "--as-of", "2024-12-31"))
    assert [name for name in page.ids if name.startswith("k-")] == ["k-nps"]
    assert "headline" not in page.ids
    kinds = [has["class"] for tag, has in page.elements if tag == "details"]
    assert kinds == ["kpi", "data"]


def test_vietnamese_says_so(written: Written) -> None:
    html = written(*MONTHS, "--language", "vi")
    page = Page(html)
    assert dict(page.elements[0][1])["lang"] == "vi"
    assert "Cần chú ý" in page.text
    assert "Tháng 12/2024" in page.text
    assert not re.search(r"\b(Needs|attention|Goals|Revenue|warning|compared)\b", page.text)


PAYLOADS = (
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
    "{{7*7}}", "{% for x in y %}", "</style><b>", "' onfocus='alert(1)", "<!--", "]]>",
    "</title><svg onload=alert(1)>", "a\u202eb", "\x00", "\u2066x\u2069", "&lt;b&gt;",
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_text(report: Report, shown: Shown, payload: str) -> None:
    plain = Page(shown(report, "html"))
    for each in report.results:
        each.segment = {payload: payload} if each.segment else {}
        each.reason = payload
        each.definition = {"basis": payload, "keys": [payload], "map": {payload: payload}}
        each.components = {payload: 1}
    report.tables["rfm"] = [{"customer_id": payload, payload: payload, "n": 1}]
    report.tables["funnel"] = [
        {"stage": payload, "reached": 1, "step_rate": None, "overall_rate": 100.0, "median_days": 1}
    ]
    report.skipped = [Skipped("fcr", (Refused(payload),))]
    report.asked = Asked(title=payload, lists=True)
    for audit in report.sources.values():
        audit.paths, audit.notes = [payload], [payload]
        audit.problems = [Problem(payload, payload, 1, payload, payload, payload)]
        audit.reasons.clear()
        audit.reasons[payload] = 1
    page = Page(shown(report, "html"))
    assert page.tags["script"] == page.tags["style"] == page.tags["title"] == 1 + _titles(page)
    assert page.tags.keys() - plain.tags.keys() <= {"details", "dl", "code", "g", "small", "title"}
    assert page.tags["img"] == 0
    assert not [name for _, has in page.elements for name in has if name.startswith("on")]
    assert "{{7*7}}" not in payload or "{{7*7}}" in page.text
    assert not re.search("[\x00\u202e\u2066]", page.text)


def _titles(page: Page) -> int:
    """What `title` elements of drawings add to the one of the head."""
    return page.tags["title"] - 1


def goal(metric: str, value: Any, **more: Any) -> Any:
    return result(metric, "percent", 3, value, **more)


@pytest.mark.parametrize(
    ("show", "progress", "drawn"),
    [
        ("bar", 80.0, "scale"),
        ("ring", 80.0, "ring"),
        ("thermometer", 80.0, "thermo"),
        ("ring", None, "scale"),  # lower is better: there is no way on which one could be
        ("thermometer", None, "thermo"),
    ],
)
def test_a_goal_is_drawn_as_asked(
    report: Report, shown: Shown, show: str, progress: float | None, drawn: str
) -> None:
    report.results = [
        goal("nps", 40.0, target=Decimal(50), rating=Rating.MISSED, progress=progress)
    ]
    report.findings, report.tables = [], {}
    report.asked = Asked(goals={"nps": GoalShape(show)})
    html = shown(report, "html")
    goals = html[html.index('class="goals"') : html.index('id="d-')]
    assert [kind for kind in ("scale", "ring", "thermo") if f'"{kind}"' in goals or
            f"chart {kind}" in goals] == [drawn]  # fmt: skip


def test_children_stand_below_their_goal(written: Written, tmp_path: Path) -> None:
    rows = "\n".join(f"C{i},2024-0{1 + i % 3}-05,100" for i in range(30))
    (tmp_path / "orders.csv").write_text(f"customer_id,date,amount\n{rows}\n", "utf-8")
    config = tmp_path / "c.yaml"
    config.write_text(
        f"""\
as_of: 2024-03-31
sources: {{transactions: {{path: {tmp_path}/orders.csv}}}}
thresholds:
  revenue: {{target: 2000}}
  repeat_purchase_rate: {{target: 50}}
  better: {{children: {{revenue: 2, repeat_purchase_rate: 1}}, show: ring}}
""",
        "utf-8",
    )
    html = written("report", "-c", str(config))
    goals = html[html.index('class="goals"') : html.index('id="headline"')]
    first, inner = goals.split("<ul>")
    assert "#k-better" in first
    assert "#k-revenue" not in first
    assert re.findall("#k-([a-z_]+)", inner) == ["revenue", "repeat_purchase_rate"]
    assert "weight 2" in inner


def test_without_script_nothing_is_hidden_but_what_needs_it(sample: str) -> None:
    hidden = [has for _, has in Page(sample).elements if "hidden" in has]
    assert [has.get("data-do") for has in hidden] == ["theme", "print"]


def test_a_card_tells_everything_without_its_chart(sample: str) -> None:
    card = sample[
        sample.index('id="k-csat"') : sample.index("</details>", sample.index('"k-csat"'))
    ]
    for words in ("76.5 %", "goal ≥ 80.0 %", "95 %: 63.2 to 86.0", "Dec 2024"):
        assert words in card
    assert card.count("<tr>") == 14


def test_html_is_for_people() -> None:
    assert "html" in FOR_PEOPLE


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals to open")
def test_a_terminal_is_told_to_name_a_file() -> None:
    done = on_a_terminal(*MONTHS, "-f", "html")
    assert done.returncode == 2
    assert "html cannot be read on a terminal" in done.stderr
    assert "-o report.html writes a file to open" in done.stderr


def test_a_pipe_gets_the_page(sample: str) -> None:
    command = [sys.executable, "-m", "crm_kpi", *MONTHS, "-f", "html", "-q"]
    done = subprocess.run(command, capture_output=True)
    assert done.stdout.decode("utf-8") == sample


@pytest.mark.parametrize(
    "words", [("--help",), ("nps", str(ROOT / "samples/surveys.csv"), "-f", "json", "-q")]
)
def test_machine_formats_and_help_import_no_template(words: tuple[str, ...]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "crm_kpi", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "crm_kpi.cli.process" in done.stderr
    assert not re.search("jinja2|markupsafe|as_html|svg", done.stderr)


def test_an_answer_of_nothing_but_segments(report: Report, shown: Shown) -> None:
    report.results = [replace(one, segment={"plan": "A"}) for one in report.results[:3]]
    report.findings = []
    assert 'id="k-retention_rate"' in shown(report, "html")


def test_a_kpi_that_is_alone_stands_open(written: Written, sample: str) -> None:
    assert '<details class="kpi" open>' in written("nps", "-c", str(CONFIG))
    assert '<details class="kpi" open>' not in sample
