"""Sample data: two years of an invented coffee and equipment shop, ten exports.

The same seed and number of customers give the same bytes on every platform.
How much happens in which month is decided in `monthly_plan.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crm_kpi.demo import company, files
from crm_kpi.demo.monthly_plan import DEFAULT_CUSTOMERS, MAX_CUSTOMERS
from crm_kpi.errors import OutputError, UsageError
from crm_kpi.messages import Message, text

DEFAULT_SEED = 7


def write(
    folder: Path,
    customers: int = DEFAULT_CUSTOMERS,
    seed: int = DEFAULT_SEED,
    new: files.New = files.new,
    say: Callable[[Message], str] = str,
) -> list[Path]:
    """Writes ten CSV files and a config for them into `folder`, made if needed; their paths.

    Each file is opened by `new`, which makes the folder; `say` gives the comments of the config
    in a language. UsageError for a number of customers outside 1 to 100,000; OutputError when
    one of the files is there already (nothing is written then) or cannot be written.
    """
    if not 1 <= customers <= MAX_CUSTOMERS:
        raise UsageError(
            text("demo.impossible_number", customers=customers),
            hint=text("demo.give_number", most=MAX_CUSTOMERS),
        )
    exports = list(company.exports(customers, seed))
    names = [export.name for export, _ in exports] + [company.CONFIG_NAME]
    present = [name for name in names if (folder / name).exists()]
    if present:
        raise OutputError(
            text("demo.exists", path=folder / present[0]), hint=text("demo.empty_folder")
        )
    try:
        paths = [export.save(folder, rows, new) for export, rows in exports]
        paths.append(folder / company.CONFIG_NAME)
        with new(paths[-1]) as file:
            file.write(company.config(say))
    except OSError as error:
        raise OutputError(
            text("demo.unwritable", path=error.filename or folder, why=error.strerror),
            hint=text("demo.writable_folder"),
        ) from error
    return paths
