"""A question of meaning, from headers to the account: with one that leaves out test rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from crm_kpi.errors import DataError, UsageError
from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Outcome, Reading
from crm_kpi.sources import SourceSpec
from crm_kpi.sources.loading import cache, loader, out_of_core
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer
from crm_kpi.sources.meaning import asking
from crm_kpi.sources.meaning.question import BlockRows, HeaderView, LeftOut, Question
from crm_kpi.sources.spec import ReadOptions
from tests.sources.conftest import AS_OF, read

ROWS = "date,amount,Sandbox\n2024-01-01,10,no\n2024-01-02,oops,yes\n2024-01-03,20,yes\n"


def _told(count: int, words: Message) -> tuple[Message, Message]:
    sentence = text("loading.left_out", count=count, option=words, column="Sandbox")
    return sentence, text("loading.repeats", count=count, column="Sandbox")


class Sandbox(Question):
    """Whether rows of a sandbox count."""

    name = "sandbox"
    title = text("meaning.open")
    tables = frozenset({"transactions"})
    left_out = 0

    @classmethod
    def headers(cls, view: HeaderView) -> HeaderAnswer:
        return HeaderAnswer(reads=tuple(h for h in view.headers if h == "Sandbox"))

    def rows(self, rows: BlockRows) -> None:
        marked = rows.text("Sandbox")
        assert marked is not None
        self.left_out = rows.leave_out(marked == "yes", "sandbox", _told, marked)

    def readings(self) -> Iterable[Reading]:
        gone, stay = text("meaning.proved"), text("meaning.declared")
        option = "limits.open_meaning"
        outcomes = (Outcome(gone, option, "note", text("meaning.open")), Outcome(stay, option, "x"))
        why = text("meaning.conventional")
        yield Reading("Sandbox", gone, How.OPEN, why, self.left_out, outcomes, short=stay)


@pytest.fixture(autouse=True)
def _asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ORDER", (Sandbox,))


def test_rows_that_are_left_out_are_counted_and_no_rejects() -> None:
    loaded = read("transactions", ROWS, open_meaning="note")
    audit = loaded.audit
    assert (audit.rows, audit.used, audit.excluded, audit.rejected) == (3, 1, 2, 0)
    assert loaded.frame.columns == ["date", "amount"]
    assert audit.left_out == ["2 more rows of the same Sandbox"]
    assert [(r.column, r.how, r.rows) for r in audit.meaning] == [("Sandbox", How.OPEN, 2)]
    assert "declared" in audit.assumed


def test_an_open_reading_is_refused_with_each_outcome_and_what_to_paste() -> None:
    with pytest.raises(DataError) as refused:
        read("transactions", ROWS)
    assert str(refused.value) == (
        "transactions, column 'Sandbox': conventional: proved (open) or declared"
    )
    hint = str(refused.value.hint)
    assert "--set 'limits.open_meaning=note' or --set 'limits.open_meaning=x'" in hint


def test_validate_reads_on_and_lists_it() -> None:
    assert read("transactions", ROWS, everything=True).audit.meaning


def test_other_headers_raise_no_question() -> None:
    assert read("transactions", ROWS.replace("Sandbox", "Box")).audit.meaning == []


def test_the_cache_keeps_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    (tmp_path / "t.csv").write_text(ROWS)
    specs = {"transactions": [SourceSpec("transactions", ("t.csv",))]}
    options = ReadOptions(AS_OF, open_meaning="note")
    kept = [
        cache.load_all(specs, options, tmp_path / "kept", loader.load_all, print)["transactions"]
        for _ in range(2)
    ]
    assert kept[0].audit == kept[1].audit
    (reading,) = kept[1].audit.meaning
    assert reading.outcomes[0].what.key == "meaning.proved"


def test_out_of_core_refuses_what_has_to_see_all_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_core, "HELD", 1 << 40)
    (tmp_path / "t.csv").write_text(ROWS.replace("oops", "15"))
    specs = {"transactions": [SourceSpec("transactions", ("t.csv",))]}
    options = ReadOptions(AS_OF, open_meaning="note")
    with pytest.raises(UsageError, match="open has to see all rows at once"):
        out_of_core.load_all(specs, options, tmp_path, 1 << 30)
    monkeypatch.setattr(Sandbox, "in_parts", True)
    loaded = out_of_core.load_all(specs, options, tmp_path, 1 << 30)["transactions"]
    assert (loaded.audit.used, loaded.audit.left_out) == (1, ["2 more rows of the same Sandbox"])


def test_what_is_left_out_in_parts_is_added_up() -> None:
    parts = [
        LeftOut("a", 2, _told, {"x": 2}),
        LeftOut("b", 1, _told),
        LeftOut("a", 1, _told, {"y": 1}),
    ]
    assert LeftOut.added_up(parts) == [LeftOut("a", 3, _told, {"x": 2, "y": 1}), parts[1]]
    assert parts[0].messages[0] == "2 rows left out by x: Sandbox"


def test_a_line_to_paste_is_quoted_for_a_shell() -> None:
    outcome = Outcome(text("meaning.open"), "sources.leads.status", "{'x y': open}")
    assert outcome.line == "--set 'sources.leads.status={'\"'\"'x y'\"'\"': open}'"


def test_readings_are_in_the_schema() -> None:
    from crm_kpi.output_schema import output_schema

    properties = output_schema()["$defs"]["source"]["properties"]["meaning"]["items"]["properties"]
    assert list(properties) == ["column", "reading", "how", "evidence", "rows"]
