"""Thresholds: ratings in every output, and what `check` says and ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

JANUARY = ("--from", "2024-01", "--to", "2024-01", "--as-of", "2024-03-31")


def rule(text: str) -> tuple[str, str]:
    return ("--set", f"thresholds.retention_rate={text}")


@pytest.mark.parametrize(
    ("text", "rating", "code"),
    [
        ("{target: 95}", "met", 0),  # 95.0: at the target is met
        ("{target: 96, warning: 95}", "warning", 0),  # at the warning is a warning
        ("{target: 96}", "missed", 4),
        ("{target: 97, warning: 96}", "missed", 4),
        ("{target: {2024-01: 96, 2024-02: 10}}", "missed", 4),
        ("{target: {2024-02: 99, '*': 90}}", "met", 0),
    ],
)
def test_rating_and_exit_code(
    crm_kpi: Run, customers: Path, text: str, rating: str, code: int
) -> None:
    words = ("--customers", customers, *JANUARY, *rule(text))
    report = json.loads(crm_kpi("report", *words, "-f", "json").stdout)
    (result,) = [r for r in report["results"] if r["metric"] == "retention_rate"]
    assert result["rating"] == rating
    done = crm_kpi("check", *words, "-f", "json")
    assert done.returncode == code, done.stderr
    assert [r["rating"] for r in json.loads(done.stdout)["results"]] == [rating]


def test_fail_on_warning_and_exit_zero(crm_kpi: Run, customers: Path) -> None:
    words = ("check", "--customers", customers, *JANUARY, *rule("{target: 96, warning: 90}"))
    assert crm_kpi(*words).returncode == 0
    assert crm_kpi(*words, "--fail-on", "warning").returncode == 4
    assert crm_kpi(*words, "--fail-on", "warning", "--exit-zero").returncode == 0


def test_per_segment(crm_kpi: Run, tmp_path: Path) -> None:
    rows = [f"A{n},2023-01-01,,HN" for n in range(10)]
    rows += [f"B{n},2023-01-01,{'2024-01-05' if n < 5 else ''},SG" for n in range(10)]
    path = tmp_path / "c.csv"
    path.write_text("\n".join(["customer_id,signup_date,churn_date,region", *rows]))
    words = ("check", "--customers", path, *JANUARY, *rule("{target: 70, by: region}"))
    done = crm_kpi(*words, "-f", "json")
    assert done.returncode == 4, done.stderr
    results = json.loads(done.stdout)["results"]
    assert [(r["segment"]["region"], r["value"], r["rating"]) for r in results] == [
        ("HN", 100.0, "met"),
        ("SG", 50.0, "missed"),
    ]
    both = crm_kpi(*words[:-1], "thresholds.retention_rate={target: {SG: 50, HN: 99}, by: region}")
    assert both.returncode == 0


def test_a_threshold_without_a_source_is_not_met(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi(
        "check", "--customers", customers, *JANUARY, "--set", "thresholds.nps={target: 5}"
    )
    assert done.returncode == 3
    assert "no surveys source" in done.stderr
    assert done.stdout == ""


def test_a_threshold_without_a_value_is_not_met(crm_kpi: Run, customers: Path) -> None:
    words = ("--from", "2022-01", "--to", "2022-01", "--as-of", "2024-03-31")
    done = crm_kpi("check", "--customers", customers, *words, *rule("{target: 5}"))
    assert done.returncode == 3
    assert "no customers at the start" in done.stderr


def test_without_thresholds(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi("check", "--customers", customers)
    assert done.returncode == 2
    assert "thresholds" in done.stderr


@pytest.mark.parametrize(
    ("rule", "progress"),
    [
        ("customers={target: 30, start: 20}", 40.0),  # (24 - 20) / (30 - 20)
        ("customers={target: 30}", 80.0),  # 24 / 30: from 0, as higher is better
        ("customers={target: 20}", 120.0),  # not clamped
        ("churn_rate={target: 2, start: 8}", 50.0),  # (5 - 8) / (2 - 8)
        ("churn_rate={target: 2}", None),  # from where?
    ],
)
@pytest.mark.parametrize("last", ["1", "3"])
def test_progress_does_not_depend_on_what_is_shown(
    crm_kpi: Run, customers: Path, rule: str, progress: float | None, last: str
) -> None:
    words = ("--customers", customers, "--to", "2024-01", "--as-of", "2024-03-31", "-f", "json")
    done = crm_kpi("report", *words, "--last", last, "--set", f"thresholds.{rule}")
    metric = rule.split("=")[0]
    january = [
        r["progress"]
        for r in json.loads(done.stdout)["results"]
        if (r["metric"], r["period"]) == (metric, "2024-01")
    ]
    assert january == [progress]


LEADS = "lead_id,created_at,owner\n" + "".join(
    f"L{n},{day},{owner}\n"
    for n, (day, owner) in enumerate(
        [
            ("2024-01-05", "An"),
            ("2024-01-09", "Bình"),
            ("2024-02-05", "An"),
            ("2024-02-20", "An"),
            ("2024-03-05", "An"),
            ("2024-03-06", "Bình"),
            ("2024-04-02", "An"),
        ]
    )
)


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(LEADS)
    return path


def check(crm_kpi: Run, leads: Path, *rules: str, as_of: str = "2024-04-10"):
    words = [word for rule in rules for word in ("--set", rule)]
    return crm_kpi("check", "--leads", leads, "--as-of", as_of, "-f", "json", *words)


def judged(done) -> list[tuple]:
    return [
        (r["metric"], r["period"], *r["segment"].values(), r["value"], r["rating"])
        for r in json.loads(done.stdout)["results"]
    ]


def test_the_last_whole_period_is_judged(crm_kpi: Run, leads: Path) -> None:
    done = check(crm_kpi, leads, "thresholds.leads={target: 3}")
    assert judged(done) == [("leads", "2024-03", 2, "missed")]
    assert done.returncode == 4


def test_last_judges_so_many(crm_kpi: Run, leads: Path) -> None:
    words = ("--last", "2", "-f", "json", "--as-of", "2024-04-10")
    done = crm_kpi("check", "--leads", leads, *words, "--set", "thresholds.leads={target: 2}")
    assert judged(done) == [("leads", "2024-02", 2, "met"), ("leads", "2024-03", 2, "met")]


def test_each_goal_has_its_own_rhythm(crm_kpi: Run, leads: Path) -> None:
    rule = "thresholds.leads=[{target: 3}, {target: 6, every: quarter}]"
    done = check(crm_kpi, leads, rule)
    assert judged(done) == [("leads", "2024-03", 2, "missed"), ("leads", "2024-Q1", 6, "met")]


def test_all_that_was_judged_is_a_finding_whatever_its_period(crm_kpi: Run, leads: Path) -> None:
    custom = "periods.custom=[{name: Tết, start: 2024-03-20, end: 2024-04-05}]"
    goals = "thresholds.leads={target: {2024-03: 3, Tết: 9}}"
    done = check(crm_kpi, leads, custom, goals)
    missed = [r["period"] for r in json.loads(done.stdout)["results"] if r["rating"] == "missed"]
    found = [f["period"] for f in json.loads(done.stdout)["findings"]]
    assert sorted(found) == sorted(missed) == ["2024-03", "Tết"]
    words = ("--last", "2", "-f", "json", "--as-of", "2024-04-10")
    done = crm_kpi("check", "--leads", leads, *words, "--set", "thresholds.leads={target: 9}")
    assert len(json.loads(done.stdout)["findings"]) == 2


def test_a_custom_period_is_judged_by_the_goal_that_names_it(crm_kpi: Run, leads: Path) -> None:
    custom = "periods.custom=[{name: Tết, start: 2024-02-01, end: 2024-02-15}]"
    done = check(crm_kpi, leads, custom, "thresholds.leads={target: {Tết: 1}}")
    assert judged(done) == [("leads", "Tết", 1, "met")]
    without = check(crm_kpi, leads, custom, "thresholds.leads={target: 2}")
    assert judged(without) == [("leads", "2024-03", 2, "met")]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (["thresholds.leads={target: {Bnh: 5}, by: owner}"], ["owner=Bnh", "'Bình'"]),
        (["thresholds.leads={target: 5, by: onwer}"], ["onwer", "'owner'"]),
        (["thresholds.leds={target: 5}"], ["leds", "'leads'"]),
        (["thresholds.leads={target: {2024-Q1: 5}}"], ["2024-Q1", "month", "every"]),
        (["thresholds.plan={children: {launch: 1}}"], ["no goal launch"]),
        (
            ["thresholds.plan={children: {plan: 1}}"],
            ["plan is made of this goal"],
        ),
        (
            ["thresholds.a={children: {b: 1}}", "thresholds.b={children: {a: 1}}"],
            ["b is made of this goal", "a is made of this goal"],
        ),
        (["thresholds.plan={children: {}}"], ["names no goal"]),
        (
            ["thresholds.leads={target: 5}", "thresholds.plan={children: {leads: 0}}"],
            ["weight of leads", "above 0"],
        ),
        (["thresholds.leads={done: true}"], ["leads is a KPI"]),
        (["thresholds.Launch={done: true}"], ["Launch", "letters"]),
        (
            ["thresholds.launch={done: false, of: {path: t.csv, column: s, done: x}}"],
            ["tasks are there to be done"],
        ),
        (
            ["thresholds.churn_rate={target: 5}", "thresholds.plan={children: {churn_rate: 1}}"],
            ["no progress", "thresholds.churn_rate.start"],
        ),
        (["thresholds.leads={target: 5}", "checks.freshness={lead: 3d}"], ["lead", "'leads'"]),
        (["thresholds.leads={target: 5}", "checks.freshness={leads: soon}"], ["90d", "soon"]),
        (["thresholds.leads={target: 5}", "checks.freshness={tickets: 3d}"], ["no tickets source"]),
        (["thresholds.leads={target: 5}", "checks.no_data=yes"], ["checks.no_data"]),
    ],
)
def test_goals_that_nothing_answers_to(
    crm_kpi: Run, leads: Path, rules: list[str], words: list[str]
) -> None:
    done = check(crm_kpi, leads, *rules)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize(("allowed", "code"), [("8d", 0), ("7d", 3), ("1 month", 0), ("48h", 3)])
def test_stale_data_end_with_3(crm_kpi: Run, leads: Path, allowed: str, code: int) -> None:
    fresh = f"checks.freshness={{leads: {allowed}}}"  # the newest row is of 2 April
    done = check(crm_kpi, leads, "thresholds.leads={target: 1}", fresh)
    assert done.returncode == code, done.stderr
    assert ("2024-04-02" in done.stderr) == (code == 3)


def test_a_table_that_no_goal_needs_must_be_fresh_too(crm_kpi: Run, leads: Path) -> None:
    (leads.parent / "t.csv").write_text("ticket_id,created_at\n1,2024-01-05\n")
    rules = ("--set", "thresholds.leads={target: 1}", "--set", "checks.freshness={tickets: 30d}")
    words = ("--leads", leads, "--tickets", "t.csv", "--as-of", "2024-04-10")
    done = crm_kpi("check", *words, *rules)
    assert done.returncode == 3
    assert "tickets" in done.stderr
    assert "✓ met" in done.stderr  # what could be judged is told all the same


def test_no_value_may_be_allowed(crm_kpi: Run, customers: Path) -> None:
    words = ("--customers", customers, "--from", "2022-01", "--to", "2022-01")
    words = (*words, "--as-of", "2024-03-31", *rule("{target: 5}"))
    assert crm_kpi("check", *words).returncode == 3
    done = crm_kpi("check", *words, "--set", "checks.no_data=ok")
    assert done.returncode == 0
    assert done.stdout.startswith("– no data")
    assert "1 goal has no value" in done.stderr


def test_a_period_without_a_goal_is_told(crm_kpi: Run, leads: Path) -> None:
    done = check(crm_kpi, leads, "thresholds.leads={target: {2024-02: 1}}")
    assert (done.returncode, judged(done)) == (0, [])
    assert "check: leads has no goal for 2024-03" in done.stderr


def test_no_whole_period_yet(crm_kpi: Run, leads: Path) -> None:
    done = check(crm_kpi, leads, "thresholds.leads={target: 1, every: year}")
    assert done.returncode == 3
    assert "no whole year yet" in done.stderr


def test_tasks_milestones_and_plans(crm_kpi: Run, leads: Path) -> None:
    (leads.parent / "tasks.csv").write_text("Việc,Trạng thái\na,Xong\nb,xong\nc,Chưa\nd,\n")
    (leads.parent / "c.yaml").write_text(
        "as_of: 2024-04-10\n"
        "sources: {leads: {path: leads.csv}}\n"
        "thresholds:\n"
        "  leads: {target: 4}\n"
        "  launch: {of: {path: tasks.csv, column: Trạng thái, done: [Xong]}, done: true}\n"
        "  signed: {done: false}\n"
        "  opened: {done: true}\n"
        "  plan: {children: {leads: 2, launch: 1, inner: 1}}\n"
        "  inner: {children: {signed: 1, opened: 3}, show: ring}\n"
    )
    done = crm_kpi("check", "-c", "c.yaml", "-f", "json")
    assert done.returncode == 4
    results = {r["metric"]: r for r in json.loads(done.stdout)["results"]}
    assert {name: (r["value"], r["rating"]) for name, r in results.items()} == {
        "leads": (2, "missed"),
        "launch": (50.0, "missed"),  # 2 of 4
        "signed": (0, "missed"),
        "opened": (100, "met"),
        "inner": (75.0, "missed"),  # (0 + 3 x 100) / 4
        "plan": (56.25, "missed"),  # (2 x 50 + 50 + 75) / 4
    }
    assert results["launch"]["components"] == {"done": 2, "total": 4}
    assert results["plan"]["components"] == {"leads": 50.0, "launch": 50.0, "inner": 75.0}


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("Việc,Trạng thái\n", 3, ["tasks.csv"]),
        ("Việc,Tình trạng\na,Xong\n", 2, ["Trạng thái", "thresholds.launch.of.column"]),
        (None, 3, ["tasks.csv"]),
    ],
)
def test_tasks_that_cannot_be_read(
    crm_kpi: Run, leads: Path, content: str | None, code: int, words: list[str]
) -> None:
    if content is not None:
        (leads.parent / "tasks.csv").write_text(content)
    tasks = "{of: {path: tasks.csv, column: Trạng thái, done: Xong}, done: true}"
    done = check(crm_kpi, leads, f"thresholds.launch={tasks}", "thresholds.leads={target: 1}")
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    for word in words:
        assert word in done.stderr


def test_a_line_for_every_goal(crm_kpi: Run, leads: Path) -> None:
    rules = ("--set", "thresholds.leads={target: {An: 1, Bình: 2}, warning: 1, by: owner}")
    done = crm_kpi("check", "--leads", leads, "--as-of", "2024-04-10", *rules)
    near, met = done.stdout.splitlines()
    assert " ".join(near.split()) == "~ near Leads Bình 1 goal ≥ 2 2024-03 was 0 n 1 · low n"
    assert " ".join(met.split()) == "✓ met Leads An 1 goal ≥ 1 2024-03 was 2 n 1 · low n"
    assert done.stderr.splitlines()[-1] == "check: 1 met, 1 near, 0 missed"


def test_a_ceiling_is_not_kept_by_data_that_end(crm_kpi: Run, tmp_path: Path) -> None:
    tickets = tmp_path / "tickets.csv"
    tickets.write_text("ticket_id,created_at\n1,2024-01-05\n2,2024-01-06\n")
    words = ("check", "--tickets", tickets, "--set", "thresholds.tickets={target: 10}")
    done = crm_kpi(*words, "--as-of", "2024-03-10")
    assert (done.returncode, done.stdout) == (3, "")
    assert "tickets 2024-02: tickets has no row after 2024-01-06" in done.stderr
    assert crm_kpi(*words, "--as-of", "2024-02-10").returncode == 0
    allowed = crm_kpi(*words, "--as-of", "2024-03-10", "--set", "checks.no_data=ok")
    assert allowed.returncode == 0
    assert "so that 0 tells nothing" in allowed.stdout
    tickets.write_text("ticket_id,created_at\n1,2024-01-05\n2,2024-03-01\n")
    assert crm_kpi(*words, "--as-of", "2024-03-10").returncode == 0


def test_within_error(crm_kpi: Run, customers: Path) -> None:
    done = crm_kpi("check", "--customers", customers, *JANUARY, *rule("{target: 96}"))
    assert "within error" in done.stdout  # 95 % of 20: the interval goes from 76 to 99
    sure = crm_kpi("check", "--customers", customers, *JANUARY, *rule("{target: 100}"))
    assert "within error" not in sure.stdout
