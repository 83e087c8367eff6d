"""SIGKILL and SIGTERM at random moments of runs that write.

    python -m tests.faults.kill --runs 200 --seed 1

Every output is the old file or the whole new one, and SIGTERM leaves no temporary file and ends
with 143, or with 0 where the run was done before.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.faults.scenes import SCENES, Scene, mistakes, whole

ENDS = {
    # Before the program has its own handlers, the signal itself ends it, as shells know it.
    signal.SIGTERM: (0, 143, -signal.SIGTERM),
    signal.SIGKILL: (0, -signal.SIGKILL),
}


def _start(scene: Scene, folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-m", "crm_kpi", *scene.words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _run(scene: Scene, folder: Path) -> int:
    with _start(scene, folder) as process:
        process.communicate()
        return process.returncode


def kills(runs: int, seed: int, root: Path, scenes: Sequence[Scene] = SCENES) -> Iterator[str]:
    """A line for each thing that is not as it should be."""
    chance = random.Random(seed)
    done: dict[str, dict[str, str]] = {}
    length: dict[str, float] = {}
    for scene in scenes:
        folder = root / scene.name
        began = time.monotonic()
        done[scene.name] = whole(scene, partial(_run, scene, folder), folder)
        length[scene.name] = time.monotonic() - began
    for run in range(runs):
        scene = scenes[run % len(scenes)]
        number = chance.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGTERM))
        folder = root / "killed"
        shutil.rmtree(folder, ignore_errors=True)
        scene.set_up(folder)
        process = _start(scene, folder)
        moment = chance.uniform(0, 1.1 * length[scene.name])
        time.sleep(moment)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        wrong = mistakes(scene, folder, done[scene.name], killed=number == signal.SIGKILL)
        if process.returncode not in ENDS[number]:
            wrong.append(f"ends with {process.returncode}: {said.decode()}")
        if b"Traceback" in said:
            wrong.append(f"a traceback: {said.decode()}")
        for what in wrong:
            yield f"{scene.name}: {number.name} after {moment:.3f} s: {what}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    given = parser.parse_args()
    print(f"{given.runs} runs, seed {given.seed}", file=sys.stderr)
    wrong = 0
    with tempfile.TemporaryDirectory() as root:
        for what in kills(given.runs, given.seed, Path(root)):
            wrong += 1
            print(what)
    print(f"{wrong} mistakes", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
