"""Tables from https addresses, as a user asks for them: from loopback, under a real certificate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from crm_kpi.cli import app
from crm_kpi.cli.process import code_of
from tests.sources.io.web.tls_server import Server, running, send

from .conftest import ROOT, Run

TABLE = b"customer_id,date,score\nA,2024-01-02,10\nB,2024-01-03,9\nC,2024-01-09,3\nD,2024-02-01,7\n"
SECRET = "ECRET"


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as server:
        server.serve("/answers.csv", TABLE)
        yield server


@pytest.fixture
def fetch(crm_kpi: Run, server: Server, tmp_path: Path) -> Run:
    """Runs the program where the server's authority is trusted, with settings of its own."""
    trust = server.trust_file(tmp_path)

    def run(*words: str, env: dict[str, str] | None = None, **more: object):  # type: ignore[no-untyped-def]
        home = {"XDG_CONFIG_HOME": str(tmp_path / "settings"), "HOME": str(tmp_path)}
        caches = {"XDG_CACHE_HOME": str(tmp_path / "caches"), "SSL_CERT_FILE": trust}
        return crm_kpi(*words, env=home | caches | (env or {}), **more)

    return run


def allowed(server: Server) -> tuple[str, ...]:
    return ("--allow-net", f"127.0.0.1:{server.port}")


def here(server: Server, path: str = "/answers.csv?token=SECRET") -> str:
    return server.url(path, "127.0.0.1")


def config(folder: Path, server: Server, more: str = "", keys: str = "") -> str:
    path = folder / "crm-kpi.yaml"
    text = f"sources:\n  surveys:\n    path: {here(server)}\n    constants: {{survey: nps}}\n"
    path.write_text(f"{text}{more}{keys}", "utf-8")
    return str(path)


def value(done: object) -> float:
    assert done.returncode == 0, done.stderr  # type: ignore[attr-defined]
    results = json.loads(done.stdout)["results"]  # type: ignore[attr-defined]
    found: float = results[0]["value"]
    return found


def test_a_file_that_is_an_address(fetch: Run, server: Server) -> None:
    done = fetch("nps", here(server), *allowed(server), "-f", "json", "--every", "all")
    assert value(done) == 25
    report = json.loads(done.stdout)
    source = report["sources"]["surveys"]
    assert source["paths"] == [here(server, "/answers.csv")]
    assert source["bytes"] == len(TABLE)
    assert len(source["sha256"][0]) == 64
    assert report["as_of"] == "2024-02-01"
    assert len(server.asked) == 1
    assert "fetched" not in done.stderr
    done = fetch("nps", here(server), *allowed(server), "-v")
    assert f"note: {here(server, '/answers.csv')}: fetched, {len(TABLE)} bytes" in done.stderr


def test_an_option_of_a_table(fetch: Run, server: Server) -> None:
    words = (
        "--surveys",
        here(server),
        *allowed(server),
        "--set",
        "sources.surveys.constants.survey=nps",
    )
    done = fetch("report", "nps", *words, "-f", "json", "--every", "all")
    assert value(done) == 25


def test_a_config_alone_cannot_fetch(fetch: Run, server: Server, tmp_path: Path) -> None:
    done = fetch("report", "-c", config(tmp_path, server))
    assert done.returncode == 2
    assert f"error: 127.0.0.1:{server.port}: nobody has allowed to fetch from there" in done.stderr
    assert not server.asked
    done = fetch(
        *("report", "nps", "-c", config(tmp_path, server), "--as-of", "2024-02-29", "-f", "json"),
        *allowed(server),
    )
    assert done.returncode == 0, done.stderr


def test_what_people_are_told_is_fetched_where_it_is_allowed(
    fetch: Run, server: Server, tmp_path: Path
) -> None:
    more = "thresholds: {nps: {target: 90}}\nas_of: 2024-02-29\nnotify: {boss: {metrics: [nps]}}\n"
    words = ("notify", "--dry-run", "--exec", "true", "-c", config(tmp_path, server, keys=more))
    assert fetch(*words).returncode == 2
    done = fetch(*words, *allowed(server))
    assert done.returncode == 0, done.stderr
    assert '"target": 90, "gap": 90.0' in done.stdout


@pytest.mark.parametrize("command", ["check", "validate", "report"])
def test_settings_allow_a_host(fetch: Run, server: Server, tmp_path: Path, command: str) -> None:
    settings = tmp_path / "settings" / "crm-kpi" / "settings.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"allow_net: ['127.0.0.1:{server.port}']\n", "utf-8")
    more = "thresholds: {nps: {target: 10}}\nas_of: data\n"
    words = (command, "-c", config(tmp_path, server, keys=more))
    done = fetch(*words)
    assert done.returncode == 0, done.stderr
    settings.chmod(0o666)
    done = fetch(*words)
    assert done.returncode == 2
    assert "others may write it" in done.stdout + done.stderr
    settings.chmod(0o600)
    settings.write_text("allow-net: [a.test]\n", "utf-8")
    done = fetch(*words)
    assert done.returncode == 2
    assert "settings.yaml:1" in done.stdout + done.stderr


def test_settings_are_left_alone_where_nothing_is_fetched(
    fetch: Run, tmp_path: Path, customers: Path
) -> None:
    settings = tmp_path / "settings" / "crm-kpi" / "settings.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("{", "utf-8")
    assert fetch("customers", str(customers), "--as-of", "2024-01-31").returncode == 0


def test_secret_headers(fetch: Run, server: Server, tmp_path: Path) -> None:
    more = "    request_headers: {Authorization: env:CRM_KPI_SECRET_SHEET}\n"
    path = config(tmp_path, server, more)
    words = ("report", "nps", "-c", path, "--as-of", "2024-02-29", *allowed(server))
    done = fetch(*words)
    assert done.returncode == 2
    assert "CRM_KPI_SECRET_SHEET: not set" in done.stderr
    done = fetch(*words, "-v", "-f", "json", env={"CRM_KPI_SECRET_SHEET": "Bearer SECRET"})
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert server.asked[-1][1]["authorization"] == "Bearer SECRET"


@pytest.mark.parametrize(
    "headers",
    [
        "{Authorization: Bearer SECRET}",
        "{Authorization: env:AWS_SECRET_ACCESS_KEY}",
        "{Authorization: env:CRM_KPI_SECRET_}",
        "{Host: env:CRM_KPI_SECRET_A}",
        "{Content-Length: env:CRM_KPI_SECRET_A}",
        "{'A: SECRET': env:CRM_KPI_SECRET_A}",
    ],
)
def test_headers_that_a_config_cannot_have(
    fetch: Run, server: Server, tmp_path: Path, headers: str
) -> None:
    path = config(tmp_path, server, f"    request_headers: {headers}\n")
    done = fetch("report", "-c", path, *allowed(server), env={"AWS_SECRET_ACCESS_KEY": "SECRET"})
    assert done.returncode == 2
    assert "request_headers" in done.stderr
    assert "SECRET}" not in done.stderr
    assert "Bearer SECRET" not in done.stderr
    assert not server.asked


def test_headers_go_with_an_address(fetch: Run, tmp_path: Path) -> None:
    (tmp_path / "crm-kpi.yaml").write_text(
        "sources: {surveys: {path: a.csv, request_headers: {A: env:CRM_KPI_SECRET_A}}}", "utf-8"
    )
    done = fetch("report")
    assert done.returncode == 2
    assert "request_headers goes with a path that is an https address" in done.stderr


def test_headers_are_of_one_host(fetch: Run, server: Server, tmp_path: Path) -> None:
    paths = [here(server), "https://other.test/a.csv"]
    (tmp_path / "crm-kpi.yaml").write_text(
        f"sources: {{surveys: {{path: {json.dumps(paths)}, "
        "request_headers: {A: env:CRM_KPI_SECRET_A}}}",
        "utf-8",
    )
    done = fetch("report", *allowed(server))
    assert done.returncode == 2
    assert "several of one host" in done.stderr


def test_headers_of_a_config_go_to_no_file_of_the_command_line(
    fetch: Run, server: Server, tmp_path: Path
) -> None:
    """A file is read as the config reads its table, but for what is secret."""
    path = config(tmp_path, server, "    request_headers: {X-Key: env:CRM_KPI_SECRET_A}\n")
    secret = {"CRM_KPI_SECRET_A": "SECRET"}
    done = fetch("nps", here(server), "-c", path, *allowed(server), env=secret)
    assert done.returncode == 0, done.stderr
    assert "x-key" not in server.asked[-1][1]


def test_one_address_under_two_secrets_is_two_tables(
    fetch: Run, server: Server, tmp_path: Path
) -> None:
    def answer(request):  # type: ignore[no-untyped-def]
        mine = request.headers["X-Key"] == "mine"
        send(request, TABLE if mine else TABLE.replace(b"2024-0", b"2023-1"))

    server.routes["/answers.csv"] = answer
    block = (
        "{path: 'URL', constants: {survey: nps}, request_headers: {X-Key: env:CRM_KPI_SECRET_N}}"
    )
    blocks = [block.replace("URL", here(server)).replace("_N", name) for name in ("_A", "_B")]
    for keys in ("", "cache: kept\n"):
        (tmp_path / "crm-kpi.yaml").write_text(
            f"sources: {{surveys: [{', '.join(blocks)}]}}\nas_of: 2024-02-29\n{keys}", "utf-8"
        )
        secrets = {"CRM_KPI_SECRET_A": "mine", "CRM_KPI_SECRET_B": "yours"}
        for _ in range(2):
            done = fetch("report", "nps", *allowed(server), "-f", "json", env=secrets)
            source = json.loads(done.stdout)["sources"]["surveys"]
            assert (source["used"], len(set(source["sha256"]))) == (8, 2)


def test_a_workbook_and_parquet(fetch: Run, server: Server, tmp_path: Path) -> None:
    import polars as pl

    rows = pl.read_csv(TABLE)
    rows.write_parquet(tmp_path / "a.parquet")
    rows.write_excel(tmp_path / "a.xlsx")
    for name in ("a.parquet", "a.xlsx"):
        server.serve(f"/{name}", (tmp_path / name).read_bytes())
        url = here(server, f"/{name}?token=SECRET")
        done = fetch("nps", url, *allowed(server), "-f", "json", "--every", "all")
        assert value(done) == 25
        assert SECRET not in done.stdout + done.stderr


def test_a_dimension(fetch: Run, server: Server, tmp_path: Path) -> None:
    server.serve("/people.csv", b"customer_id,team\nA,North\nB,South\nC,North\nD,South\n")
    keys = f"dimensions: {{customer_id: '{here(server, '/people.csv?token=SECRET')}'}}\n"
    path = config(tmp_path, server, keys=f"{keys}as_of: 2024-02-29\n")
    words = ("report", "nps", "-c", path, "--by", "team", "-f", "json", "-v")
    done = fetch(*words, *allowed(server))
    assert done.returncode in (0, 2), done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert any("/people.csv" in url for url, _ in server.asked)


@pytest.mark.parametrize("memory", ["400MiB", "1GiB"])
def test_little_memory(fetch: Run, server: Server, tmp_path: Path, memory: str) -> None:
    rows = b"".join(b"C%d,2024-01-0%d,%d\n" % (n, n % 9 + 1, n % 11) for n in range(800_000))
    server.serve("/answers.csv", b"customer_id,date,score\n" + rows)
    path = config(tmp_path, server, keys=f"limits: {{memory: {memory}}}\nas_of: 2024-02-29\n")
    done = fetch("report", "nps", "-c", path, *allowed(server), "-f", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sources"]["surveys"]["used"] == 800_000


def test_init_writes_the_address(fetch: Run, server: Server, tmp_path: Path) -> None:
    done = fetch("init", here(server), *allowed(server), "-y", "-o", "made.yaml")
    assert done.returncode == 0, done.stderr
    assert here(server) in (tmp_path / "made.yaml").read_text("utf-8")
    assert SECRET not in done.stdout + done.stderr
    assert len(server.asked) == 1
    done = fetch("report", "-c", "made.yaml", *allowed(server), "-f", "json")
    assert done.returncode == 0, done.stderr


def test_limits(fetch: Run, server: Server, tmp_path: Path) -> None:
    path = config(tmp_path, server, keys="limits: {download_size: 20B}\n")
    done = fetch("report", "-c", path, *allowed(server))
    assert done.returncode == 3
    assert "more than 20 bytes" in done.stderr


def test_a_page_to_sign_in_on(fetch: Run, server: Server) -> None:
    server.serve("/answers.csv", b"<!doctype html><form><table><tr><td>Sign in</table>")
    for words in (("nps",), ("validate",), ("init",)):
        done = fetch(*words, here(server), *allowed(server))
        assert done.returncode == 3
        said = done.stdout + done.stderr
        assert "a page, not a table" in said
        assert "publish it as CSV" in said
        assert SECRET not in said
    done = fetch("nps", here(server), *allowed(server), "--language", "vi")
    assert "là trang web, không phải bảng" in done.stderr


@pytest.mark.parametrize("ending", ["html", "md", "csv", "ndjson", "json", "xlsx", "txt"])
def test_no_answer_holds_a_secret(fetch: Run, server: Server, tmp_path: Path, ending: str) -> None:
    path = config(tmp_path, server, keys="thresholds: {nps: {target: 30}}\nas_of: 2024-02-29\n")
    output = tmp_path / f"out.{ending}"
    words = ("-v", "-o", str(output)) if ending != "txt" else ("-v", "--detail")
    done = fetch("report", "-c", path, *allowed(server), *words)
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stdout + done.stderr
    if ending == "xlsx":
        from zipfile import ZipFile

        with ZipFile(output) as book:
            assert not any(b"ECRET" in book.read(name) for name in book.namelist())
    elif ending != "txt":
        assert b"ECRET" not in output.read_bytes()


BODIES = (
    TABLE,
    b"a,b\n1,2\n",
    b"customer_id,date,score\nA,x,10\nB,y,9\n",
    b'customer_id;date;score\nA;01/02/2024;10\n"B;2;9\n',
    b"\xff\xfe\xff",
)


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "-v"),
        ("validate", "-v", "-f", "json"),
        ("validate", "-v", "--quality"),
        ("validate", "--clean", "clean"),
        ("init",),
        ("init", "-y"),
        ("customers",),
        ("revenue", "-v"),
        ("compare", "old.csv"),
    ],
)
def test_no_command_repeats_a_secret(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", server.trust_file(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "old.csv").write_text("customer_id,signup_date\nA,2024-01-01\n", "utf-8")
    for body in BODIES:
        server.serve("/answers.csv", body)
        asked = [*words, here(server), *allowed(server)]
        monkeypatch.setattr(sys, "argv", ["crm-kpi", *asked])
        code = code_of(partial(app.run, asked))
        out, err = capsys.readouterr()
        assert code in (0, 2, 3), err
        # The config that init writes has the address.
        assert SECRET not in err + ("" if words[0] == "init" else out)
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    assert not any(SECRET in name for name in names)


def test_tables_are_kept_while_the_answer_stands(
    fetch: Run, server: Server, tmp_path: Path
) -> None:
    def answer(request):  # type: ignore[no-untyped-def]
        if request.headers["If-None-Match"] == '"1"':
            send(request, b"", 304, ETag='"1"')
        else:
            send(request, TABLE, ETag='"1"')

    server.routes["/answers.csv"] = answer
    path = config(tmp_path, server, keys="cache: kept\nas_of: 2024-02-29\n")
    words = ("report", "nps", "-c", path, *allowed(server), "-f", "json")
    first, again = fetch(*words), fetch(*words, "-v")
    assert value(first) == value(again)
    assert "unchanged since they were fetched" in again.stderr
    assert json.loads(first.stdout)["results"] == json.loads(again.stdout)["results"]
    folder = tmp_path / "kept" / ".crm-kpi-cache"
    assert [name for name in os.listdir(folder) if len(name) == 64]
    assert [headers.get("if-none-match") for _, headers in server.asked] == [None, '"1"']
    for file in folder.rglob("*"):
        assert file.is_dir() or b"ECRET" not in file.read_bytes()
    server.serve("/answers.csv", TABLE + b"E,2024-02-02,10\n")
    assert json.loads(fetch(*words).stdout)["sources"]["surveys"]["used"] == 5


def test_engines_agree(fetch: Run, server: Server, tmp_path: Path) -> None:
    path = config(tmp_path, server, keys="as_of: 2024-02-29\n")
    words = ("report", "nps", "-c", path, *allowed(server), "-f", "json", "--engine")
    one, other = (json.loads(fetch(*words, engine).stdout) for engine in ("polars", "duckdb"))
    assert one["results"] == other["results"]


def test_two_addresses_that_are_shown_alike(fetch: Run, server: Server, tmp_path: Path) -> None:
    def answer(request):  # type: ignore[no-untyped-def]
        send(request, TABLE if "gid=1" in request.path else TABLE.replace(b"2024-0", b"2023-1"))

    server.routes["/pub"] = answer
    urls = [here(server, f"/pub?gid={tab}") for tab in (1, 2)]
    done = fetch("nps", *urls, *allowed(server), "-f", "json", "--every", "all")
    source = json.loads(done.stdout)["sources"]["surveys"]
    assert source["rows"] == 8
    assert len(source["paths"]) == len(set(source["sha256"])) == 2
    assert source["bytes"] == 2 * len(TABLE)


def test_an_address_that_an_engine_would_fetch(fetch: Run, server: Server, tmp_path: Path) -> None:
    (tmp_path / "crm-kpi.yaml").write_text(
        f"sources: {{surveys: {{path: '{here(server)}'}}}}\n"
        "engine: {name: duckdb, in_place: [surveys]}\n",
        "utf-8",
    )
    done = fetch("report", *allowed(server))
    assert done.returncode == 2
    assert SECRET not in done.stderr
    assert not server.asked


@pytest.mark.parametrize("allow", [True, False])
def test_httpx_is_imported_when_an_address_is_read(
    server: Server, tmp_path: Path, customers: Path, allow: bool
) -> None:
    program = (
        "import sys; from crm_kpi.cli import app; from crm_kpi.cli.process import code_of;"
        "code_of(lambda: app.run(sys.argv[1:]));"
        "sys.stderr.write(repr(sorted({'httpx', 'hishel', 'httpcore'} & {*sys.modules})))"
    )
    allowing = allowed(server) if allow else ()
    for words, loaded in (
        (["customers", str(customers), "--as-of", "2024-01-31", *allowing], "[]"),
        (["nps", here(server), *allowing], "['httpcore', 'httpx']" if allow else "[]"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", program, *words],
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "SSL_CERT_FILE": server.trust_file(tmp_path)},
        )
        assert done.stderr.endswith(loaded), done.stderr


def test_python_fetches_what_is_allowed(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import crm_kpi
    from crm_kpi.errors import UsageError

    monkeypatch.setenv("SSL_CERT_FILE", server.trust_file(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    asked = {"every": "all", "set": {"sources.surveys.constants": {"survey": "nps"}}}
    with pytest.raises(UsageError, match="nobody has allowed"):
        crm_kpi.report("nps", surveys=here(server), **asked)
    answer = crm_kpi.report(
        "nps", surveys=here(server), allow_net=f"127.0.0.1:{server.port}", **asked
    )
    assert answer.value("nps") == 25
