"""Conditions as narwhals expressions, for every dataframe engine."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import narwhals.stable.v2 as nw

from crm_kpi.conditions import (
    AllTrue,
    AnyTrue,
    ColumnRef,
    Compare,
    Condition,
    Flag,
    InSet,
    IsNull,
    Not,
    Operator,
)

_OPERATORS: Mapping[Operator, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


def expression(condition: Condition) -> nw.Expr:
    """The condition as a Boolean expression, null where it is unknown."""
    match condition:
        case Compare(left, sign, ColumnRef(name)):
            return _boolean(_OPERATORS[sign](nw.col(left), nw.col(name)))
        case Compare(left, sign, right):
            return _boolean(_OPERATORS[sign](nw.col(left), right))
        case InSet(column, values, ignore_case):
            value = nw.col(column)
            return (value.str.to_lowercase() if ignore_case else value).is_in(values)
        case IsNull(column):
            return nw.col(column).is_null()
        case Flag(column):
            return nw.col(column)
        case Not(inner):
            return ~expression(inner)
        case AllTrue(conditions):
            return reduce(operator.and_, map(expression, conditions))
        case AnyTrue(conditions):
            return reduce(operator.or_, map(expression, conditions))
    raise NotImplementedError(condition)


def _boolean(compared: Any) -> nw.Expr:
    assert isinstance(compared, nw.Expr)
    return compared
