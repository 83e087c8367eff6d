"""The door for Python says what the command line says."""

from __future__ import annotations

import json
import subprocess
import sys
import typing
from datetime import date
from importlib import resources
from pathlib import Path

import polars as pl
import pytest

import crm_kpi
from crm_kpi.cli import process

SAMPLES = Path(__file__).parents[1] / "samples"
CONFIG = SAMPLES / "crm-kpi.yaml"
ORDERS = "transaction_id,customer_id,date,amount\n1,A,2024-01-05,10\n2,B,2024-02-07,20.5\n"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


@pytest.fixture(scope="module")
def answer() -> crm_kpi.Answer:
    return crm_kpi.report("nps", "revenue", "cohorts", config=CONFIG, by="region", last=3)


def test_importing_it_loads_nothing() -> None:
    code = (
        "import sys, crm_kpi; before = set(sys.modules); from crm_kpi import report, load_config;"
        "assert not {'crm_kpi.api'} & before, before;"
        "assert not {'polars', 'pydantic', 'yaml', 'narwhals'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'reprot'"):
        crm_kpi.reprot  # noqa: B018
    assert set(dir(crm_kpi)) == set(crm_kpi.__all__)
    assert all(hasattr(crm_kpi, name) for name in crm_kpi.__all__)


def test_it_is_typed() -> None:
    assert resources.files(crm_kpi).joinpath("py.typed").is_file()
    assert typing.get_type_hints(crm_kpi.report, vars(crm_kpi.api) | _types())["last"] == int | None


def _types() -> dict[str, object]:
    from crm_kpi.config.model import Config

    return {"Config": Config}


def test_the_same_answer_as_the_command_line(
    answer: crm_kpi.Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    assert capsys.readouterr() == ("", "")
    words = ["nps", "revenue", "cohorts", "-c", str(CONFIG), "--by", "region", "--last", "3"]
    monkeypatch.setattr(sys, "argv", ["crm-kpi", "report", *words, "-qf", "json"])
    assert process.code_of() == 0
    answer.save(tmp_path / "answer.json")
    assert (tmp_path / "answer.json").read_text() == capsys.readouterr().out


def test_what_the_kpis_are_and_what_there_is_to_know(answer: crm_kpi.Answer) -> None:
    assert [*answer.metrics] == ["revenue", "nps", "cohorts"]
    assert answer.metrics["nps"].short_title == "NPS"
    assert [(f.level, f.metric, f.period) for f in answer.findings][:1] == [
        ("warning", "nps", "2024-Q4")
    ]
    columns = {"change_low", "usual_low", "significant", "unusual", "unusual_side"}
    for metric in ("nps", "revenue"):
        frame = answer[metric]
        assert columns <= set(frame.columns)
        assert frame["change_low"].dtype == frame["usual_low"].dtype == pl.Float64
        assert frame["significant"].dtype == frame["unusual"].dtype == pl.Boolean


def test_a_value(answer: crm_kpi.Answer) -> None:
    nps = {r.period: r.value for r in answer.results if r.metric == "nps" and not r.segment}
    assert answer.value("nps") == nps["2024-Q4"] is not None
    assert answer.value("nps", "2024-Q2") == nps["2024-Q2"]
    segment = {"region": "Hà Nội"}
    (there,) = [
        r.value
        for r in answer.results
        if (r.metric, r.period, r.segment) == ("nps", "2024-Q4", segment)
    ]
    assert answer.value("nps", segment=segment) == there


@pytest.mark.parametrize(
    ("ask", "what", "hint"),
    [
        (lambda a: a.value("nps", "2024-11"), "nps has no period 2024-11", "2024-Q2, 2024-Q3"),
        (lambda a: a.value("nps", segment={"region": "Huế?"}), "nps has no segment", None),
        (lambda a: a.value("npss"), "npss is not in this answer", "did you mean 'nps'?"),
        (lambda a: a["csat"], "csat is not in this answer", None),
        (lambda a: a.save("answer.docx"), "no format has this ending", None),
        (lambda a: a.save("answer"), "no format has this ending", None),
        (lambda a: a.save(CONFIG.with_suffix(".csv").with_stem("customers")), "is an input", None),
    ],
)
def test_what_an_answer_does_not_have(answer, ask, what: str, hint: str | None) -> None:
    with pytest.raises(crm_kpi.UsageError) as caught:
        ask(answer)
    assert what in caught.value.message
    assert hint is None or hint in (caught.value.hint or "")


def test_why_a_kpi_is_not_there(orders: Path) -> None:
    answer = crm_kpi.report(transactions=orders, as_of="2024-02-29")
    with pytest.raises(crm_kpi.UsageError) as caught:
        answer.value("nps")
    assert caught.value.hint == "no surveys source"


def test_frames(answer: crm_kpi.Answer) -> None:
    nps = answer["nps"]
    assert nps.height == sum(result.metric == "nps" for result in answer.results)
    types = {name: nps.schema[name] for name in ("period", "start", "partial", "value", "n")}
    assert types == {
        "period": pl.String,
        "start": pl.Date,
        "partial": pl.Boolean,
        "value": pl.Float64,
        "n": pl.Int64,
    }
    assert nps.schema["reason"] == pl.String
    assert nps["segment.region"].n_unique() > 2
    assert answer["revenue"].schema["value"] == pl.Float64
    assert answer["cohorts"].to_dicts() == [
        {name: value if value is None or name != "share" else float(value)}
        | {**row, "share": None if row["share"] is None else float(row["share"])}
        for row in answer.tables["cohorts"]
        for name, value in [next(iter(row.items()))]
    ]


@pytest.mark.parametrize("ending", [".txt", ".json", ".ndjson", ".csv", ".md"])
def test_every_format_is_saved_by_its_ending(orders: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"answer{ending}"
    crm_kpi.report("revenue", transactions=orders, as_of="2024-02-29").save(str(path))
    assert "revenue" in path.read_text()


def test_periods_and_settings(orders: Path) -> None:
    answer = crm_kpi.report(
        "revenue",
        transactions=orders,
        as_of=date(2024, 2, 29),
        every="quarter",
        set={"limits.low_n": 1, "timezone": "Asia/Ho_Chi_Minh", "currency": "USD"},
    )
    (result,) = answer.results
    assert (result.period, float(result.value or 0), result.unit) == ("2024-Q1", 30.5, "USD")
    assert answer.config.timezone == "Asia/Ho_Chi_Minh"


def test_where_takes_one_value_several_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "transaction_id,customer_id,date,amount,shop\n"
        "1,A,2024-01-05,1,N\n2,B,2024-01-07,2,S\n3,C,2024-01-08,4,\n"
    )

    def revenue(where: dict[str, object]) -> float:
        answer = crm_kpi.report("revenue", transactions=path, where=where, as_of="2024-01-31")
        return float(answer.value("revenue") or 0)

    assert revenue({"shop": "N"}) == 1
    assert revenue({"shop": ["N", "S"]}) == 3
    assert revenue({"shop": None}) == 4
    assert revenue({"shop": [None, "S"]}) == 6


def test_a_loaded_config_is_asked_again_with_more(orders: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("sources: {transactions: {path: orders.csv}}\nas_of: 2024-02-29\n")
    config = crm_kpi.load_config(file, set={"limits.low_n": 1})
    answer = crm_kpi.report("revenue", config=config, last=1)
    assert [(r.period, r.status) for r in answer.results] == [("2024-02", "ok")]
    again = crm_kpi.report("revenue", config=answer.config)
    assert again.results == answer.results


def test_faults_are_those_of_the_command_line(tmp_path: Path) -> None:
    with pytest.raises(crm_kpi.ConfigError) as caught:
        crm_kpi.report("revenue", config=CONFIG, last=0)
    assert [problem.path for problem in caught.value.problems] == ["--last 0"]
    with pytest.raises(crm_kpi.UsageError, match="no metric 'nsp'"):
        crm_kpi.report("nsp", config=CONFIG)
    with pytest.raises(crm_kpi.DataError, match=r"none\.csv"):
        crm_kpi.report("revenue", transactions=tmp_path / "none.csv")
    with pytest.raises(crm_kpi.UsageError, match="no table 'transaction'"):
        crm_kpi.report("revenue", transaction=tmp_path / "none.csv")


def test_what_it_reads_is_what_json_says(orders: Path, tmp_path: Path) -> None:
    answer = crm_kpi.report("revenue", transactions=orders, as_of="2024-02-29")
    answer.save(tmp_path / "a.json")
    saved = json.loads((tmp_path / "a.json").read_text())
    assert saved["sources"]["transactions"]["used"] == answer.sources["transactions"].used == 2
    assert repr(answer) == "<crm_kpi.Answer as of 2024-02-29: revenue>"


def test_files_add_up_and_no_config_that_nobody_names_is_read(
    orders: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    more = tmp_path / "more.csv"
    more.write_text("Order ID,Customer,Date,Total\n3,C,2024-02-08,1\n")
    (tmp_path / "crm-kpi.yaml").write_text("currency: VND\nsources: {customers: {path: no.csv}}\n")
    monkeypatch.chdir(tmp_path)
    answer = crm_kpi.report("revenue", transactions=[orders, more], every="all")
    assert float(answer.value("revenue") or 0) == 31.5
    assert (answer.report.currency, [*answer.sources]) == (None, ["transactions"])
    assert capsys.readouterr() == ("", "")


def test_an_answer_of_several_tables_is_saved_into_a_folder(
    answer: crm_kpi.Answer, tmp_path: Path
) -> None:
    with pytest.raises(crm_kpi.UsageError, match="the results, cohorts"):
        answer.save(tmp_path / "a.csv")
    answer.save(f"{tmp_path}/out/", excel=True)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "cohorts.csv",
        "results.csv",
    ]
    assert (tmp_path / "out" / "cohorts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not (tmp_path / "a.csv").exists()


def test_frames_for_pandas(answer: crm_kpi.Answer) -> None:
    nps = answer.pandas("nps")
    assert nps["value"].dtype == "float64"
    assert str(nps["start"].dtype).startswith("datetime64")
    assert [*nps.columns] == answer["nps"].columns
    assert len(answer.pandas()) == answer.frame().height == len(answer.results)
    with pytest.raises(crm_kpi.UsageError):
        answer.pandas("csat")


def test_a_notebook_shows_it(answer: crm_kpi.Answer) -> None:
    shown = answer._repr_html_()
    assert shown.count("<tr>") > 3
    assert "Net Promoter Score" in shown
    assert "<script" not in shown
    assert shown == answer._repr_html_()


def test_a_notebook_shows_strange_words_as_words(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("response_id,answered_at,survey,score,comment\n1,2024-01-05,nps,1,<b>N</b>\n")
    shown = crm_kpi.report("feedback", surveys=path, as_of="2024-01-31")._repr_html_()
    assert "&lt;b&gt;N" in shown
    assert "<b>N" not in shown
