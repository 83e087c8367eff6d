"""The program as Windows would run it, as far as that can be played here: `python windows.py …`

Modules and functions that Windows lacks are taken away, and the platform is called win32 once
all that other packages decide by it is decided.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import runpy
import select
import shutil
import sys
import tempfile
import types

MODULES = ("fcntl", "resource", "termios", "tty", "pty", "pwd", "grp", "syslog")
FUNCTIONS = (
    "fork", "geteuid", "getuid", "getegid", "getgid", "fchmod", "fchown", "chown", "lchown",
    "sysconf", "uname", "mkfifo", "killpg", "setsid", "getpgid", "sched_getaffinity", "statvfs",
)  # fmt: skip
FLAGS = ("NOFOLLOW", "NONBLOCK", "PATH", "DIRECTORY", "NOCTTY", "CLOEXEC", "SYNC")
OTHERS = (
    "asyncio", "subprocess", "platformdirs.unix", "polars", "narwhals", "rich.console", "typer",
    "pydantic", "yaml", "jinja2", "xlsxwriter", "webbrowser", "platform", "zoneinfo",
    "phonenumbers", "email_validator", "holidays", "concurrent.futures.thread", "socket",
)  # fmt: skip


class Kernel:
    """kernel32 of a Windows in Vietnamese with a console that obeys."""

    @staticmethod
    def GetUserDefaultUILanguage() -> int:  # noqa: N802
        return 0x042A

    @staticmethod
    def GetConsoleMode(handle: int, mode: object) -> int:  # noqa: N802
        return 1

    SetConsoleMode = GetConsoleMode


def become() -> None:
    tempfile.gettempdir()
    for name in OTHERS:
        importlib.import_module(name)
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for name in (*FUNCTIONS, *(f"O_{flag}" for flag in FLAGS)):
        if hasattr(os, name):
            delattr(os, name)
    del select.poll
    if hasattr(os, "process_cpu_count"):  # which asks for the affinity, and does not there
        os.process_cpu_count = os.cpu_count
    os.supports_dir_fd = set()
    importlib.reload(shutil)  # removes folders as where there is nothing of all that
    sys.modules["msvcrt"] = types.SimpleNamespace(  # type: ignore[assignment]
        get_osfhandle=lambda number: number
    )
    ctypes.windll = types.SimpleNamespace(kernel32=Kernel)  # type: ignore[attr-defined]
    sys.platform = "win32"


if __name__ == "__main__":
    become()
    sys.path.insert(0, os.environ["PYTHONPATH"].split(os.pathsep)[0])
    runpy.run_module("crm_kpi", run_name="__main__", alter_sys=False)
