"""Of several answers of one customer at one moment, the later row in the file counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("given", [(9, 2), (2, 9)])
@pytest.mark.parametrize("ids", [("r9", "r10"), ("r10", "r9")])
def test_the_later_row_counts(
    crm_kpi: Run, tmp_path: Path, engine: str, given: tuple[int, int], ids: tuple[str, str]
) -> None:
    rows = (f"{one},A,{score},2024-03-04" for one, score in zip(ids, given, strict=True))
    text = "\n".join(["response_id,customer_id,score,answered_at", *rows, "r1,B,0,2024-03-04", ""])
    (tmp_path / "s.csv").write_text(text)
    words = ("nps", "s.csv", "--as-of", "2024-12-31", "--every", "all", "--engine", engine)
    done = crm_kpi(*words, "-f", "json", "--set", "definitions.nps.per=customer")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert result["components"]["promoters"] == (given[-1] == 9)
    assert "1 customer with several answers at one moment: the later row counts" in done.stderr
    assert "several answers" not in crm_kpi(*words).stderr
