"""A real Spark cluster on the loopback interface: a master, two workers, a Connect server."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HOST = "127.0.0.1"
PATIENCE = 400
"""Seconds until a part has to answer, on a busy machine."""
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m"
"""To Java: begin soon rather than run fast."""
NEEDED = [
    pytest.mark.spark,
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not there"),
    pytest.mark.skipif(shutil.which("java") is None, reason="java is not there"),
    pytest.mark.xdist_group("spark"),  # one cluster for all
    pytest.mark.filterwarnings("ignore"),  # of pyspark and its libraries
]
"""What a test that asks for the cluster is marked with."""
SMALL = {
    "spark.driver.host": HOST,
    "spark.driver.bindAddress": HOST,
    "spark.executor.memory": "768m",
    "spark.executor.extraJavaOptions": QUICK,
    "spark.ui.enabled": "false",
    # Hundreds of queries over a few hundred rows: what costs is to plan and compile each, and
    # every task and stage. Only the server has these; who names the master has Spark's own
    # codegen, joins and adaptive plans.
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
}


@dataclass(frozen=True)
class Cluster:
    master: str
    remote: str


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Its logs and scratch files go to the folder; it is gone at the end."""
    import pyspark

    home = Path(pyspark.__file__).parent
    env = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "640m",  # the Connect server, which is the driver, needs so much
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
        "SPARK_SUBMIT_OPTS": QUICK,
        "PYSPARK_PYTHON": sys.executable,
    }
    java_class = [str(home / "bin" / "spark-class"), "org.apache.spark.deploy"]
    master, remote = _free_port(), _free_port()
    address = f"spark://{HOST}:{master}"

    with ExitStack() as parts:

        def start(name: str, *words: str) -> subprocess.Popen[bytes]:
            log = parts.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(words, stdout=log, stderr=log, env=env, cwd=folder)
            parts.callback(_stop, process)
            return process

        def deploy(name: str, kind: str, *words: str) -> subprocess.Popen[bytes]:
            program = [java_class[0], f"{java_class[1]}.{kind}", "--host", HOST]
            return start(name, *program, "--webui-port", str(_free_port()), *words)

        _wait_for(master, deploy("master", "master.Master", "--port", str(master)))
        for number in (1, 2):
            work = str(folder / f"worker-{number}")
            where = ("--cores", "1", "--memory", "1g", "--work-dir", work)
            deploy(f"worker-{number}", "worker.Worker", *where, address)
        settings = SMALL | {
            "spark.connect.grpc.binding.address": HOST,
            "spark.connect.grpc.binding.port": str(remote),
            "spark.cores.max": "1",  # the other worker is left to whoever names the master
        }
        server = start(
            "connect",
            str(home / "bin" / "spark-submit"),
            *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
            *("--master", address),
            *(word for key, value in settings.items() for word in ("--conf", f"{key}={value}")),
            "spark-internal",
        )
        _wait_for(remote, server)
        yield Cluster(address, f"sc://{HOST}:{remote}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE * 5):
        with socket.socket() as client:
            if client.connect_ex((HOST, port)) == 0:
                return
        assert process.poll() is None, f"ended with {process.returncode}: {process.args!r}"
        time.sleep(0.2)
    raise TimeoutError(f"nothing answers on port {port}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
