"""Blocks of signatures, and rows that are none."""

from __future__ import annotations

import pytest

from tests.sources.conftest import read

HEAD = "customer_id,signup_date,name,city\n"


@pytest.mark.parametrize("day", ["{} Feb 2024", "Feb {}, 2024", "2024-02-{:02}", "{:02}/02/2024"])
def test_rows_below_a_row_that_seems_to_sign_are_rows(day: str) -> None:
    rows = [f'K{n},"{day.format(n)}",An,Hue\n' for n in range(1, 29)]
    loaded = read(
        "customers", HEAD + "".join(rows[:14]) + "Firma Beck,,,Kiel\n" + "".join(rows[14:])
    )
    assert (loaded.audit.used, loaded.audit.skipped) == (28, 0)
    assert loaded.audit.rejected == 1


def test_a_block_may_say_when_it_was_printed() -> None:
    block = ",,,\nFirma:,,Contador,\nAna Gil,,Luis Paz,\nPrinted at 14:05 on 2024-03-01,,,\n"
    loaded = read("customers", f"{HEAD}A,2024-01-01,An,Hue\nB,2024-01-02,Bo,Hue\n{block}")
    assert (loaded.audit.used, loaded.audit.rejected) == (2, 0)
