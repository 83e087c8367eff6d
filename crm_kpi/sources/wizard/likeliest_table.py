"""Which table a file is: its headers say it, or its name, or somebody who is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crm_kpi import messages
from crm_kpi.addresses import shown_path
from crm_kpi.errors import DataError
from crm_kpi.sources.mapping import headers
from crm_kpi.sources.mapping.detect_table import Fit, fits_none
from crm_kpi.sources.names import key
from crm_kpi.sources.wizard.ambiguity import Choice, Prompt

_RETURNS = ("trahang", "hoantien", "refund", "returns", "creditnote", "gutschrift", "avoirs")
_SALES = ("donhang", "banhang", "hoadon", "orders", "sales")
"""What files of either are called."""


class NoTable(DataError):
    """A file that is no table, or is left out."""

    def __init__(self, message: str, *, hint: str | None = None, fits: Sequence[Fit] = ()) -> None:
        """`fits` are the tables that it may be all the same."""
        super().__init__(message, hint=hint)
        self.fits = fits


def likeliest(path: str, every: Sequence[Fit], ask: Prompt) -> Fit:
    """The table that the file is, if its headers, or else its name, tell."""
    whole = [fit for fit in every if not fit.missing]
    near = [fit for fit in every if len(fit.missing) == 1 and fit.score >= 2]
    if not whole:
        if not near:
            none = fits_none(path, every[0].headers).message
            raise NoTable(none, fits=every[:1])
        return near[0]
    best, *others = whole
    likelier = [fit for fit in near if _outweighs(fit, best)]
    if likelier:
        return likelier[0]
    rivals = [fit for fit in others if (fit.score, fit.named) == (best.score, best.named)]
    if not rivals:
        return best
    choices = [best, *rivals]
    what = messages.text("wizard.fits_several", path=path, headers=headers.listed(best.headers))
    option = f"--{best.table.replace('_', '-')}"
    hint = messages.text("wizard.give_table", option=option, path=path)
    sales = {fit.table for fit in choices} == {"transactions", "costs"}
    answer = ask(Choice(what, tuple(fit.table for fit in choices), hint, open=not sales))
    if answer is None:
        raise NoTable(what, hint=hint, fits=choices)
    return choices[answer]


def _outweighs(near: Fit, whole: Fit) -> bool:
    """Whether a table that lacks one column is the likelier: it knows twice as many headers, or
    nearly as many and the file is called like it. Returns are no customers, whose id and day
    they have."""
    if near.score >= 2 * whole.score:
        return True
    return near.named and not whole.named and near.score >= whole.score - 1


def of_returns(path: str) -> bool:
    """Whether a file is called like the returns that stand beside a file of sales."""
    name = key(Path(shown_path(path)).stem)
    return any(word in name for word in _RETURNS) and not any(word in name for word in _SALES)
