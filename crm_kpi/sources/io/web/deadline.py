"""A point in time by which a whole answer has to be here, however slowly it comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


class Deadline:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left.

        Raises:
            TimeoutError: there are none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def within(self, wait: Callable[[], _T]) -> _T:
        """What a function gives that knows no end of its own, such as the system's resolver; it
        is left to itself where it takes longer.

        Raises:
            TimeoutError: it has not come back in time.
            OSError: as it says.
        """
        given: list[_T] = []
        failed: list[OSError] = []

        def run() -> None:
            try:
                given.append(wait())
            except OSError as error:
                failed.append(error)

        waiting = threading.Thread(target=run, daemon=True)
        waiting.start()
        waiting.join(self.left())
        if failed:
            raise failed[0]
        if not given:
            raise TimeoutError
        return given[0]
