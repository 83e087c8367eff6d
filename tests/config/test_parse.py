"""Files that are not YAML, or more than a config needs: one fault, with its line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.config.parse import parse
from crm_kpi.config.tree import Place
from crm_kpi.errors import ConfigError, Problem

Faults = Callable[..., list[Problem]]

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "line", "reason", "hint"),
    [
        (BOMB, 1, "anchors (&) and aliases (*) are not accepted at a", "write the value out"),
        ("currency: *x\n", 1, "are not accepted at currency", "in quotes"),
        ("a: !!python/object:os.system x\n", 1, "tags such as", "write the plain value"),
        ("a: !x 1\n", 1, "tags such as", "write the plain value"),
        ("periods:\n\tevery: day\n", 2, "a tab where only spaces", "indent with spaces"),
        ("a: 1\ndates: %d/%m/%Y\n", 2, "'%' that cannot start", "in quotes"),
        ("values:\n  x: {a: b, *: c}\n", 2, "that starts a text", 'quotes: "*"'),
        ("a: b: c\n", 1, "a ':' where none may stand", "indentation"),
        ("a: 1\n b: 2\n", 2, "a ':' where none may stand", "indentation"),
        ("a: 1\nb\nc: 2\n", 2, "a key without ':'", "KEY: VALUE"),
        ('path: "C:\\data"\n', 1, "a backslash", "single quotes"),
        ("a: 1\nb: 'x\nc: 2\n", 2, "a quote that is never closed", "close the quote"),
        ("a: 1\nb: [1,\nc: 2\n", 2, "a list that is never closed", "]"),
        ("a: 1\nb: {x: 1\n", 2, "a block that is never closed", "}"),
        ("a:\n  - b\n c: 1\n", 3, "does not fit the ones above", "indentation"),
        (" a: 1\nb: 2\n", 2, "does not fit the ones above", "indentation"),
        ("a: {b: [}\n", 1, "a value that is not there", "brackets"),
        ("a: 1\n---\nb: 2\n", 2, "starts a second document", "---"),
        ("? [a]\n: b\n", 1, "a key must be a single word", ""),
        ("a: 1\nb: \x07\n", 2, "the control character U+0007", ""),
        ("- currency: VND\n", 1, "should hold KEY: VALUE lines", ""),
        ("currency\n", 1, "should hold KEY: VALUE lines", ""),
        ("[" * 100_000, 1, "nested more than 20 levels", ""),
        ("a: [" + "x," * 100_000 + "]", 1, "holds more than 20,000 values", ""),
        ("".join(f"k{n}:\n" for n in range(30_000)), 20_000, "holds more than 20,000 values", ""),
        (b"a: 1\nb: caf\xe9\n", 2, "is not UTF-8 text", "UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "is not UTF-8 text", "UTF-8"),
        (b"#" * (1 << 20) + b"#", None, "is larger than 1 MiB", ""),
    ],
)
def test_one_fault(
    faults: Faults, content: str | bytes, line: int | None, reason: str, hint: str
) -> None:
    (problem,) = faults(content)
    assert problem.line == line
    assert reason in problem.reason
    assert hint in (problem.hint or "")


def test_the_largest_file_is_read(faults: Faults) -> None:
    (problem,) = faults(b"a: 1\n" + b"#" * ((1 << 20) - 5))
    assert problem.reason == "unknown key"


def test_duplicate_keys_are_all_found_and_the_rest_is_still_checked(faults: Faults) -> None:
    problems = faults("""currency: VND
currency: USD
periods:
  every: day
  evry: 1
  every: week
sources: {customers: {path: a, path: b}}
""")
    assert [(p.line, p.column, p.reason) for p in problems] == [
        (2, "currency", "key given twice"),
        (5, "periods.evry", "unknown key"),
        (6, "periods.every", "key given twice"),
        (7, "sources.customers.path", "key given twice"),
    ]
    assert problems[0].hint == "it stands on line 1 already; keep one of them"


@given(st.text(alphabet=st.sampled_from("ab1:-[]{},#&*!|>'\"%@`?~<= \t\n\x07é\u2028"), max_size=60))
def test_any_text_is_a_tree_or_one_fault(text: str) -> None:
    try:
        parse(text, lambda line: Place("x", line))
    except ConfigError as error:
        (problem,) = error.problems
        assert (problem.line or 0) >= 1
