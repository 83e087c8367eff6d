"""A limit on memory under which polars hangs or aborts is told before polars is imported.

`ulimit -v` counts addresses, of which polars reserves far more than it uses: measured, a
report over the samples ends from 1400 MiB on with two threads, and each thread takes 7 MiB.
"""

from __future__ import annotations

import os

from crm_kpi.errors import UsageError
from crm_kpi.messages import text

_BASE, _PER_THREAD = 1536 << 20, 8 << 20


def check() -> None:
    """Raises UsageError where the process may have too few addresses."""
    try:
        import resource
    except ImportError:  # no such limits on Windows
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    needed = _BASE + _PER_THREAD * (os.cpu_count() or 1)
    if limit != resource.RLIM_INFINITY and limit < needed:
        raise UsageError(
            text("cli.too_few_addresses", limit=limit >> 20, needed=needed >> 20),
            hint=text("cli.limit_cgroup"),
        )
