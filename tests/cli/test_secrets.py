"""Nothing that a user or a server would have to be trusted with stands in any output."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from crm_kpi.cli import app
from crm_kpi.cli.process import code_of

HERE = "127.0.0.1:1"  # where nothing answers
SECRET = "ECRET"  # its first letter may be written %53
URLS = (
    f"me:SECRET@{HERE}/d",
    f"me:%53ECRET@{HERE}/d",
    f"SECRET@{HERE}/d",
    f"me:a/SECRET@{HERE}/d",
    f"me:a?SECRET@{HERE}/d",
    f"me:12?SECRET@{HERE}/d",
    f"me:a#SECRET@{HERE}/d",
    f"me:a;SECRET@{HERE}/d",
    f"me:SECRET@SECRET@{HERE}/d",
    f"me:a SECRET@{HERE}/d",
    f"me%3ASECRET%40{HERE}/d",
    f"me%253ASECRET%2540{HERE}/d",
    f"h1:1,me:SECRET@{HERE}/d",
    "me:SECRET@[::1]:1/d",
    "me:SECRET@[::1/d",
    "127.0.0.1:SECRET/d",
    "/me:SECRET@127.0.0.1/d",
    f"{HERE}/d?password=SECRET",
    f"{HERE}/d?passw%6Frd=SECRET",
    f"{HERE}/d?%70assword=a&sslpassword=SECRET",
    f"{HERE}/d?user=me&SECRET",
    f"{HERE}/d?SECRET=1",
    f"{HERE}/d?sslmode=SECRET",
    f"{HERE}/d?connect_timeout=SECRET",
    f"{HERE}/d?application_name=SECRET",
    f"{HERE}/d?host=SECRET",
    f"{HERE}/d?password=a@SECRET",
    f"{HERE}/d%3Fpassword=SECRET",
    f"{HERE}/d%253Bpw=SECRET",
    f"{HERE}/d;pw=SECRET",
    f"{HERE}/;token=SECRET",
    f"{HERE}/;token=SECRET;user_id=me@x",
    f"{HERE}/;token=a/SECRET",
    f"{HERE}/d#SECRET",
    f"{HERE}/d#a@SECRET",
    f"${{USER}}:${{SECRET}}@{HERE}/d",
)
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs a command here; its exit code, and all that it says."""
    monkeypatch.chdir(tmp_path)
    for name in ("PGPASSWORD", "PGSERVICE", "PGHOST", "CRM_KPI_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    Path("orders.csv").write_text("customer_id,date,amount\nA,2024-01-02,5\n", encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["crm-kpi", *words])
        code = code_of(lambda: app.run([*words]))
        out, err = capsys.readouterr()
        return code, out + err

    return run


COMMANDS = ("report", "-v"), ("validate", "-v", "-f", "json"), ("check", "-v", "-f", "json")


def repeats(text: str) -> bool:
    """Whether a secret is said; the names of variables that hold one may be."""
    return SECRET in re.sub(r"CRM_KPI_SECRET_\w*", "", text)


def keeps(say: Say, number: int, *words: str) -> None:
    """The command does not say the secret, and does not end as a fault of the program."""
    command = COMMANDS[number // 5 % len(COMMANDS)]
    code, text = say(*command, *words)
    assert code in (2, 3), (command, words, text)
    assert not repeats(text), (command, words)


def addresses(*schemes: str) -> pytest.MarkDecorator:
    """Every URL with its number, and one of the schemes before it."""
    urls = [f"{schemes[i % len(schemes)]}://{rest}" for i, rest in enumerate(URLS)]
    urls += [f"host=127.0.0.1 port=1 password={quote}SECRET{quote}" for quote in ("", "'")]
    urls += ["me:SECRET@h", "me:SECRET@[::1]", f" {urls[0]}"]
    return pytest.mark.parametrize(("number", "url"), [*enumerate(urls)])


def some(texts: Sequence[str], number: int) -> Iterator[tuple[int, str]]:
    """A fifth of the texts with their numbers, another fifth for the next URL."""
    return ((i, text) for i, text in enumerate(texts, number) if i % 5 == 0)


SET = (
    "sources.transactions.database={text}",
    " sources . transactions . database ={text}",
    "sources.transactions.databse={text}",
    "sources.transactions.Password={text}",
    "sources.transactions.password=SECRET",
    "sources.transactions={{database: {quoted}, query: select 1}}",
    "sources.transactions={{database: {quoted}, query: x, password: SECRET}}",
    "sources.transactions=[{{database: [{quoted}], query: select 1}}]",
    "sources.transactions.path={text}",
    "sources.transactions={text}",
    "sources={text}",
    "sources.transactions.path={quoted}{{",
    "sources={{transactions: {{{quoted}: x}}}}",
    "password=SECRET",
    "currency={text}",
    "timezone={text}",
    "periods={{every: {quoted}}}",
    "periods={{{quoted}: 1}}",
    "as_of={text}",
    "{text}",
    "{text}=1",
    "sources.transactions.database:{text}",
    "database.{text}=x",
)


@addresses("postgresql", "POSTGRES", "mysql", "mssql", "https")
def test_no_word_of_set_is_repeated_with_a_secret(say: Say, number: int, url: str) -> None:
    for i, word in some(SET, number):
        text = word.format(text=url, quoted=json.dumps(url))
        keeps(say, number + i, "--set", text, "--set", "sources.transactions.query=select 1")


SPARK = (
    "engine.remote={text}",
    "engine.master={text}",
    "engine.remot={text}",
    "engine={{remote: {quoted}}}",
    "engine={{name: spark, master: {quoted}}}",
    "engine={text}",
)


@addresses("sc", "spark", "k8s", "yarn")
def test_no_address_of_spark_is_repeated_with_a_secret(say: Say, number: int, url: str) -> None:
    for _, word in some(SPARK, number):
        text = word.format(text=url, quoted=json.dumps(url))
        words = ("--transactions", "orders.csv", "--set", text, "--engine", "spark")
        code, said = say("report", "-v", *words)
        assert code == 2, (words, said)
        assert SECRET not in said, words


FILES = (
    "sources: {{transactions: {{database: {quoted}, query: select 1}}}}",
    "sources: {{transactions: {{databse: {quoted}, query: select 1}}}}",
    "sources:\n  transactions:\n    database: {text}\n   query: select 1",
    "sources:\n  transactions:\n    database: {text}: x\n    query: select 1",
    "sources:\n  transactions:\n    database: \"{text}\n    query: 'select 1'",
    "sources:\n  transactions: {{database: !{text} x, query: select 1}}",
    "sources:\n  transactions: {{database: &SECRET x, query: *SECRET}}",
    "sources: {{transactions: {quoted}}}",
    "sources: {{transactions: {{path: {quoted}}}}}",
    "sources: {{transactions: {{path: orders.csv, preset: {quoted}}}}}",
    "sources: {{transactions: {{path: orders.csv, preset: {preset}}}}}",
    "sources: {{{quoted}: {{path: orders.csv}}}}",
    "{quoted}: 1",
    "currency: {quoted}",
    "limits: {{memory: {quoted}, rejected_rows: {quoted}}}",
    "thresholds: {{revenue: {quoted}}}",
    "cache: {{folder: {quoted}}}",
    "engine: {quoted}",
    "sources: {{transactions: {{database: 'sqlite:///no.db', query: {quoted}}}}}",
    "sources: {{transactions: {{database: {quoted}, path: x, query: [1]}}}}",
)


@addresses("postgresql", "sqlite", "https")
def test_no_config_is_repeated_with_a_secret(say: Say, number: int, url: str) -> None:
    for i, file in some(FILES, number):
        quoted = json.dumps(url)
        content = file.format(text=url, quoted=quoted, preset=json.dumps(f"{url}.yaml"))
        Path("c.yaml").write_text(content, encoding="utf-8")
        keeps(say, number + i, "-c", "c.yaml")


PATHS = (
    "init {url}",
    "init --transactions {url}",
    "revenue -v {url}",
    "validate -v {url}",
    "report -c {url}",
    "metrics -c {url}",
    "report -v --transactions {url}",
    "report --engine {url}",
    "report --transactions orders.csv -o {url}/x",
    "revenue orders.csv --as-of {url}",
    "revenue orders.csv --from {url}",
)


@addresses("postgresql", "s3", "https")
def test_no_path_is_repeated_with_a_secret(say: Say, number: int, url: str) -> None:
    for _, line in some(PATHS, number):
        words = [url if word == "{url}" else word.format(url=url) for word in line.split()]
        assert not repeats(say(*words)[1]), words


def test_no_answer_repeats_a_secret(say: Say) -> None:
    import sqlite3

    with sqlite3.connect("shop.db") as connection:
        connection.execute("create table orders (customer_id, date, amount)")
        connection.execute("insert into orders values ('A', '2024-01-02', 5)")
    sql = "select * from orders -- password=SECRET postgresql://me:SECRET@h/d?x=SECRET"
    Path("c.yaml").write_text(
        "sources:\n"
        f"  transactions: {{database: 'sqlite:///shop.db', query: '{sql}'}}\n"
        "  costs: {path: 'https://h/costs.csv?x=SECRET'}\n",
        encoding="utf-8",
    )
    for form in ("json", "table", "markdown", "csv", "ndjson"):
        code, text = say("revenue", "-v", "-c", "c.yaml", "-f", form)
        assert (code, SECRET in text) == (0, False), text
    paths = json.loads(say("report", "-q", "revenue", "-c", "c.yaml", "-f", "json")[1])["sources"]
    assert [source["paths"][0].partition(" --")[0] for source in paths.values()] == [
        "sqlite:///shop.db: select * from orders",
        "https://h/costs.csv",
    ]


def test_a_fault_of_the_program_repeats_no_secret(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("cannot open postgresql://me:SECRET@h/d?password=SECRET")

    monkeypatch.setattr("crm_kpi.cli.report.run_report", fail)
    code, text = say("report", "-v")
    assert (code, SECRET in text) == (1, False)
    assert "postgresql://h/d" in text
