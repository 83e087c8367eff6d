"""Public holidays of a country, as the package `holidays` has them (extra `crm-kpi[holidays]`).

Days off that a government gives in the stead of others (observed, bridged) are among them; what
is worked in their stead, such as a Saturday, is not told apart from other Saturdays. The package
learns such days a year at a time: an older one knows fewer of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from crm_kpi.messages import should_be, text

CODE = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
"""ISO 3166: a country, or one of its subdivisions."""


def known(place: str) -> str:
    """The place, such as VN or DE-BY.

    Raises:
        ValueError: it is none whose holidays are known, or the package is not installed.
    """
    if not CODE.fullmatch(place):
        raise ValueError(should_be(text("general.country")))
    try:
        _of(place, ())
    except NotImplementedError as error:
        raise ValueError(should_be(text("general.country"))) from error
    except ModuleNotFoundError as error:
        raise ValueError(text("general.install_holidays")) from error
    return place


def days(places: Iterable[str], years: Iterable[int]) -> frozenset[date]:
    """All public holidays of some places, which are `known`, in some years."""
    return frozenset(day for place in places for day in _of(place, years))


def _of(place: str, years: Iterable[int]) -> Any:
    """Imported here, as its import takes as long as that of polars."""
    from holidays import country_holidays

    country, _, subdivision = place.partition("-")
    return country_holidays(country, subdiv=subdivision or None, years=years)
