"""Pictures: whole SVG and PNG of one figure, in the colours of the page."""

from __future__ import annotations

import io
import re
import struct
import sys
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crm_kpi import catalogue
from crm_kpi.cli import for_people
from crm_kpi.cli.report import about
from crm_kpi.config import Setting, load_config
from crm_kpi.engine.plan import KpiQuery, everything
from crm_kpi.engine.run import compute
from crm_kpi.errors import UsageError
from crm_kpi.render import as_image, render
from crm_kpi.render.as_html import heat_map
from crm_kpi.render.as_image import picture
from crm_kpi.render.as_image.theme import Theme
from crm_kpi.results import Report
from tests.render.conftest import HOSTILE, result

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?[0-9.]+%?")
DRAWN = ("cohorts", "survival", "concentration", "rfm", "spending", "churn_reasons", "issues",
         "pipeline", "funnel", "forecast")  # fmt: skip


@cache
def company() -> Report:
    """Every KPI and analysis of the samples, over 13 months."""
    months = [Setting(f"periods.{key}") for key in ("every=month", "from=2023-12-01", "last=13")]
    config = for_people.without_lists(load_config(ROOT / "samples" / "crm-kpi.yaml", months))
    names = [*everything(config), *for_people.analyses(config, "html")]
    return compute(config, KpiQuery(names))


def one(name: str) -> Report:
    """What is told of one KPI or analysis."""
    report = company()
    mine = [result for result in report.results if result.metric == name]
    tables = {name: report.tables[name]} if name in report.tables else {}
    return replace(report, results=mine, tables=tables)


def drawn(report: Report, language: str = "en") -> str:
    stream = io.StringIO()
    render(report, "svg", stream, about=about(report), language=language)
    return stream.getvalue()


def texts(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


KPIS = sorted(catalogue.ids(catalogue.KpiKind.SCALAR))


@pytest.mark.parametrize("name", [*KPIS, *DRAWN])
def test_every_figure_is_a_picture_that_needs_nothing_else(name: str) -> None:
    svg = drawn(one(name))
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert "var(" not in svg  # there is no page to look a colour up in
    assert "url(" not in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "preserveAspectRatio" not in svg  # strokes would be stretched along
    for element in root.iter():
        for attribute in ("x", "y", "width", "height", "cx", "cy", "r", "x1", "x2", "y1", "y2"):
            assert NUMBER.fullmatch(element.get(attribute, "0")), (element.tag, attribute)
    assert texts(svg)[0]


def test_it_says_the_value_the_period_and_the_goal() -> None:
    said = texts(drawn(one("retention_rate")))
    assert said[:4] == ["Customer retention rate", "98.2 %", "▲", "+0.1 pts"]
    assert said[4] == "Dec 2024 · from 98.2 % · goal ≥ 90.0 % · 95 %: 95.9 to 99.2"


def test_it_speaks_vietnamese() -> None:
    said = texts(drawn(one("retention_rate"), "vi"))
    assert said[:2] == ["Tỷ lệ giữ chân khách hàng", "98,2 %"]
    assert said[4].startswith("Tháng 12/2024 · trước đó 98,2 % · mục tiêu ≥ 90,0 %")


def test_a_kpi_of_answers_shows_them_below_its_line() -> None:
    said = texts(drawn(one("nps")))
    assert "Who would recommend us?" in said
    assert {"promoters", "passives", "detractors"} <= {*said}


def test_lines_go_where_the_dots_are() -> None:
    """What the page stretches is moved by hand: its corners lie under the dots."""
    root = ElementTree.fromstring(drawn(one("revenue")))
    plot = next(each for each in root.iter(f"{SVG}svg") if each.get("x"))
    wide = float(plot.get("width") or 0)
    (line,) = (p for p in plot.iter(f"{SVG}path") if p.get("class") == "line")
    corners = [float(x) for x in re.findall(r"[ML]([-0-9.]+) ", line.get("d") or "")]
    dots = [float((c.get("cx") or "").rstrip("%")) for c in plot.iter(f"{SVG}circle")]
    assert corners == pytest.approx([wide * dot / 100 for dot in dots], abs=0.2)


def test_several_kpis_are_a_tile_each() -> None:
    report = company()
    svg = drawn(replace(report, tables={}))
    said = texts(svg)
    assert said[0] == "Customer report"
    assert {"98.2 %", "76.5 %", "Revenue", "287M ₫"} <= {*said}
    assert svg.count('rx="12"') == 8


def test_segments_stand_below_as_bars_unless_one_is_below_zero() -> None:
    def by(value: int) -> Report:
        rows = [result("nps", "points", 1, Decimal(v), segment=s, n=9) for s, v in
                (({}, 20), ({"region": HOSTILE}, 30), ({"region": None}, value))]  # fmt: skip
        return replace(one("nps"), results=rows)

    assert "(blank)" in texts(drawn(by(10)))
    assert "(blank)" not in texts(drawn(by(-10)))


def test_a_hostile_name_stays_a_text() -> None:
    report = one("spending")
    rows = [{**row, next(iter(row)): HOSTILE} for row in report.tables["spending"]]
    svg = drawn(replace(report, tables={"spending": rows}))
    root = ElementTree.fromstring(svg)
    assert {each.tag for each in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "style", "rect", "text", "tspan", "title", "line", "g")
    }
    assert "\x1b" not in svg
    assert "\u202e" not in svg


def test_dark_is_another_ground_with_the_same_words() -> None:
    light = drawn(one("mrr"))
    report = one("mrr")
    dark = drawn(replace(report, asked=replace(report.asked, theme="dark")))
    assert texts(light) == texts(dark)
    assert Theme(dark=False).colour("card") in light
    assert Theme(dark=True).colour("card") in dark


def test_the_style_has_every_colour_that_drawings_use() -> None:
    for dark in (False, True):
        style = Theme(dark=dark).style
        assert "var(" not in style
        assert all(f".h{depth} {{ fill: #" in style for depth in range(heat_map.STEPS))


def test_wide_cohorts_make_a_wide_picture() -> None:
    rows = one("cohorts").tables["cohorts"]
    first = next(row for row in rows if row["offset"] == 1)
    long = [{**first, "offset": offset} for offset in range(61)]
    root = ElementTree.fromstring(drawn(replace(one("cohorts"), tables={"cohorts": long})))
    assert float(root.get("width") or 0) > picture.WIDTH


def test_the_same_answer_is_the_same_picture() -> None:
    assert drawn(one("nps")) == drawn(one("nps"))
    assert png(one("nps")) == png(one("nps"))


def skip_without_letters() -> None:
    """A PNG needs the library and a font; a machine without them refuses it, which is tested."""
    pytest.importorskip("resvg_py")
    if not as_image._has_letters():
        pytest.skip("no font with Vietnamese letters is here")


def png(report: Report) -> bytes:
    skip_without_letters()
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "utf-8")
    render(report, "png", stream, about=about(report))
    return raw.getvalue()


def test_a_png_is_twice_as_fine_as_its_svg() -> None:
    written = png(one("retention_rate"))
    assert written.startswith(b"\x89PNG\r\n\x1a\n")
    wide, _ = struct.unpack(">II", written[16:24])
    assert wide == as_image.ZOOM * picture.WIDTH


def test_several_analyses_are_no_picture() -> None:
    report = company()
    two = {name: report.tables[name] for name in ("cohorts", "funnel")}
    for several in (replace(report, results=[], tables=two), replace(one("nps"), tables=two)):
        with pytest.raises(UsageError, match="one figure") as caught:
            drawn(several)
        assert "charts/" in str(caught.value.hint)


def test_a_table_is_no_picture() -> None:
    with pytest.raises(UsageError, match="team is a table"):
        drawn(one("team"))
    assert not as_image.is_drawn(company(), "team")
    assert as_image.is_drawn(company(), "cohorts")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match="not installed") as caught:
        render(one("nps"), "png", io.TextIOWrapper(io.BytesIO()), about=about(one("nps")))
    assert "crm-kpi[images]" in str(caught.value.hint)


def test_without_a_font_it_writes_no_picture_without_text(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(as_image, "FONTS", "No Such Font")
    as_image._has_letters.cache_clear()
    stream = io.TextIOWrapper(io.BytesIO())
    with pytest.raises(UsageError, match="no font"):
        render(one("nps"), "png", stream, about=about(one("nps")))
    as_image._has_letters.cache_clear()
