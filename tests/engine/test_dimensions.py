"""Dimensions: a file beside a column, whose own columns split, filter and judge."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import crm_kpi
from crm_kpi.errors import CrmKpiError, DataError, UsageError

DEALS = """opportunity_id,created_at,closed_at,outcome,amount,owner,customer_id
1,2024-01-02,2024-01-31,won,2,An,A
2,2024-01-02,2024-01-31,lost,5,Bình,A
3,2024-01-02,2024-01-30,won,3,Chi,B
4,2024-01-02,2024-01-30,won,3,Chi,B
5,2024-01-02,2024-01-30,won,3,Dung,B
6,2024-01-02,2024-01-30,won,3,,B
"""
TEAMS = "Owner,Team,Area\nAn,North,1\nBình,South,2\nAn,North,1\n"
ENGINES = pytest.mark.parametrize("engine", ["polars", "duckdb"])


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("deals.csv").write_text(DEALS, encoding="utf-8")
    Path("teams.csv").write_text(TEAMS, encoding="utf-8")


def ask(
    *metrics: str,
    dimensions: Mapping[str, Any] | None = None,
    set: Mapping[str, Any] | None = None,
    **how: Any,
) -> crm_kpi.Answer:
    wanted = {"dimensions": dimensions or {"owner": "teams.csv"}, "as_of": "2024-12-31"}
    files = how if "customers" in how else {"opportunities": "deals.csv"} | how
    return crm_kpi.report(*(metrics or ("win_rate",)), every="all", set=wanted | dict(set or {}),
                          **files)  # fmt: skip


def segments(answer: crm_kpi.Answer, column: str = "team") -> dict[str | None, tuple[Any, int]]:
    return {r.segment[column]: (r.value, r.n) for r in answer.results if r.segment}


@ENGINES
def test_the_columns_of_the_file_split_the_table(engine: str) -> None:
    answer = ask(by="team", engine=engine)
    assert segments(answer) == {"North": (100, 1), "South": (0, 1), None: (100, 4)}
    assert answer.report.notes == [
        "3 rows have values of owner that teams.csv lacks, and are blank there: Chi, Dung"
    ]


@ENGINES
def test_they_filter_and_may_be_used_together(engine: str) -> None:
    answer = ask(by=["owner", "Team"], where={"area": "2"}, engine=engine)
    assert [(r.segment, r.n) for r in answer.results if r.segment] == [
        ({"owner": "Bình", "Team": "South"}, 1)
    ]
    with pytest.raises(UsageError, match="no row has team=Norht") as caught:
        ask(where={"team": "Norht"}, engine=engine)
    assert caught.value.hint == "did you mean 'North'?"


@ENGINES
def test_goals_are_judged_by_them(engine: str) -> None:
    goals = {"win_rate": {"by": "team", "target": {"North": 90, "*": 50}}}
    answer = ask(set={"thresholds": goals}, engine=engine)
    ratings = {r.segment["team"]: r.rating for r in answer.results if r.segment}
    assert ratings == {"North": "met", "South": "missed", None: "met"}


@ENGINES
def test_customers_hand_them_on_to_their_rows(engine: str) -> None:
    Path("customers.csv").write_text(
        "customer_id,signup_date,owner\nA,2024-01-01,An\nB,2024-01-01,Bình\n", encoding="utf-8"
    )
    Path("sales.csv").write_text(
        "customer_id,date,amount\nA,2024-01-05,5\nB,2024-01-05,7\nB,2024-01-06,1\n"
    )
    answer = ask("revenue", by="team", customers="customers.csv", transactions="sales.csv",
                 engine=engine)  # fmt: skip
    assert {s: value for s, (value, _) in segments(answer).items()} == {"North": 5, "South": 8}
    assert answer.report.notes == []


@ENGINES
def test_ids_have_dimensions_too(engine: str) -> None:
    Path("groups.csv").write_text("customer_id,group\nA,old\nB,new\n")
    answer = ask(by="group", dimensions={"customer_id": "groups.csv"}, engine=engine)
    assert segments(answer, "group") == {"old": (50, 2), "new": (100, 4)}


def test_a_column_of_the_file_that_is_ours_by_no_name() -> None:
    Path("deals.csv").write_text(DEALS.replace("owner", "Khu vực"), encoding="utf-8")
    Path("teams.csv").write_text("khu vuc,team\nAn,North\n", encoding="utf-8")
    answer = ask(by="team", dimensions={"Khu vực": "teams.csv"})
    assert segments(answer) == {"North": (100, 1), None: (80, 5)}


def test_the_key_is_the_column_of_that_name_or_an_alias_or_named_or_the_first() -> None:
    for content, dimension in (
        ("team,owner\nNorth,An\n", "teams.csv"),
        ("team,Sales rep\nNorth,An\n", "teams.csv"),
        ("team,who\nNorth,An\n", {"path": "teams.csv", "key": "who"}),
    ):
        Path("teams.csv").write_text(content)
        answer = ask(by="team", dimensions={"owner": dimension})
        assert segments(answer)["North"] == (100, 1)
        assert len(answer.report.notes) == 1
    Path("teams.csv").write_text("who,team\nAn,North\n")
    answer = ask(by="team")
    assert segments(answer)["North"] == (100, 1)
    assert answer.report.notes[0] == "teams.csv: its first column, 'who', is taken for owner"


def test_a_file_is_read_where_one_of_its_columns_may_be_asked_for() -> None:
    Path("teams.csv").unlink()
    assert ask().value("win_rate")
    with pytest.raises(DataError, match=r"teams\.csv: no such file"):
        ask(by="team")


def refusal(content: str, by: str = "team", **how: Any) -> CrmKpiError:
    Path("teams.csv").write_text(content, encoding="utf-8")
    with pytest.raises(CrmKpiError) as caught:
        ask(by=by, **how)
    return caught.value


def test_a_key_twice_with_other_content_and_a_blank_one() -> None:
    error = refusal("owner,team\nAn,North\nAn,North\nBình,x\nAn,South\n,y\n")
    assert isinstance(error, DataError)
    found = [(p.line, p.column, p.value, str(p.reason)) for p in error.problems]
    assert found == [
        (5, "owner", "An", "stands with other content on line 2"),
        (6, "owner", None, "blank required value"),
    ]


def test_two_columns_that_can_be_the_key() -> None:
    error = refusal("sales rep,account manager,team\nAn,An,North\n")
    assert "'sales rep' and 'account manager' can both be owner" in str(error)
    assert error.hint == 'say which: dimensions.owner.key: "sales rep"'


def test_a_file_of_one_column_and_a_ragged_one() -> None:
    assert "has no column beside that of owner" in str(refusal("owner\nAn\n"))
    (problem,) = refusal("owner,team\nAn\n").problems
    assert (problem.path, problem.line) == ("teams.csv", 2)


def test_a_column_that_the_table_has_already() -> None:
    error = refusal("owner,team,Amount\nAn,North,1\n")
    assert isinstance(error, UsageError)
    assert str(error) == "teams.csv: opportunities has a column Amount already"
    assert error.hint == ('give it another name there, or take the others alone: dimensions.owner: '
                          '{path: ..., columns: ["team"]}')  # fmt: skip
    answer = ask(by="team", dimensions={"owner": {"path": "teams.csv", "columns": ["team"]}})
    assert segments(answer)["North"] == (100, 1)
    error = refusal("owner,team\nAn,North\n", dimensions={"owner": {"path": "teams.csv",
                    "columns": ["teem"]}})  # fmt: skip
    assert error.hint == "did you mean 'team'?"


def test_two_files_that_give_a_table_the_same_column() -> None:
    Path("more.csv").write_text("customer_id,Team\nA,x\n")
    both = {"owner": "teams.csv", "customer_id": "more.csv"}
    error = refusal(TEAMS, dimensions=both)
    assert "more.csv: opportunities gets a column Team from teams.csv already" in str(error)


def test_a_dimension_of_a_column_that_no_table_has() -> None:
    error = refusal(TEAMS, dimensions={"ownr": {"path": "teams.csv", "key": "Owner"}})
    assert str(error) == "dimensions.ownr: no table that is read has such a column"
    assert error.hint == "did you mean 'owner'?"


def test_a_column_that_is_misspelt_is_looked_for_in_the_file_too() -> None:
    assert refusal(TEAMS, by="Teem").hint == "did you mean 'Team'?"


@ENGINES
def test_rows_that_are_read_in_place(engine: str) -> None:
    pl = pytest.importorskip("polars")
    rows = pl.read_csv("deals.csv", schema_overrides={"customer_id": pl.String})
    moments = [pl.col(n).str.to_datetime("%Y-%m-%d", time_zone="UTC")
               for n in ("created_at", "closed_at")]  # fmt: skip
    rows.with_columns(*moments).write_parquet("deals.parquet")
    config = {"engine": {"name": engine, "in_place": ["opportunities"]}}
    files = {"sources.opportunities.path": "deals.parquet"}
    answer = crm_kpi.report("win_rate", every="all", by="team", set=config | files | {
        "dimensions": {"owner": "teams.csv"}, "as_of": "2024-12-31"})  # fmt: skip
    assert segments(answer) == {"North": (100, 1), "South": (0, 1), None: (100, 4)}
