"""Runs that write: their inputs, their words, and what they may leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CUSTOMERS = "customer_id,signup_date,churn_date\n" + "".join(
    f"C{n},2024-01-{n % 28 + 1:02},{'2024-03-05' if n % 7 == 0 else ''}\n" for n in range(60)
)
TICKETS = "ticket_id;created_at;first_reply_at\n" + "".join(
    f"{n};2024-02-{n % 28 + 1:02} 10:00;2024-02-{n % 28 + 1:02} 1{n % 3 + 1}:00\n"
    for n in range(60)
)
CONFIG = """as_of: 2024-03-31
sources:
  customers: {path: customers.csv}
  tickets: {path: tickets.csv}
"""
OLD = "what stood here before\n"


@dataclass(frozen=True)
class Scene:
    """One command line, in a folder that holds the inputs in `in/` and writes to `out/`."""

    name: str
    words: tuple[str, ...]
    targets: tuple[str, ...]
    """What it writes; `OLD` stands there before, where the command replaces files."""
    replaces: bool = True
    says_what_it_lacks: str = ""
    """It goes on without a file that it cannot read, and this output says so."""

    def set_up(self, folder: Path) -> None:
        inputs = folder / "in"
        inputs.mkdir(parents=True)
        (inputs / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
        (inputs / "tickets.csv").write_text(TICKETS, encoding="utf-8")
        (inputs / "crm-kpi.yaml").write_text(CONFIG, encoding="utf-8")
        if self.replaces:
            (folder / "out").mkdir()
            for name in self.targets:
                (folder / "out" / name).write_text(OLD, encoding="utf-8")

    def left(self, folder: Path) -> dict[str, str]:
        """All that stands in `out/`, by name."""
        out = folder / "out"
        if not out.is_dir():
            return {}
        return {
            path.name: path.read_text(encoding="utf-8") for path in out.iterdir() if path.is_file()
        }


KPIS = ("customers", "first_response_time")
REPORT = ("report", *KPIS, "-c", "in/crm-kpi.yaml", "--every", "day", "-q")
INPUTS = ("in/customers.csv", "in/tickets.csv")
SCENES = (
    Scene("json", (*REPORT, "-f", "json", "-o", "out/a.json"), ("a.json",)),
    Scene("table", (*REPORT, "-o", "out/a.txt"), ("a.txt",)),
    Scene(
        "init",
        ("init", *INPUTS, "-y", "-q", "-o", "out/c.yaml"),
        ("c.yaml",),
        says_what_it_lacks="c.yaml",
    ),
    Scene(
        "clean",
        ("validate", *INPUTS, "-q", "--as-of", "2024-12-31", "--clean", "out"),
        ("customers.csv", "tickets.csv", "rejects.csv"),
        says_what_it_lacks="rejects.csv",
    ),
    Scene(
        "new",
        ("validate", *INPUTS, "-q", "--as-of", "2024-12-31", "--clean", "out"),
        (),
        replaces=False,
        says_what_it_lacks="rejects.csv",
    ),
    Scene("demo", ("demo", "out", "--customers", "30", "-q"), (), replaces=False),
)


def whole(scene: Scene, run: Callable[[], int], folder: Path) -> dict[str, str]:
    """What the undisturbed run leaves."""
    scene.set_up(folder)
    code = run()
    assert code == 0, f"{scene.name} ends with {code}"
    return scene.left(folder)


def mistakes(scene: Scene, folder: Path, done: dict[str, str], *, killed: bool) -> list[str]:
    """What is neither the old file nor the whole new one; and what should not be there at all.

    killed: by SIGKILL, which leaves no time to take a temporary file away.
    """
    found = []
    for name, text in scene.left(folder).items():
        if name.startswith(".crm-kpi-"):
            if not killed:
                found.append(f"{name} is left")
        elif text != done.get(name) and not (scene.replaces and text == OLD):
            found.append(f"{name} is neither old nor new: {text[:80]!r} ({len(text)} letters)")
    return found
