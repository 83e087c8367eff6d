"""Formulas: what may stand in one, and what one comes to."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_kpi.formula import LONGEST, FormulaError, parse

NUMBERS = {"a": Fraction(7), "b": Fraction(2), "a.part": Fraction(3), "none": Fraction(0)}


def value(written: str) -> Fraction:
    return parse(written).value(lambda operand: NUMBERS[str(operand)])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a", 7),
        ("100 * a.part / a", Fraction(300, 7)),
        ("a - b - b", 3),
        ("a - (b - b)", 7),
        ("-a + 0.1 * b", Fraction(-68, 10)),
        ("a * 0.12345678901234567890", Fraction(7 * 12345678901234567890, 10**20)),
        ("a\n  / b", Fraction(7, 2)),
        ("- - a", 7),
    ],
)
def test_it_is_exact(written: str, expected: Fraction) -> None:
    assert value(written) == expected


def test_each_number_is_asked_for_once() -> None:
    formula = parse("a.part / (a.part + b) - a")
    assert [str(operand) for operand in formula.operands] == ["a.part", "b", "a"]


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("a ** b", "a ** b"),
        ("9**9**9 + a", "9**9**9"),
        ("a // b", "a // b"),
        ("+a", "+a"),
        ("not a", "not a"),
        ("round(a)", "round(a)"),
        ("__import__('os').system('id')", "__import__('os').system('id')"),
        ("a.__class__.__mro__", "a.__class__.__mro__"),
        ("a[0]", "a[0]"),
        ("a if b else a", "a if b else a"),
        ("a < b", "a < b"),
        ("[a for a in b]", "[a for a in b]"),
        ("(a := b)", "a := b"),
        ("lambda: a", "lambda: a"),
        ("f'{a}'", "f'{a}'"),
        ("a + 'x'", "'x'"),
        ("a + 1e400", "1e400"),
        ("a + 0x10", "0x10"),
        ("a + 1_000", "1_000"),
        ("a + 1j", "1j"),
        ("a + True", "True"),
        ("a, b", "a, b"),
    ],
)
def test_nothing_else_may_stand_in_one(written: str, part: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(written)
    assert caught.value.message == f"{part} may not stand in a formula"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "is no formula"),
        ("a +", "is no formula"),
        ("a = b", "is no formula"),
        ("a; b", "is no formula"),
        ("(" * 250 + "a", "is no formula"),
        ("a\0", "is no formula"),
        ("1 + 1", "names no KPI"),
        ("a" + " + a" * LONGEST, f"is longer than {LONGEST} characters"),
    ],
)
def test_what_is_none(written: str, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(written)
    assert caught.value.message == message


def test_the_longest_is_computed() -> None:
    assert value("-" * (LONGEST - 1) + "a") == -7
    assert value("a*" * (LONGEST // 2 - 1) + "a") == 7 ** (LONGEST // 2)


def test_nothing_is_divided_by_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        value("a / none")


@given(st.text(alphabet="ab.+-*/() 01", max_size=40))
def test_any_text_is_one_or_is_refused(written: str) -> None:
    try:
        formula = parse(written)
    except FormulaError:
        return
    assert parse(formula.written).operands == formula.operands
