"""The n-th open, read, write, fsync, chmod, replace and mkdir fails, for every n.

    python -m tests.faults.faults

Whatever fails: the exit code is that of what failed, stderr says so in one message, stdout is
empty, and every output is the old file or the whole new one. `init` goes on without a file that
it cannot read, and says so in the config.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.corpus.program import Outcome, crm_kpi
from tests.faults.scenes import SCENES, Scene, mistakes, whole
from tests.faults.shim import KINDS, Fault, failing


def sweep(scene: Scene, root: Path, kinds: Iterable[str] = KINDS) -> Iterator[str]:
    """Every fault of a scene; a line for each thing that is not as it should be."""
    here = Path.cwd()
    first = root / "whole"
    first.mkdir()
    try:
        os.chdir(first)
        done = whole(scene, lambda: crm_kpi(*scene.words).code, first)
        for kind in kinds:
            at, hit = 0, True
            while hit:
                at += 1
                folder = root / "fault"
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                os.chdir(folder)
                scene.set_up(folder)
                with failing(Fault(folder, kind, at)) as fault:
                    outcome = crm_kpi(*scene.words)
                hit = fault.hit is not None
                for what in _wrong(scene, folder, fault, outcome, done):
                    yield f"{scene.name}: {kind} {at} of {fault.hit}: {what}"
    finally:
        os.chdir(here)


def _wrong(
    scene: Scene, folder: Path, fault: Fault, outcome: Outcome, done: dict[str, str]
) -> Iterator[str]:
    told = scene.left(folder).get(scene.says_what_it_lacks, "")
    if fault.hit is not None and fault.hit.name in told:
        done = done | {scene.says_what_it_lacks: told}
    yield from mistakes(scene, folder, done, killed=False)
    if fault.hit is None:
        if outcome.code != 0 or scene.left(folder) != done:
            yield f"nothing failed, and it ends with {outcome.code}: {outcome.err}"
        return
    expected = _code(fault.hit.relative_to(folder))
    if scene.name == "init" and expected == 3 and outcome.code == 0:
        return
    if fault.kind == "mkdir" and scene.replaces and outcome.code == 0:
        return  # the folder is there
    if outcome.code != expected:
        yield f"exit code {outcome.code}, not {expected}: {outcome.err.strip()}"
    if outcome.out and scene.words[0] != "validate":
        yield f"on stdout: {outcome.out[:80]!r}"
    said = outcome.err + outcome.out
    if "Traceback" in said or os.strerror(KINDS[fault.kind]) not in said:
        yield f"stderr does not say what failed: {outcome.err!r}"


def _code(path: Path) -> int:
    if path.parts[0] == "out":
        return 5
    return 2 if path.suffix == ".yaml" else 3


def main() -> int:
    wrong = 0
    for scene in SCENES:
        with tempfile.TemporaryDirectory() as root:
            for what in sweep(scene, Path(root).resolve()):
                wrong += 1
                print(what)
        print(f"{scene.name}: all faults tried", file=sys.stderr)
    print(f"{wrong} mistakes", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
