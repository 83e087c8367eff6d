"""The console of Windows: it takes letters, not bytes, so that its code page does not matter, and
obeys escape sequences once it is asked to. Elsewhere nothing is done.

Untested on Windows itself: tests/cli/test_windows.py stands in for it.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any

_OBEY_ESCAPES = 0x0004
"""ENABLE_VIRTUAL_TERMINAL_PROCESSING"""


def raw_stream(number: int) -> type[io.FileIO]:
    """What writes UTF-8 to a descriptor: at a console Python's own stream for it, which a file
    would be only in the code page, such as 1258."""
    console: Any = getattr(io, "_WindowsConsoleIO", None)
    if console is None or not os.isatty(number):
        return io.FileIO
    try:
        console(number, "w", closefd=False)
    except (OSError, ValueError):  # NUL says that it is a terminal
        return io.FileIO
    kind: type[io.FileIO] = console
    return kind


def prepare() -> None:
    """Consoles before Windows 10 show escape sequences as letters: they get none."""
    if sys.platform != "win32":
        return
    import ctypes
    import msvcrt

    kernel = ctypes.windll.kernel32
    for number in (1, 2):
        if not os.isatty(number):
            continue
        handle, mode = msvcrt.get_osfhandle(number), ctypes.c_ulong()
        known = kernel.GetConsoleMode(handle, ctypes.byref(mode))
        if known and not kernel.SetConsoleMode(handle, mode.value | _OBEY_ESCAPES):
            os.environ["TERM"] = "dumb"


def display_language() -> str:
    """The language of Windows' own texts, such as vi_VN; elsewhere the environment tells."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(number, "")
