from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_kpi.results import Report

Shown = Callable[..., str]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a|b", r"a\|b"),
        ("a\\|b", r"a\\\|b"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("AT&T &lt;", "AT&amp;T &amp;lt;"),
        ("a\nb", "a␊b"),
        ("[x](javascript:y)", r"\[x\](javascript:y)"),
        ("*a* `b` ~~c~~ $d$", r"\*a\* \`b\` \~\~c\~~ \$d\$"),
        ("_a_ snake_case", r"\_a\_ snake_case"),
        ("\x1b[31m", r"␛\[31m"),
    ],
)
def test_data_is_not_markup(text: str, cell: str, report: Report, shown: Shown) -> None:
    report.results, report.tables = [], {"rfm": [{"segment": text}]}
    assert shown(report, "markdown").splitlines()[-1] == f"| {cell} |"


def test_every_row_has_as_many_cells_as_its_header(report: Report, shown: Shown) -> None:
    bars = 0
    for line in shown(report, "markdown").splitlines():
        if not line.startswith("|"):
            bars = 0
            continue
        found = line.replace("\\\\", "").replace("\\|", "").count("|")
        bars = bars or found
        assert found == bars


def test_skipped_metrics_are_listed_when_asked_for(report: Report, shown: Shown) -> None:
    assert "no tickets source" not in shown(report, "markdown")
    assert "- fcr: no tickets source" in shown(report, "markdown", verbose=True)
    report.results, report.tables = [], {}
    assert "- fcr: no tickets source" in shown(report, "markdown")
