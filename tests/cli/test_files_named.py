"""Files named on the command line: they add up, and no config that nobody names is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

WHEN = ("--as-of", "2024-02-29", "--every", "all", "-f", "json")
UNUSED = "crm-kpi.yaml is not used, as files are named; -c crm-kpi.yaml uses it\n"


@pytest.fixture
def shops(tmp_path: Path) -> None:
    """Three shops, whose programs write headers and days each in a way of its own."""
    files = {
        "a.csv": "Order ID,Customer,Date,Total\n1,A,25/01/2024,150.50\n2,B,06/01/2024,10.25\n",
        "b.csv": "transaction_id,customer_id,date,amount,channel\n3,A,02/13/2024,100,web\n",
        "c.csv": "Order ID,Customer,Date,Total\n4,C,05/02/2024,1\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)


def revenue(crm_kpi: Run, *words: str) -> float:
    done = crm_kpi("revenue", *words, *WHEN, "-q")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    return float(result["value"])


@pytest.mark.usefixtures("shops")
class TestFiles:
    @pytest.mark.parametrize(
        "words",
        [
            ("a.csv", "b.csv"),
            ("b.csv", "a.csv"),
            ("--transactions", "a.csv", "--transactions", "b.csv"),
            ("a.csv", "--transactions", "b.csv"),
            ("a.csv", "b.csv", "./a.csv", "--transactions", "a.csv"),  # each once
        ],
    )
    def test_add_up(self, crm_kpi: Run, words: tuple[str, ...]) -> None:
        assert revenue(crm_kpi, *words) == 260.75

    def test_of_the_same_headers_prove_their_dates_together(self, crm_kpi: Run) -> None:
        alone = crm_kpi("revenue", "c.csv", *WHEN)
        assert (alone.returncode, alone.stdout) == (3, "")  # 5 February or 2 May?
        assert revenue(crm_kpi, "a.csv", "b.csv", "c.csv") == 261.75

    def test_all_stand_in_the_account(self, crm_kpi: Run) -> None:
        done = crm_kpi("report", "--transactions", "a.csv", "--transactions", "b.csv", *WHEN, "-q")
        account = json.loads(done.stdout)["sources"]["transactions"]
        assert (account["paths"], account["rows"]) == (["a.csv", "b.csv"], 3)

    def test_one_of_stdin(self, crm_kpi: Run, tmp_path: Path) -> None:
        text = (tmp_path / "a.csv").read_text()
        done = crm_kpi("revenue", "-", "b.csv", *WHEN, "-q", input=text)
        assert json.loads(done.stdout)["results"][0]["value"] == 260.75

    def test_what_is_set_for_a_table_holds_for_all(self, crm_kpi: Run, tmp_path: Path) -> None:
        (tmp_path / "d.csv").write_text("Order ID,Customer,Date,Total,Note\n5,D,07/02/2024,2,\n")
        day_first = ("--set", "sources.transactions.dates=%d/%m/%Y")
        assert revenue(crm_kpi, "c.csv", "d.csv", *day_first) == 3

    def test_of_which_one_is_missing(self, crm_kpi: Run) -> None:
        done = crm_kpi("revenue", "a.csv", "none.csv", *WHEN)
        assert (done.returncode, done.stdout) == (3, "")
        assert "none.csv" in done.stderr

    def test_are_validated_as_they_are_reported(self, crm_kpi: Run, tmp_path: Path) -> None:
        words = ("c.csv", "b.csv", "--transactions", "a.csv", "--clean", "clean")
        done = crm_kpi("validate", *words)
        assert (done.returncode, done.stdout) == (0, "")
        assert "0 problems in 1 tables, 4 rows read" in done.stderr
        clean = (tmp_path / "clean" / "transactions.csv").read_text().splitlines()
        days = sorted(line.split(",")[0] for line in clean[1:])
        assert days == ["2024-01-06", "2024-01-25", "2024-02-05", "2024-02-13"]

    def test_make_a_config_of_one_table(self, crm_kpi: Run, tmp_path: Path) -> None:
        words = ("--transactions", "a.csv", "--transactions", "b.csv")
        done = crm_kpi("init", *words, "--no-input", "-o", "crm-kpi.yaml", "-q")
        assert done.returncode == 0, done.stderr
        assert revenue(crm_kpi) == 260.75


class TestUnnamedConfig:
    @pytest.fixture(autouse=True)
    def config(self, shops: None, tmp_path: Path) -> Path:
        path = tmp_path / "crm-kpi.yaml"
        path.write_text(
            "currency: VND\nsources: {transactions: {path: b.csv}, surveys: {path: no.csv}}\n"
            "thresholds: {revenue: {target: 1, every: all}}\n"
        )
        return path

    @pytest.mark.parametrize(
        "words",
        [
            ("revenue", "a.csv"),
            ("revenue", "--transactions", "a.csv"),
            ("report", "--transactions", "a.csv"),
        ],
    )
    def test_is_not_used_where_files_are_named(self, crm_kpi: Run, words: tuple[str, ...]) -> None:
        done = crm_kpi(*words, *WHEN)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count(UNUSED) == 1
        answer = json.loads(done.stdout)
        assert (answer["currency"], [*answer["sources"]]) == (None, ["transactions"])
        assert crm_kpi(*words, *WHEN, "-q").stderr == ""

    def test_is_not_used_by_validate(self, crm_kpi: Run) -> None:
        done = crm_kpi("validate", "a.csv")
        assert done.returncode == 0
        assert UNUSED in done.stderr

    def test_has_no_goals_then(self, crm_kpi: Run) -> None:
        done = crm_kpi("check", "--transactions", "a.csv")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(UNUSED)
        assert "the config has no thresholds" in done.stderr

    @pytest.mark.parametrize("how", ["option", "variable"])
    def test_is_used_when_it_is_named(self, crm_kpi: Run, config: Path, how: str) -> None:
        words = ("-c", "crm-kpi.yaml") if how == "option" else ()
        env = {"CRM_KPI_CONFIG": str(config)} if how == "variable" else {}
        done = crm_kpi("revenue", "a.csv", *words, *WHEN, env=env)
        assert UNUSED not in done.stderr
        (result,) = json.loads(done.stdout)["results"]
        assert (result["value"], result["unit"], result["rating"]) == (160.75, "VND", "met")

    def test_is_used_where_no_file_is_named(self, crm_kpi: Run) -> None:
        assert revenue(crm_kpi) == 100

    def test_is_not_missed_where_there_is_none(self, crm_kpi: Run, config: Path) -> None:
        config.unlink()
        assert "crm-kpi.yaml" not in crm_kpi("revenue", "a.csv", *WHEN).stderr
