"""`crm-kpi mcp`: asked as an assistant asks, by the protocol's own client."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")
from mcp import Client, StdioServerParameters, stdio_client

from crm_kpi.cli.assistants import Tools, server
from crm_kpi.cli.options import ConfigOptions

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "samples" / "crm-kpi.yaml"
Ask = Callable[..., Any]


def asked(config: Path, name: str, **arguments: Any) -> Any:
    """What a tool answers; its error as text."""

    async def ask() -> Any:
        async with Client(server(Tools(ConfigOptions(config=config)))) as client:
            return await client.call_tool(name, arguments)

    answer = asyncio.run(ask())
    (first, *_) = answer.content
    if answer.is_error:
        return first.text
    return answer.structured_content or json.loads(first.text)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "sales.csv").write_text(
        "customer_id,date,amount\nA,2024-01-05,10\nB,2024-02-07,20.5\n", encoding="utf-8"
    )
    config = tmp_path / "own.yaml"
    config.write_text(
        "as_of: 2024-02-29\nsources: {transactions: {path: sales.csv}}\n"
        "metrics: {twice: {formula: 2 * revenue, unit: money, title: Twice}}\n",
        encoding="utf-8",
    )
    return config


def test_the_tools_read_only() -> None:
    async def tools() -> list[Any]:
        async with Client(server(Tools(ConfigOptions(config=CONFIG)))) as client:
            return (await client.list_tools()).tools

    found = asyncio.run(tools())
    assert [tool.name for tool in found] == [
        "list_metrics",
        "explain_metric",
        "compute",
        "drivers",
        "validate",
    ]
    assert all(tool.annotations.read_only_hint for tool in found)
    assert all(tool.description for tool in found)


def test_what_there_is(own: Path) -> None:
    found = asked(own, "list_metrics")["result"]
    titles = {each["metric"]: each["title"] for each in found}
    assert titles["nps"] == "Net Promoter Score"
    assert titles["twice"] == "Twice"
    surveys = asked(own, "list_metrics", domain="surveys")["result"]
    assert {each["domain"] for each in surveys} == {"surveys"}
    assert asked(own, "list_metrics", domain="moon").find("there is no domain moon - ") > 0


def test_what_a_number_means() -> None:
    told = asked(CONFIG, "explain_metric", metric="LTV")
    assert told["metric"] == "clv"
    assert {"formula", "definition", "needs", "sources"} <= told.keys()


def test_numbers_come_with_their_account(own: Path) -> None:
    answer = asked(own, "compute", metrics=["revenue", "twice"], last=1)
    values = {each["metric"]: each["value"] for each in answer["results"]}
    assert values == {"revenue": 20.5, "twice": 41}
    assert {"n", "low", "status", "reason", "definition"} <= answer["results"][0].keys()
    assert answer["sources"]["transactions"]["used"] == 2


def test_it_is_what_json_says() -> None:
    answer = asked(CONFIG, "compute", metrics=["nps"], by=["segment"], last=2, every="quarter")
    import crm_kpi

    theirs = crm_kpi.report("nps", config=CONFIG, by="segment", last=2, every="quarter")
    assert [each["value"] for each in answer["results"]] == [
        pytest.approx(result.value) for result in theirs.results
    ]


def test_lists_of_customers_stay_out() -> None:
    answer = asked(CONFIG, "compute", metrics=["nps", "unresolved", "cohorts"], last=1)
    assert set(answer["tables"]) == {"cohorts"}
    assert any("unresolved" in note for note in answer["notes"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"metrics": []}, "name at least one KPI"),
        ({"metrics": ["npss"]}, "no metric 'npss' - did you mean 'nps'?"),
        ({"metrics": ["nps"], "by": ["moon"]}, "--by moon: no table that is read has such"),
        ({"metrics": ["nps"], "last": 0}, "the config has a fault"),
        (
            {"metrics": ["revenue"], "every": "day", "by": ["segment"], "from_period": "2022"},
            "more than an assistant can read",
        ),
    ],
)
def test_errors_are_words(arguments: dict[str, Any], words: str) -> None:
    told = asked(CONFIG, "compute", **arguments)
    assert isinstance(told, str)
    assert words in told
    assert "Traceback" not in told


def test_why_it_moved() -> None:
    told = asked(CONFIG, "drivers", metric="revenue", by=["segment"], period="2024-Q4")
    whole, *parts = [row for row in told["tables"]["drivers"] if row["factor"] is None]
    assert sum(row["total"] for row in parts) == whole["total"] != 0
    assert "no metric 'npss'" in asked(CONFIG, "drivers", metric="npss", by=["segment"])


def test_how_rows_were_read() -> None:
    told = asked(CONFIG, "validate")
    assert told["sources"]["customers"]["used"] > 0


def test_over_stdio(own: Path) -> None:
    async def ask() -> Any:
        words = ["-m", "crm_kpi", "mcp", "-c", str(own)]
        where = StdioServerParameters(
            command=sys.executable, args=words, env={"PYTHONPATH": str(ROOT)}
        )
        async with Client(stdio_client(where)) as client:
            return await client.call_tool("compute", {"metrics": ["revenue"], "last": 1})

    answer = asyncio.run(ask())
    assert not answer.is_error
    assert answer.structured_content["results"][0]["value"] == 20.5
