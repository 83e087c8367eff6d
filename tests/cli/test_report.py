"""`report --view`, `--detail`, `--all`, and what people get on a terminal."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Run, environment
from .test_completion import bash

CONFIG = ROOT / "config.example.yaml"


def on_terminal(*words: str | Path, width: int = 80) -> str:
    """stdout of a run that ends well, which is a terminal."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "crm_kpi", *map(str, words)]
    env = environment(COLUMNS=str(width), NO_COLOR="1")
    with subprocess.Popen(
        command,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=env,
        cwd=ROOT,
    ) as process:
        os.close(theirs)
        text = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            text += part
    os.close(ours)
    assert process.returncode == 0
    return text.decode().replace("\r\n", "\n")


def test_a_terminal_gets_the_overview_and_a_pipe_the_table(crm_kpi: Run) -> None:
    words = ("report", "revenue", "nps", "-c", CONFIG)
    shown = on_terminal(*words)
    assert shown.startswith("Cà phê Mây Lam · Q4 2024 · compared with Q3 2024\n")
    assert "Needs attention\n~ NPS" in shown
    assert max(map(len, shown.splitlines())) <= 80
    piped = crm_kpi(*words).stdout
    assert piped.startswith("metric   period")
    assert crm_kpi(*words, "-f", "overview").stdout == shown
    detail = on_terminal(*words, "--detail")
    for part in ("2024-Q1", "95 % interval", "orders", "scale 0, 10"):
        assert part in detail


def test_nobody_says_periods_and_people_get_the_last(crm_kpi: Run, tmp_path: Path) -> None:
    rows = [f"A,20{year}-{month:02}-15,5" for year in (22, 23, 24) for month in range(1, 13)]
    (tmp_path / "o.csv").write_text("\n".join(["customer_id,date,amount", *rows, ""]))
    words = ("report", "revenue", "--transactions", "o.csv", "--as-of", "2024-12-31")
    whole = crm_kpi(*words, "-f", "json")
    assert len(json.loads(whole.stdout)["results"]) == 36
    shown = crm_kpi(*words, "-f", "overview").stdout
    (line,) = (line for line in shown.splitlines() if line.startswith("  Revenue"))
    assert line.endswith("▁" * 13)
    shown = crm_kpi(*words, "-f", "overview", "--last", "2").stdout
    assert "▁▁\n" in shown


def test_views(crm_kpi: Run, tmp_path: Path) -> None:
    words = ("report", "-c", CONFIG, "-f", "json", "--last", "1")
    own = json.loads(crm_kpi(*words, "--view", "boss").stdout)
    assert {each["metric"] for each in own["results"]} == {"revenue", "customers", "nps"}
    assert list(own["tables"]) == ["cohorts"]
    shipped = json.loads(crm_kpi(*words, "--view", "before-sale").stdout)
    assert {"leads", "win_rate"} <= {each["metric"] for each in shipped["results"]}
    more = json.loads(crm_kpi(*words, "--view", "boss", "csat").stdout)
    assert {each["metric"] for each in more["results"]} == {"revenue", "customers", "nps", "csat"}
    unknown = crm_kpi(*words, "--view", "bos")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no view 'bos'; there are before_sale, after_sale, boss" in unknown.stderr
    assert "did you mean 'boss'?" in unknown.stderr


def test_a_named_kpi_that_cannot_be_is_an_error_beside_a_view(
    crm_kpi: Run, customers: Path
) -> None:
    words = ("report", "--customers", customers, "--as-of", "2024-01-31", "--view", "after-sale")
    assert crm_kpi(*words).returncode == 0
    refused = crm_kpi(*words, "nps")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "nps cannot be computed" in refused.stderr


def test_detail_is_a_table(crm_kpi: Run) -> None:
    refused = crm_kpi("report", "-c", CONFIG, "--detail", "-f", "json")
    assert refused.returncode == 2
    assert "--detail: the format is json" in refused.stderr
    assert "definition" in crm_kpi("report", "nps", "-c", CONFIG, "--detail").stdout


@pytest.fixture
def completed(tmp_path: Path) -> Path:
    (tmp_path / "khách.csv").write_text(
        "BÁO CÁO;;\n;;\nMã KH;Nhóm khách;Ngày\nA;x, y;2024-01-01\nB;z, t;2024-01-02\n"
    )
    config = tmp_path / "crm-kpi.yaml"
    config.write_text(
        "sources: {customers: khách.csv}\n"
        "dimensions: {owner: teams.csv}\n"
        "report: {views: {boss: [revenue]}}\n"
    )
    return config


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("crm-kpi report --view ", {"before_sale", "after_sale", "boss"}),
        ("crm-kpi report --view bo", {"boss"}),
        ("crm-kpi report --by s", {"segment"}),
        ("crm-kpi nps --by own", {"owner"}),
        ("crm-kpi report --by Nh", {r"Nhóm\ khách"}),
        ("crm-kpi report --where seg", {"segment="}),
    ],
)
def test_a_shell_completes_words_of_the_config(
    crm_kpi: Run, completed: Path, line: str, words: set[str]
) -> None:
    assert set(bash(crm_kpi, line)) == words


@pytest.mark.parametrize("config", ["- no block", "sources: [", "sources: {customers: gone.csv}"])
def test_a_config_with_faults_is_no_message_of_a_completion(
    crm_kpi: Run, tmp_path: Path, config: str
) -> None:
    (tmp_path / "crm-kpi.yaml").write_text(config)
    assert set(bash(crm_kpi, "crm-kpi report --view b")) == {"before_sale"}
    bash(crm_kpi, "crm-kpi report --by s")


def test_a_damaged_file_has_no_words(crm_kpi: Run, tmp_path: Path) -> None:
    rows = b"".join(b"%d,2024-01-01,a\n" % n for n in range(999))
    packed = bytearray(gzip.compress(b"customer_id,signup_date,plan\n" + rows))
    packed[30:60] = b"\xff" * 30
    for name, content in (("damaged", packed), ("cut", packed[:25]), ("other", b"PK\3\4")):
        (tmp_path / f"{name}.csv.gz").write_bytes(content)
        (tmp_path / "crm-kpi.yaml").write_text(f"sources: {{customers: {name}.csv.gz}}")
        assert bash(crm_kpi, "crm-kpi report --by plan") == []


def test_completing_columns_imports_no_engine(completed: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from crm_kpi.cli import completion_words\n"
        f"print(completion_words.of_columns(Path({str(completed)!r})))\n"
        "heavy = {'polars', 'narwhals', 'pydantic', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, env=environment()
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nhóm khách" in done.stdout


def test_the_formula_is_that_of_the_definition_in_force(crm_kpi: Run, tmp_path: Path) -> None:
    """With transactions alone, expansion is by revenue."""
    path = tmp_path / "t.csv"
    path.write_text(
        "transaction_id,customer_id,date,amount,kind\n1,A,2024-01-02,10,sale\n2,A,2024-02-03,5,upsell\n"
    )
    words = ("report", "expansion-rate", "--transactions", path)
    formula = json.loads(crm_kpi(*words, "-f", "json").stdout)["metrics"]["expansion_rate"][
        "formula"
    ]
    assert "revenue" in formula
    assert formula in crm_kpi(*words, "-f", "markdown").stdout
