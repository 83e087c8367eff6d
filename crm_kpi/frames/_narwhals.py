"""narwhals for the modules of frames, imported when the first frame is built.

Metrics name the functions that build their frames. That has to cost nothing where only their
names, needs or help are asked for, and narwhals takes longer to import than all of them. So no
module of frames may look at `nw` while it is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw
else:

    class _Narwhals:
        def __getattr__(self, name: str) -> Any:
            import narwhals.stable.v2

            return getattr(narwhals.stable.v2, name)

    nw = _Narwhals()

__all__ = ["nw"]
