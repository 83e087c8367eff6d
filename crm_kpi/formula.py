"""Formulas of own KPIs: numbers and KPIs, added up, taken away, multiplied and divided.

    100 * revenue.refunds / revenue.gross

METRIC is the value of a KPI, METRIC.component a number that stands beside it. Python's parser
takes the text apart; nothing of it is run, and whatever else it may be is refused.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from crm_kpi.messages import Message, text

LONGEST = 500
"""Characters. So many parts are still computed in no time, whatever they are."""

_NUMBER = re.compile(r"[0-9]{1,38}(?:\.[0-9]{1,38})?")
_SIGNS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class Operand:
    """A number that a formula asks for.

    component: the one beside the value; None for the value itself.
    """

    metric: str
    component: str | None = None

    def __str__(self) -> str:
        return f"{self.metric}.{self.component}" if self.component else self.metric


class FormulaError(ValueError):
    """A text that is no formula."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Formula:
    """A formula that can be computed, and as it was written."""

    written: str
    tree: ast.expr

    @property
    def mentioned(self) -> list[Operand]:
        """The numbers that it asks for, as they come."""
        return [*filter(None, map(_operand, _nodes(self.tree)))]

    @property
    def operands(self) -> tuple[Operand, ...]:
        """The same, each once."""
        return tuple(dict.fromkeys(self.mentioned))

    def value(self, number: Callable[[Operand], Fraction]) -> Fraction:
        """What it comes to, exactly.

        Raises:
            ZeroDivisionError: it divides by nothing.
        """

        def of(node: ast.expr) -> Fraction:
            operand = _operand(node)
            if operand is not None:
                return number(operand)
            if isinstance(node, ast.BinOp):
                return _SIGNS[type(node.op)](of(node.left), of(node.right))
            if isinstance(node, ast.UnaryOp):
                return -of(node.operand)
            return Fraction(str(ast.get_source_segment(self.written, node)))

        return of(self.tree)


def parse(written: str) -> Formula:
    """A text as a formula.

    >>> [str(each) for each in parse("100 * revenue.refunds / revenue.gross").operands]
    ['revenue.refunds', 'revenue.gross']

    Raises:
        FormulaError: it is too long, or is something else.
    """
    written = " ".join(written.split())
    if len(written) > LONGEST:
        raise FormulaError(text("formula.too_long", most=LONGEST))
    try:
        tree = ast.parse(written, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(text("formula.cannot_be_read")) from None
    formula = Formula(written, tree)
    _refuse_others(formula)
    if not formula.operands:
        raise FormulaError(text("formula.no_metric"))
    return formula


def _nodes(tree: ast.expr) -> Iterator[ast.expr]:
    """All parts of a formula from left to right; what may not stand in one is not taken apart."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            waiting += [node.right, node.left]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            waiting.append(node.operand)


def _refuse_others(formula: Formula) -> None:
    for node in _nodes(formula.tree):
        part = str(ast.get_source_segment(formula.written, node))
        if isinstance(node, ast.BinOp):
            allowed = type(node.op) in _SIGNS
        elif isinstance(node, ast.UnaryOp):
            allowed = isinstance(node.op, ast.USub)
        elif isinstance(node, ast.Constant):
            allowed = _NUMBER.fullmatch(part) is not None
        else:
            allowed = _operand(node) is not None
        if not allowed:
            raise FormulaError(text("formula.not_allowed", part=part))


def _operand(node: ast.expr) -> Operand | None:
    if isinstance(node, ast.Name):
        return Operand(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return Operand(node.value.id, node.attr)
    return None
