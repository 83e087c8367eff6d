"""A limit on memory under which polars hangs or aborts is told before polars is imported.

`ulimit -v` counts addresses, of which polars reserves far more than it uses: measured, a
report over the samples ends from 1400 MiB on with two threads, and each thread takes 7 MiB.
"""

from __future__ import annotations

import os

from crm_kpi.errors import UsageError

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
            f"the memory limit of {limit >> 20} MiB (ulimit -v) is too low for polars, "
            f"which reserves {needed >> 20} MiB of addresses",
            hint="ulimit -v unlimited; to bound what is really used, limit the cgroup instead",
        )
