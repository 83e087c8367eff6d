"""The page in a real browser: offline, on a phone, on paper, by keyboard, without a script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from .conftest import AXE, SAMPLE, Opened, PageFile

LANGUAGES = ("en", "vi")
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_it_asks_for_nothing_and_says_nothing(opened: Opened, page_file: PageFile) -> None:
    page = opened(page_file())
    page.wait_for_load_state("networkidle")
    assert page.told == [page_file().as_uri()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everybody_can_read_it(
    opened: Opened, page_file: PageFile, language: str, dark: bool, width: int
) -> None:
    if AXE is None:
        pytest.skip("axe-core is not here: install the extra browser")
    page = opened(page_file("--language", language), width, dark=dark, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((one, n) => { one.open = n < 6 })")
    page.add_script_tag(path=str(AXE))
    rules = {"runOnly": {"type": "tag", "values": ALL_RULES}, "resultTypes": ["violations"]}
    answer = page.evaluate("rules => axe.run(document, rules)", rules)
    assert [_told(one) for one in answer["violations"]] == []


def _told(violation: dict[str, Any]) -> tuple[str, int, str]:
    nodes = violation["nodes"]
    return violation["id"], len(nodes), f"{nodes[0]['html'][:200]} {nodes[0]['failureSummary']}"


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
@pytest.mark.parametrize("more", [(), ("--by", "segment"), ("--language", "vi")])
def test_it_never_scrolls_sideways(
    opened: Opened, page_file: PageFile, width: int, more: tuple[str, ...]
) -> None:
    page = opened(page_file(*more), width)
    page.evaluate(OPEN_ALL)
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert beyond <= 0


def test_what_scrolls_in_itself_takes_focus(opened: Opened, page_file: PageFile) -> None:
    page = opened(page_file(), 390)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(
        """[...document.querySelectorAll('.scroll')].filter(one =>
            one.scrollWidth > one.clientWidth && one.tabIndex !== 0).length"""
    ) == 0  # fmt: skip


def test_without_a_script_everything_is_there(opened: Opened, page_file: PageFile) -> None:
    page = opened(page_file(), java_script_enabled=False)
    card = page.locator("summary#k-csat")
    assert card.is_visible()
    table = page.locator("summary#k-csat + .more table").first
    assert not table.is_visible()
    card.click()
    assert table.is_visible()
    assert not page.locator("button").first.is_visible()
    assert page.locator("#numbers tbody tr").count() > 40


def test_a_link_opens_its_card(opened: Opened, page_file: PageFile) -> None:
    page = opened(page_file())
    page.locator("#attention a[href='#k-csat']").first.click()
    assert page.locator("summary#k-csat + .more").is_visible()
    assert page.locator("summary#k-csat").bounding_box()["y"] < 200


def column(page: Any, place: int) -> list[str]:
    keys: list[str] = page.eval_on_selector_all(
        f"#numbers tbody tr td:nth-of-type({place})", "cells => cells.map(one => one.dataset.k)"
    )
    return keys


def test_numbers_are_sorted_by_keyboard(opened: Opened, page_file: PageFile) -> None:
    page = opened(page_file())
    heading = page.locator("#numbers th").nth(2)
    heading.locator("button").focus()
    for ends, backwards in (("ascending", False), ("descending", True)):
        page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == ends
        keys = column(page, 2)
        known = [float(key) for key in keys if key]
        assert known == sorted(known, reverse=backwards)
        assert len(known) > 30
        assert not any(keys[len(known) :])  # what has no value stands last


def test_words_are_sorted_as_the_language_does(opened: Opened, page_file: PageFile) -> None:
    page = opened(page_file("--language", "vi"))
    page.locator("#numbers th button").first.click()
    names = page.locator("#numbers tbody th").all_text_contents()
    in_order = page.evaluate("names => [...names].sort((a, b) => a.localeCompare(b, 'vi'))", names)
    assert names == in_order
    assert names != sorted(names)


def test_the_other_theme_is_kept(opened: Opened, page_file: PageFile) -> None:
    page = opened(page_file())
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("[data-do=theme]").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_prints_light_on_few_sheets(opened: Opened, page_file: PageFile, dark: bool) -> None:
    page = opened(page_file(), dark=dark)
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 10
    page.emulate_media(media="print", color_scheme="dark" if dark else "light")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert sum(map(int, re.findall(r"\d+", ink))) < 200
    assert not page.locator("nav").is_visible()


def test_hostile_text_stays_text(opened: Opened, page_file: PageFile, tmp_path: Path) -> None:
    payloads = (
        "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
        "<svg onload=alert(1)>", "javascript:alert(1)", "{{7*7}}", "a\u202eb",
    )  # fmt: skip
    lines = [
        f'"{p.replace(chr(34), chr(34) * 2)}{n}",2024-0{1 + n % 3}-05,100,'
        f'"{p.replace(chr(34), chr(34) * 2)}"'
        for n in range(24)
        for p in payloads
    ]
    orders = tmp_path / "orders.csv"
    orders.write_text("\n".join(["customer_id,date,amount,category", *lines, ""]), "utf-8")
    path = page_file(
        "--set", "report.lists=true", "--set", f'report.title="{payloads[2]}"', "--by", "category",
        words=("report", "--transactions", str(orders), "--as-of", "2024-03-31"),
    )  # fmt: skip
    page = opened(path)
    page.evaluate(OPEN_ALL)
    assert page.told == [path.as_uri()]
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.locator("h1").text_content() == payloads[2]


def test_it_is_there_at_once(opened: Opened, page_file: PageFile) -> None:
    page = opened(page_file())
    took = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert took < 2000  # a quarter of that on an idle machine


@pytest.mark.usefixtures("chromium_path")
def test_it_is_printed_as_pdf(page_file: PageFile) -> None:
    """By the program itself, with the browser that is here."""
    printed = page_file("-f", "pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert 1 < printed.count(b"/Type /Page\n") <= 10


def test_a_picture_is_svg_that_a_browser_shows(opened: Opened, page_file: PageFile) -> None:
    config = ("-c", SAMPLE[2])
    page = opened(page_file(words=("nps", *config, "-f", "svg")).with_suffix(".html"))
    assert page.evaluate("document.querySelectorAll('svg text').length") > 5
    assert page.told == [page.url]
