"""Words of a status column that say who left, where a list has no yes or no for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_kpi.engine.customer_lists import LIST
from crm_kpi.errors import DataError
from crm_kpi.sources.mapping.customer_status import with_churned
from crm_kpi.sources.spec import SourceSpec


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def spec(old: str, new: str | None = None, **declared: object) -> SourceSpec:
    Path("old.csv").write_text(old, encoding="utf-8")
    Path("new.csv").write_text(new or old, encoding="utf-8")
    block = SourceSpec("customers", (), **declared)  # type: ignore[arg-type]
    return with_churned(["old.csv", "new.csv"], LIST, block)


def test_known_words_of_both_lists() -> None:
    found = spec("customer_id,Trạng thái\nA,Đang hoạt động\nB,\n",
                 "customer_id,TRẠNG THÁI\nA,Ngừng hoạt động\n")  # fmt: skip
    assert found.columns == {"churned": "Trạng thái"}
    assert found.values == {"churned": {"Ngừng hoạt động": "yes", "Đang hoạt động": "no"}}


@pytest.mark.parametrize(
    "content",
    [
        "customer_id,churned,status\nA,no,VIP\n",  # a yes or no says it
        "customer_id,churn_date,status\nA,,VIP\n",  # a date does
        "customer_id,name\nA,An\n",
        "customer_id,status,state\nA,active,Bayern\n",  # two that could be it
    ],
)
def test_a_status_that_is_not_needed_or_not_there(content: str) -> None:
    assert spec(content) == SourceSpec("customers", ())


def test_a_declared_column_comes_first() -> None:
    declared = {"churned": "gone"}
    assert spec("customer_id,gone,status\nA,no,active\n", columns=declared).columns == declared


def test_a_word_that_nobody_knows_is_open() -> None:
    with pytest.raises(DataError) as caught:
        spec("customer_id,Status\nA,Active\nB,Churned\nC,Dormant\n")
    assert str(caught.value) == (
        "old.csv: whether a customer with the Status 'Dormant' has left is open"
    )
    assert caught.value.hint == (
        "say yes for those who left: --set 'sources.customers.columns.churned=\"Status\"' "
        '--set \'sources.customers.values.churned={"Active": "no", "Churned": "yes", '
        '"Dormant": "no"}\''
    )
