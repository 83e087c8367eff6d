"""Lengths of time."""

from __future__ import annotations

import subprocess
import sys
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from crm_kpi.durations import Duration, parse_duration


@pytest.mark.parametrize(
    ("text", "duration", "written"),
    [
        ("90d", Duration(days=90), "90d"),
        ("0d", Duration(days=0), "0d"),
        ("1 day", Duration(days=1), "1d"),
        ("2 weeks", Duration(days=14), "14d"),
        ("12 months", Duration(months=12), "12 months"),
        ("1 Month", Duration(months=1), "1 month"),
        ("2y", Duration(months=24), "24 months"),
        ("48h", Duration(seconds=172_800), "48h"),
        ("30m", Duration(seconds=1800), "30m"),
        (" 90 minutes ", Duration(seconds=5400), "90m"),
        ("60min", Duration(seconds=3600), "1h"),
    ],
)
def test_each_unit(text: str, duration: Duration, written: str) -> None:
    assert parse_duration(text) == duration
    assert str(duration) == written


@pytest.mark.parametrize("text", ["", "90", "d", "-3d", "1.5h", "90 d 3h", "3 moons", "1e3d"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="should be a length of time such as 90d"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["366001d", "99999999 weeks", "12001 months", "1001y", "9999999h"])
def test_more_than_a_thousand_years_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="at most a thousand years"):
        parse_duration(text)


@given(st.integers(0, 1000), st.sampled_from(["d", "weeks", "months", "y", "h", "m"]))
def test_what_is_written_reads_back(number: int, unit: str) -> None:
    duration = parse_duration(f"{number}{unit}")
    assert parse_duration(str(duration)) == duration
    assert sum(part is not None for part in duration) == 1


class Model(BaseModel):
    window: Literal["period"] | Duration = Duration(days=90)
    per_priority: Duration | dict[str, Duration] | None = None


def test_as_a_field_of_a_model() -> None:
    model = Model.model_validate({"window": "12 months", "per_priority": {"high": "4h"}})
    assert model.window == Duration(months=12)
    assert model.model_dump(mode="json") == {"window": "12 months", "per_priority": {"high": "4h"}}
    assert Model.model_validate({"window": "period"}).window == "period"
    schema = Model.model_json_schema()["properties"]["window"]
    assert schema["default"] == "90d"
    assert {part["type"] for part in schema["anyOf"]} == {"string"}
    with pytest.raises(ValidationError, match="should be a length of time"):
        Model.model_validate({"window": "90"})


def test_pydantic_is_not_imported() -> None:
    code = "import sys, crm_kpi.durations; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
