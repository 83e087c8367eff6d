"""Where a config is found, and what its keys become."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm_kpi.config import load_config
from crm_kpi.config.model import Config
from crm_kpi.errors import ConfigError
from crm_kpi.sources.spec import DerivedColumn, Preset, SourceSpec

Read = Callable[..., Config]


def put(path: Path, currency: str) -> Path:
    path.write_text(f"currency: {currency}\n", encoding="utf-8")
    return path


def test_a_named_file_goes_before_the_variable_and_the_default(tmp_path: Path) -> None:
    named, of_env = put(tmp_path / "a.yaml", "USD"), put(tmp_path / "b.yaml", "EUR")
    put(tmp_path / "crm-kpi.yaml", "VND")
    env = {"CRM_KPI_CONFIG": str(of_env)}
    assert load_config(named, env=env, cwd=tmp_path).currency == "USD"
    assert load_config(None, env=env, cwd=tmp_path).currency == "EUR"
    assert load_config(None, env={}, cwd=tmp_path).currency == "VND"
    assert load_config(None, env={"CRM_KPI_CONFIG": ""}, cwd=tmp_path).currency == "VND"


def test_paths_of_configs_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    put(tmp_path / "a.yaml", "USD")
    assert load_config(Path("a.yaml"), env={}, cwd=tmp_path).path == tmp_path / "a.yaml"
    assert load_config(None, env={"CRM_KPI_CONFIG": "a.yaml"}, cwd=tmp_path).currency == "USD"


def test_the_default_file_is_named_as_it_stands_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "crm-kpi.yaml", "VND")
    monkeypatch.chdir(tmp_path)
    assert load_config(None, env={}).path == Path("crm-kpi.yaml")


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    config = load_config(None, env={}, cwd=tmp_path)
    assert config.path is None
    assert (config.timezone, config.currency, config.as_of) == ("UTC", None, None)
    assert (config.periods.every, config.periods.fiscal_year_start) == ("month", 1)
    assert (config.limits.rejected_rows, config.limits.low_n) == (Decimal("0.01"), 30)
    assert config.limits.memory is None
    assert config.sources == config.definitions == config.thresholds == config.specs() == {}
    assert config.engine.name == "polars"


@pytest.mark.parametrize("missing", ["no.yaml", "."])
def test_a_named_file_that_cannot_be_read_is_an_error(tmp_path: Path, missing: str) -> None:
    for path, env in ((Path(missing), {}), (None, {"CRM_KPI_CONFIG": missing})):
        with pytest.raises(ConfigError) as caught:
            load_config(path, env=env, cwd=tmp_path)
        (problem,) = caught.value.problems
        assert problem.path == str(tmp_path / missing)
        assert problem.reason.startswith("cannot be read: ")


@pytest.mark.parametrize("empty", ["", "\n# nothing\n", "---\n", "\ufeff", "currency:\nperiods:\n"])
def test_an_empty_file_means_the_defaults(read: Read, empty: str) -> None:
    config = read(empty)
    assert (config.currency, config.periods.every) == (None, "month")


def test_every_kind_of_value(read: Read) -> None:
    config = read("""
timezone: Asia/Ho_Chi_Minh
currency: VND
exchange_rates: {USD: 25400.10, EUR: "27100"}
as_of: 2024-12-31
periods:
  every: quarter
  from: 2024
  to: 2024-W52
  last: 2
  fiscal_year_start: 4
  custom: [{name: Tet 2024, start: 2024-02-08, end: 2024-02-14}]
definitions:
  nps: {scale: [1, 10]}
  retention_of_buyers: {metric: retention_rate, basis: activity, window: 30d}
thresholds:
  nps: {target: 50.5, warning: 40, start: -10}
  csat: [{target: 80}, {target: {An: 90, "*": 70}, by: agent}]
  retention_of_buyers: {target: {2024-Q1: 60, Tet 2024: 50}}
limits: {rejected_rows: 0.5%, low_n: 5}
""")
    assert config.exchange_rates == {"USD": Decimal("25400.10"), "EUR": Decimal(27100)}
    assert config.as_of == date(2024, 12, 31)
    periods = config.periods
    assert (periods.every, periods.from_, periods.to, periods.last) == (
        "quarter", "2024", "2024-W52", 2
    )  # fmt: skip
    assert periods.custom[0].end == date(2024, 2, 14)
    assert config.definitions["nps"].metric == "nps"
    variant = config.definitions["retention_of_buyers"]
    assert variant.metric == "retention_rate"
    assert variant.definition.model_dump() == {"basis": "activity", "window": "30d"}
    (nps,) = config.thresholds["nps"]
    assert (nps.target, nps.warning, nps.start) == (Decimal("50.5"), 40, -10)
    total, by_agent = config.thresholds["csat"]
    assert (total.by, by_agent.by) == (None, "agent")
    assert by_agent.goals("An") == (90, None)
    assert by_agent.goals(None) == by_agent.goals("Binh") == (70, None)
    (buyers,) = config.thresholds["retention_of_buyers"]
    assert (buyers.goals("Tet 2024"), buyers.goals("2024-Q2")) == ((50, None), (None, None))
    assert config.limits.rejected_rows == Decimal("0.005")


def test_scalars_keep_their_own_text_where_a_text_is_meant(read: Read) -> None:
    """YAML 1.1 would make false, 1000, 750, 7, a date and null of these."""
    (block,) = read("""
sources:
  customers:
    path: no
    missing: [no, 1_000, 12:30, 007, 2024-01-31, null, ~, "", 0x1F, .inf]
    where: {status: yes}
    values: {segment: {007: on, 1.50: off}}
    columns: {customer_id: "3", signup_date: 3, name: 2024-01-31}
""").specs()["customers"]
    assert Path(block.paths[0]).name == "no"
    assert block.missing == (
        "no", "1_000", "12:30", "007", "2024-01-31", "null", "~", "", "0x1F", ".inf"
    )  # fmt: skip
    assert block.where == {"status": ("yes",)}
    assert block.values == {"segment": {"007": "on", "1.50": "off"}}
    assert block.columns == {"customer_id": "3", "signup_date": 3, "name": "2024-01-31"}


def test_numbers_are_exact(read: Read) -> None:
    rates = read("{currency: VND, exchange_rates: {USD: 0.1, JPY: 1234567890123456.7891}}")
    assert rates.exchange_rates == {"USD": Decimal("0.1"), "JPY": Decimal("1234567890123456.7891")}


@pytest.mark.parametrize(
    ("written", "share"),
    [("1%", "0.01"), ("0.5 %", "0.005"), ("0.01", "0.01"), ("0", "0"), ("0%", "0"), ("100%", "1")],
)
def test_shares(read: Read, written: str, share: str) -> None:
    assert read(f"limits: {{rejected_rows: {written}}}").limits.rejected_rows == Decimal(share)


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("512MiB", 512 << 20),
        ("512 mib", 512 << 20),
        ("2GB", 2_000_000_000),
        ("1.5GiB", 3 << 29),
        ("64kB", 64_000),
        ("1TiB", 1 << 40),
        ("4096", 4096),
        ("4096 B", 4096),
    ],
)
def test_sizes(read: Read, written: str, size: int) -> None:
    assert read(f"limits: {{memory: {written}}}").limits.memory == size
    assert read("", f"limits.memory={written}").limits.memory == size


def test_specs_are_what_the_loader_takes(tmp_path: Path) -> None:
    folder = tmp_path / "shop [1]"
    folder.mkdir()
    path = folder / "crm-kpi.yaml"
    path.write_text(
        """
sources:
  opportunities:
    path: [deals.csv, "2024-*.csv", /data/old.csv, "-"]
    columns:
      amount: {product: [Quantity, UnitPrice]}
      created_at: {join: [Date, Time]}
      closed_at: {after: created_at, minutes: Minutes open}
    dates: {created_at: "%d/%m/%Y %H:%M", expected_close: excel}
    numbers: "1.234,56"
    delimiter: tab
    sheet: 2
    exclude: {stage: [Test, Deleted]}
    duplicates: drop
  surveys:
    - {path: a.csv, constants: {survey: nps}}
    - {path: b.csv, constants: {survey: csat}}
""",
        encoding="utf-8",
    )
    specs = load_config(path, env={}).specs()
    assert specs["opportunities"] == (
        SourceSpec(
            table="opportunities",
            paths=(
                str(folder / "deals.csv"),
                str(tmp_path / "shop [[]1]" / "2024-*.csv"),
                "/data/old.csv",
                "-",
            ),
            columns={
                "amount": DerivedColumn(product=("Quantity", "UnitPrice")),
                "created_at": DerivedColumn(join=("Date", "Time")),
                "closed_at": DerivedColumn(after="created_at", minutes="Minutes open"),
            },
            dates={"created_at": "%d/%m/%Y %H:%M", "expected_close": "excel"},
            numbers="1.234,56",
            delimiter="\t",
            sheet=2,
            exclude={"stage": ("Test", "Deleted")},
            duplicates="drop",
        ),
    )
    assert [spec.constants for spec in specs["surveys"]] == [{"survey": "nps"}, {"survey": "csat"}]


def test_paths_without_a_config_file_stay_as_given(tmp_path: Path) -> None:
    config = load_config(None, ["sources.customers.path=a.csv"], env={}, cwd=tmp_path)
    assert config.specs()["customers"][0].paths == ("a.csv",)


def test_a_preset_of_the_users_own_is_read_with_the_config(tmp_path: Path) -> None:
    """Its faults are those of the config, whether or not anybody asks for the sources."""
    config = tmp_path / "c.yaml"
    config.write_text("sources: {transactions: {path: a.csv, preset: ours.yaml}}")
    with pytest.raises(ConfigError) as caught:
        load_config(config, env={})
    (problem,) = caught.value.problems
    assert (problem.path, problem.hint) == (
        str(tmp_path / "ours.yaml"),
        "check preset:, which is relative to the config",
    )
    (tmp_path / "ours.yaml").write_text("columns: {amount: Sum}")
    (spec,) = load_config(config, env={}).specs()["transactions"]
    assert isinstance(spec.preset, Preset)
    assert (spec.preset.name, spec.preset.spec.columns) == ("ours", {"amount": "Sum"})


def test_a_config_cannot_be_changed(read: Read) -> None:
    with pytest.raises(ValueError, match="frozen"):
        read("currency: VND").currency = "USD"


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import crm_kpi.config", "pydantic yaml polars narwhals"),
        ("from crm_kpi.config import load_config; load_config(None, env={})", "yaml narwhals"),
        (
            "from crm_kpi.config import load_config; load_config(None, ['currency=VND'], env={})",
            "polars narwhals",
        ),
    ],
)
def test_what_is_not_needed_is_not_imported(code: str, absent: str, tmp_path: Path) -> None:
    check = f"import sys; {code}; print([m for m in {absent.split()} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
