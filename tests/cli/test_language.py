"""`--language`, the config, the environment and the terminal; what people read is all in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from crm_kpi.cli import language
from crm_kpi.errors import UsageError
from tests.messages.vietnamese import english_words

from .conftest import ROOT, Run, environment

pty = pytest.importorskip("pty", reason="a terminal is needed")

VIETNAMESE = ("--language", "vi")
ERROR = "lỗi: "


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company, with a config that is written in Vietnamese."""
    folder = tmp_path_factory.mktemp("vi") / "demo"
    words = [sys.executable, "-m", "crm_kpi", "demo", str(folder), *VIETNAMESE]
    made = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
    assert english_words(made.stderr.replace(str(folder), "")) == []
    return folder


@pytest.fixture(scope="module")
def names(demo: Path) -> frozenset[str]:
    """Words of the data, and of the paths to them."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in demo.glob("*.csv")]
    found = {w.lower() for text in (*texts, str(demo)) for w in re.findall(r"[^\W\d_]+", text)}
    return frozenset(found)


def on_a_terminal(words: Sequence[str | Path], cwd: Path, **env: str) -> str:
    """What somebody sees on a terminal of 100 columns."""
    main, side = pty.openpty()
    ran = subprocess.Popen(
        [sys.executable, "-m", "crm_kpi", *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=side,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        env=environment(COLUMNS="100", TERM="dumb", PYTHONPATH=str(ROOT), **env),
    )
    os.close(side)
    seen = b""
    while True:
        try:
            part = os.read(main, 1 << 16)
        except OSError:
            break
        if not part:
            break
        seen += part
    ran.wait(timeout=120)
    os.close(main)
    return seen.decode().replace("\r\n", "\n")


SCREENS: dict[str, Sequence[str]] = {
    "table": ("report", "-c", "crm-kpi.yaml", "-v"),
    "markdown": ("report", "-c", "crm-kpi.yaml", "-f", "markdown", "-v"),
    "segments": ("report", "-c", "crm-kpi.yaml", "--by", "segment", "--last", "1", "mrr", "nps"),
    "rfm": ("rfm", "-c", "crm-kpi.yaml", "--definition", "per=segment"),
    "tables": ("report", "-c", "crm-kpi.yaml", "cohorts", "funnel", "team", "issues", "spending"),
    "lists": ("report", "-c", "crm-kpi.yaml", "pipeline", "churn_reasons", "survival", "feedback"),
    "history": ("history", "KH0003", "-c", "crm-kpi.yaml"),
    "check": ("check", "-c", "crm-kpi.yaml"),
    "validate": ("validate", "-c", "crm-kpi.yaml", "-v", "--quality"),
    "validate markdown": ("validate", "-c", "crm-kpi.yaml", "-f", "markdown"),
    "init": ("init", "customers.csv", "transactions.csv", "tickets.csv", "leads.csv", "-y"),
    "metrics": ("metrics",),
    "metrics markdown": ("metrics", "-f", "markdown"),
    "compare": ("compare", "customers.csv", "customers.csv", "--old-date", "2024-01-01",
        "--new-date", "2024-12-31"),
    "help": ("--help",),
    "no such file": ("nps", "nofile.csv"),
    "no such command": ("rpeort",),
    "no such option": ("report", "--formal"),
    "no such choice": ("report", "--every", "fortnight"),
    "no such number": ("report", "--last", "many"),
    "no folder": ("demo",),
    "no such column": ("nps", "-c", "crm-kpi.yaml", "--by", "nosuch"),
    "no such key": ("report", "-c", "crm-kpi.yaml", "--set", "limits.low=3"),
    "no such date": ("report", "-c", "crm-kpi.yaml", "--from", "31/31/2024"),
    "no such view": ("report", "-c", "crm-kpi.yaml", "--view", "nosuch"),
    "no such metric": ("report", "-c", "crm-kpi.yaml", "nosuch"),
}  # fmt: skip
TYPED = frozenset(("rpeort", "formal", "fortnight", "nosuch", "nofile", "many"))


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_has_no_english_words(
    name: str, demo: Path, names: frozenset[str], crm_kpi: Run
) -> None:
    ran = crm_kpi(*SCREENS[name], *VIETNAMESE, cwd=demo)
    shown = ran.stdout + ran.stderr
    assert shown
    assert english_words(shown, names | TYPED) == []
    if name.startswith("no "):
        assert (ran.returncode, ran.stdout) == (3 if "file" in name else 2, "")
        assert re.search(f"^{ERROR}", ran.stderr, re.MULTILINE)


def test_the_overview_has_no_english_words(demo: Path, names: frozenset[str]) -> None:
    shown = on_a_terminal(("report", "-c", "crm-kpi.yaml", *VIETNAMESE), demo)
    assert "Báo cáo khách hàng · Quý 4/2024" in shown
    assert english_words(shown, names) == []
    detail = on_a_terminal(("report", "-c", "crm-kpi.yaml", "--detail", *VIETNAMESE), demo)
    assert english_words(detail, names) == []


@pytest.mark.parametrize("command", ["nps", "report", "history"])
def test_the_frame_of_help_is_in_vietnamese(command: str, crm_kpi: Run) -> None:
    page = crm_kpi(command, "--help", *VIETNAMESE).stdout
    assert page.lstrip().startswith(f"Cách dùng: crm-kpi {command} ")
    boxes = re.findall(r"╭─ (.+?) ─", page)
    assert {"Đối số", "Tùy chọn"} <= {*boxes}
    assert english_words(" ".join(boxes)) == []
    assert "Hiện phần trợ giúp này." in page


@pytest.mark.parametrize("kpi", ["nps", "retention_rate", "first_response_time", "fcr", "rfm"])
def test_all_about_a_kpi_is_told_in_vietnamese(kpi: str, crm_kpi: Run) -> None:
    page = crm_kpi("metrics", kpi, *VIETNAMESE).stdout
    told, _, sources = page.partition("Nguồn:")
    assert english_words(told) == []
    assert "own definition" not in sources


@pytest.mark.parametrize("word", ["tỷ lệ rời bỏ", "ty le roi bo", "Tỉ lệ rời bỏ", "churn-rate"])
def test_a_kpi_is_found_by_its_vietnamese_name(word: str, crm_kpi: Run) -> None:
    page = crm_kpi("metrics", word, *VIETNAMESE).stdout
    assert page.startswith("churn_rate (phần trăm, càng thấp càng tốt)")


@pytest.mark.parametrize("format", ["json", "ndjson", "csv"])
def test_machines_read_the_same(format: str, demo: Path, crm_kpi: Run) -> None:
    question = ("report", "nps", "mrr", "retention_rate", "clv_profit", "-c", "crm-kpi.yaml")
    told = [
        crm_kpi(*question, "-f", format, "--language", word, cwd=demo).stdout
        for word in ("en", "vi")
    ]
    assert told[0] == told[1] != ""
    lists = [crm_kpi("metrics", "-f", format, "--language", word).stdout for word in ("en", "vi")]
    assert lists[0] == lists[1]
    found = [
        crm_kpi("validate", "-c", "crm-kpi.yaml", "-f", format, "--language", word, cwd=demo)
        for word in ("en", "vi")
    ]
    assert found[0].stdout == found[1].stdout


def test_a_number_in_an_error_is_not_taken_for_another(tmp_path: Path, crm_kpi: Run) -> None:
    """3,150 would be three and a bit."""
    rows = "order_id,date,amount,status\n1,2024-01-05,3000,pending\n2,2024-01-06,150,pending\n"
    (tmp_path / "orders.csv").write_text(rows, encoding="utf-8")
    told = crm_kpi("revenue", "orders.csv", *VIETNAMESE).stderr
    assert "3.150" in told
    assert "3,150" not in told
    (tmp_path / "sums.csv").write_text("date;amount\n2024-01-05;1.250\n", encoding="utf-8")
    told = crm_kpi("revenue", "sums.csv", *VIETNAMESE).stderr
    assert "'1.250' có thể là 1250 hoặc 1,250" in told


def test_which_language_comes_first(customers: Path, crm_kpi: Run) -> None:
    def line(*words: str, **env: str) -> str:
        ran = crm_kpi("churn-rate", "--customers", customers, *words, env=env)
        return ran.stdout.split()[0]

    config = ("--set", "report.language=vi")
    assert line() == "metric"
    assert line(*config) == "chỉ"
    assert line(*config, "--language", "en") == "metric"
    assert line(CRM_KPI_LANGUAGE="vi") == "chỉ"
    assert line("--set", "report.language=en", CRM_KPI_LANGUAGE="vi") == "metric"
    assert line(LC_ALL="vi_VN.UTF-8") == "metric"  # a pipe is no terminal


def test_a_terminal_speaks_its_own_language(tmp_path: Path) -> None:
    for locale, head in (
        ({"LC_ALL": "vi_VN.UTF-8"}, "Giữ chân"),
        ({"LC_ALL": "", "LANG": "vi_VN"}, "Giữ chân"),
        ({"LC_ALL": "C", "LANG": "vi_VN.UTF-8"}, "Retention"),
        ({"LC_ALL": "fr_FR.UTF-8"}, "Retention"),
    ):
        shown = on_a_terminal(("metrics",), tmp_path, **locale)
        assert shown.startswith(head), locale


@pytest.mark.parametrize("words", [("--language", "fr"), ("--language=fr",), ("--language", "")])
def test_an_unknown_language_is_told(words: Sequence[str], crm_kpi: Run) -> None:
    ran = crm_kpi("metrics", *words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "there are en, vi" in ran.stderr


def test_an_unknown_language_of_the_environment_is_told(crm_kpi: Run) -> None:
    ran = crm_kpi("metrics", env={"CRM_KPI_LANGUAGE": "vn"})
    assert ran.returncode == 2
    assert "CRM_KPI_LANGUAGE: there is no language 'vn'; there are en, vi" in ran.stderr
    assert "did you mean 'vi'?" in ran.stderr or "hint" not in ran.stderr


def test_an_unknown_language_of_the_config_is_told(customers: Path, crm_kpi: Run) -> None:
    ran = crm_kpi("churn-rate", customers, "--set", "report.language=fr")
    assert ran.returncode == 2
    assert "report.language: should be en or vi ('fr')" in ran.stderr


def modules_of(*words: str) -> str:
    """What is imported once the command line has run."""
    program = (
        "import sys; from crm_kpi.cli.app import run; "
        f"run({[*words]!r}); print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    return ran.stderr


def test_english_help_loads_no_texts() -> None:
    for words in (["--help"], ["--language", "en", "--help"], ["nps", "--help"]):
        imported = modules_of(*words)
        assert "crm_kpi.messages" in imported
        assert "crm_kpi.messages." not in imported


def test_help_in_vietnamese_imports_no_more_than_its_texts() -> None:
    imported = modules_of("--help", *VIETNAMESE)
    assert "crm_kpi.messages.vi" in imported
    assert "crm_kpi.messages.en" not in imported
    assert "polars" not in imported
    assert "pydantic" not in imported


def test_an_option_behind_two_dashes_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(language.VARIABLE, raising=False)
    language.begin(["report", "--", "--language", "vi"])
    assert language.current() == "en"
    language.begin(["report", "--language", "vi"])
    assert language.current() == "vi"
    with pytest.raises(UsageError):
        language.begin(["--language", "xx"])
    language.begin([])


def test_a_config_speaks_for_its_own_answers_alone() -> None:
    language.begin([])
    for configured, spoken in (("vi", "vi"), (None, "en")):
        language.take_configured(configured)
        assert language.current() == spoken
    language.begin(["--language", "en"])
    language.take_configured("vi")
    assert language.current() == "en"
    language.begin([])


def test_a_config_in_vietnamese_is_read(demo: Path, crm_kpi: Run) -> None:
    text = (demo / "crm-kpi.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Dữ liệu mẫu của một công ty giả định")
    ran = crm_kpi("init", "customers.csv", "-y", "-o", "mine.yaml", "-q", *VIETNAMESE, cwd=demo)
    assert ran.returncode == 0
    mine = (demo / "mine.yaml").read_text(encoding="utf-8")
    comments = " ".join(line.partition("#")[2] for line in mine.splitlines())
    assert "Cấu hình của crm-kpi" in comments
    assert json.loads(crm_kpi("report", "-c", "mine.yaml", "-f", "json", cwd=demo).stdout)
