"""The subcommands of analyses and the rules that `check` makes of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_kpi import catalogue
from crm_kpi.cli import app
from crm_kpi.cli.app import kpi_command
from crm_kpi.errors import ConfigError, CrmKpiError, DataError, UsageError

Say = Callable[..., str]

ORDERS = """customer_id,date,amount,channel
A,2024-01-05,100,web
B,2024-01-31,300,shop
A,2024-02-10,60.50,web
"""
TICKETS = """ticket_id,created_at,solved_at,agent,priority
T1,2024-01-01T08:00:00,2024-01-01T09:00:00,An,high
T2,2024-01-29T08:00:00,,An,high
T3,2024-02-10T08:00:00,,Bình,low
"""


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """say("rfm", "orders.csv", ...): what the command writes to stdout."""
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CRM_KPI_CONFIG", raising=False)

    def say(command: str, *words: str) -> str:
        entry = catalogue.entries()[command.replace("-", "_")]
        done = kpi_command(entry).main(args=[*words], standalone_mode=False)
        if callable(done):
            assert done() == 0
        return capsys.readouterr().out

    return say


WORDS = ("orders.csv", "--as-of", "2024-02-29")


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("lead_id,created_at,converted\nL1,2024-01-05,yes\nL2,2024-01-06,no\n", {"lead": 2,
                                                                              "converted": 1}),
        ("opportunity_id,created_at,stage,outcome,probability,amount\nD1,2024-01-05,Demo,open,0.2,5\n"
         "D2,2024-01-06,Offer,open,0.5,5\n", {"Demo": 2, "Offer": 1}),
        ("opportunity_id,stage,entered_at\nD1,Demo,2024-01-05\nD2,Demo,2024-01-06\n"
         "D2,Offer,2024-01-09\n", {"Demo": 2, "Offer": 1}),
    ],
)  # fmt: skip
def test_a_funnel_takes_a_file_for_what_it_is(
    say: Say, tmp_path: Path, text: str, stages: dict[str, int]
) -> None:
    (tmp_path / "some.csv").write_text(text, encoding="utf-8")
    found = json.loads(say("funnel", "some.csv", "--as-of", "2024-02-29", "-f", "json"))
    assert {row["stage"]: row["reached"] for row in found["tables"]["funnel"]} == stages


def test_file_feeds_the_main_table(say: Say) -> None:
    rows = json.loads(say("cohorts", *WORDS, "-f", "json"))["tables"]["cohorts"]
    assert rows[1] == {
        "cohort": "2024-01",
        "size": 2,
        "offset": 1,
        "active": 1,
        "share": 50.0,
    }


def test_formats_agree(say: Say) -> None:
    rows = json.loads(say("rfm", *WORDS, "-f", "json"))["tables"]["rfm"]
    assert [json.loads(line) for line in say("rfm", *WORDS, "-f", "ndjson").splitlines()] == rows
    found = list(csv.DictReader(io.StringIO(say("rfm", *WORDS, "-f", "csv"))))
    assert found == [{k: str(v) for k, v in row.items()} for row in rows]
    assert rows[1]["monetary"] == 160.5
    for line, row in zip(say("rfm", *WORDS).splitlines()[1:], rows, strict=True):
        assert line.split()[0] == row["customer_id"]
    assert "| A | 19 | 2 | 160.50 |" in say("rfm", *WORDS, "-f", "markdown")


def test_definition_is_a_word(say: Say) -> None:
    words = (*WORDS, "--definition", "of=revenue", "--definition", "mode=on", "-f", "csv")
    assert say("cohorts", *words).splitlines()[2] == "2024-01,400,1,60.5,15.125"


def test_output_by_and_every(say: Say, tmp_path: Path) -> None:
    words = ("--every", "quarter", "--by", "channel", "-f", "csv", "-o", "out.csv")
    assert say("cohorts", *WORDS, "--as-of", "2024-03-31", *words) == ""
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines() == [
        "segment.channel,cohort,size,offset,active,share",
        "shop,2024-Q1,1,0,1,100.0",
        "shop,all,1,0,1,100.0",
        "web,2024-Q1,1,0,1,100.0",
        "web,all,1,0,1,100.0",
    ]


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (("rfm", *WORDS, "--definition", "per"), UsageError, "should be KEY=VALUE"),
        (("rfm", *WORDS, "--definition", "per=day"), CrmKpiError, "the config has a fault"),
        (("follow-up", *WORDS), DataError, "no interactions source"),
        (("rfm", "missing.csv"), DataError, "missing.csv"),
    ],
)
def test_faults(say: Say, words: tuple[str, ...], error: type[CrmKpiError], message: str) -> None:
    with pytest.raises(error, match=message):
        say(*words)


def test_help_says_what_it_is(say: Say) -> None:
    text = say("unresolved", "--help")
    assert "Unresolved tickets: those that have been open longer than a limit." in text
    assert "--definition" in text
    assert "--as-of" in text


@pytest.mark.parametrize(
    ("rule", "code", "rating"),
    [
        ("{target: 0}", 4, "missed"),
        ("{target: 0, warning: 2}", 0, "warning"),
        ("{target: 2}", 0, "met"),
    ],
)
def test_check_counts_what_is_left_to_do(
    say: Say, capsys: pytest.CaptureFixture[str], rule: str, code: int, rating: str
) -> None:
    words = ["check", "--tickets", "tickets.csv", "--as-of", "2024-02-20", "-f", "json"]
    assert app.run([*words, "--set", f"thresholds.unresolved={rule}"]) == code
    report = json.loads(capsys.readouterr().out)
    assert [r["rating"] for r in report["results"]] == [rating]
    if rating != "met":
        assert [row["ticket_id"] for row in report["tables"]["unresolved"]] == ["T2", "T3"]
        (result,) = report["results"]
        assert (result["metric"], result["value"], result["period"]) == (
            "unresolved",
            2,
            "2024-02-20",
        )
    else:
        assert report["tables"] == {}


def test_check_beside_metrics_and_without_the_source(
    say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["check", "--tickets", "tickets.csv", "--as-of", "2024-02-20"]
    rules = "thresholds={unresolved: {target: 0}, ticket_backlog: {target: 0}}"
    assert app.run([*words, "--set", rules]) == 4
    shown = capsys.readouterr()
    assert "unresolved" in shown.out
    assert "T3" in shown.out
    assert "check: 0 met, 0 near, 2 missed" in shown.err
    with pytest.raises(DataError, match="cannot be judged"):
        app.run(["check", "--transactions", "orders.csv", *words[3:], "--set", rules])


def test_the_metric_of_a_forecast_is_named_first_or_left_out(say: Say, tmp_path: Path) -> None:
    rows = [f"A,2024-{month:02}-15,{month},web" for month in range(1, 13)]
    (tmp_path / "year.csv").write_text("\n".join(["customer_id,date,amount,channel", *rows]))
    options = ("--from", "2024-01", "--as-of", "2024-12-31", "-f", "json")
    told = [
        json.loads(say("forecast", *words, "year.csv", *options))["tables"]["forecast"]
        for words in ((), ("revenue",), ("Revenue",), ("average-order-value",), ("doanh thu",))
    ]
    assert told[0] == told[1] == told[2] == told[4]
    assert (told[0][0]["metric"], told[0][0]["value"]) == ("revenue", 1)
    assert told[3][0]["metric"] == "average_order_value"


def test_what_cannot_be_forecast_is_said_with_what_can(say: Say) -> None:
    with pytest.raises(ConfigError) as error:
        say("forecast", "nps", "orders.csv")
    (problem,) = error.value.problems
    assert (problem.path, problem.value) == ("METRIC nps", "nps")
    assert "customers" in str(problem.hint)
    with pytest.raises(UsageError, match="revenue has 1 whole period to learn from") as refused:
        say("forecast", *WORDS)
    assert "--every" in str(refused.value.hint)
