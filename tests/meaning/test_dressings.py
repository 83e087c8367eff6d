"""What dressed files answer: the truth, or a refusal; never a wrong number that nobody tells."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.corpus.program import crm_kpi
from tests.meaning import orders, service, subscriptions, surveys
from tests.meaning.dressed import Dressed

KINDS: dict[str, Callable[[Random], Dressed]] = {
    "orders": orders.dress,
    "subscriptions": subscriptions.dress,
    "surveys": surveys.dress,
    "tickets": service.tickets,
    "deals": service.deals,
}
SHARES = {"orders": 45, "subscriptions": 20, "surveys": 20, "tickets": 8, "deals": 7}
"""Of each hundred."""
HUNDREDS = int(os.environ.get("CRM_KPI_DRESSINGS", "2"))
RIGHT, SAID, SILENT, REFUSED = "right", "wrong but said", "silently wrong", "refused"


def verdict(dressed: Dressed, folder: Path) -> tuple[str, str]:
    """How it ended, and what was told."""
    for name in dressed.files:
        (folder / name).write_text(dressed.written(name), encoding="utf-8")
    done = crm_kpi(*dressed.command, "-f", "json")
    assert done.code in (0, 2, 3), done.err
    if done.code:
        return REFUSED, done.err
    report = json.loads(done.out)
    values = {r["period"]: r["value"] for r in report["results"] if not r["segment"]}
    if all(
        values.get(label) == pytest.approx(float(value), rel=1e-9, abs=1e-9)
        for label, value in dressed.truth.items()
    ):
        return RIGHT, done.err
    wanted = {label: float(value) for label, value in dressed.truth.items()}
    told = f"{values}, not {wanted}\n{done.err}"
    meaning = [r for s in report["sources"].values() for r in s.get("meaning", ())]
    return (SAID if any(r["how"] != "declared" for r in meaning) else SILENT), told


def ended(kind: str, hundreds: int, folder: Path) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    stories = []
    for seed in range(hundreds * SHARES[kind]):
        dressed = KINDS[kind](Random(f"{kind} {seed}"))
        for old in folder.iterdir():
            old.unlink()
        how, told = verdict(dressed, folder)
        counts[how] += 1
        if how != RIGHT:
            stories.append(f"{how}: {kind} {seed} ({', '.join(dressed.traits)})\n{told}")
    return counts, stories


@pytest.mark.parametrize("kind", KINDS)
def test_no_dressing_is_silently_wrong(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    counts, stories = ended(kind, HUNDREDS, tmp_path)
    told = f"{dict(counts)}\n" + "\n".join(sorted(stories, reverse=True)[:5])
    assert counts[SILENT] == 0, told
    assert counts[SAID] <= 0.05 * counts.total(), told
    assert counts[RIGHT] >= 0.85 * counts.total(), told
