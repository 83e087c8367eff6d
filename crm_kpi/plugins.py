"""KPIs of other people: a Python file each, of an installed package or from the command line.

    [project.entry-points."crm_kpi.metrics"]         crm-kpi --plugin refund_rate.py refund-rate
    refund_rate = "our_kpis.refund_rate"

Such a file is written as those of `crm_kpi.metrics` and `crm_kpi.analyses` are. It is Python that
runs, so no config can name one. Here it is only found; it is imported when its KPI is asked for.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module, util
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

from crm_kpi.errors import UsageError
from crm_kpi.messages import text

GROUP = "crm_kpi.metrics"
DOMAIN = "own"
"""Where a KPI stands that names no domain."""

_INFOS = (".dist-info", ".egg-info", "egg-info")
"""How folders end that tell of a package."""
_FILES: ContextVar[tuple[Path, ...]] = ContextVar("plugins", default=())
"""Those of the command line: of the run, whoever computes in a thread."""


@dataclass(frozen=True)
class Plugin:
    """A KPI of somebody else, as far as its file tells without being run.

    origin: the package or the file that has it.
    constants: the names to which the file gives values, such as METRIC, and which texts.
    """

    name: str
    path: Path
    origin: str
    module: str | None
    first_line: str
    constants: dict[str, str | None] = field(hash=False)

    def load(self) -> ModuleType:
        """Its module.

        Raises:
            UsageError: it cannot be imported.
        """
        try:
            return import_module(self.module) if self.module else self._executed()
        except Exception as error:  # whatever somebody's code may raise is a fault of theirs
            why = f"{type(error).__name__}: {error}"
            raise UsageError(
                text("files.fault_of", path=self.path, why=why), hint=text("plugins.mend")
            ) from error

    def _executed(self) -> ModuleType:
        spec = util.spec_from_file_location(f"crm_kpi_plugin_{self.name}", self.path)
        assert spec is not None
        assert spec.loader is not None
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def take_files(paths: Sequence[Path]) -> None:
    """The files of the command line."""
    _FILES.set(tuple(paths))


def files() -> tuple[Path, ...]:
    return _FILES.get()


def plugins() -> tuple[Plugin, ...]:
    """All that there are: those of packages, then those of the command line."""
    return _plugins(_FILES.get())


@cache
def _plugins(files: tuple[Path, ...]) -> tuple[Plugin, ...]:
    return (*_installed(), *(_of_file(path) for path in files))


def _installed() -> Iterator[Plugin]:
    if not _is_group_named():
        return
    from importlib import metadata

    for point in sorted(metadata.entry_points(group=GROUP), key=lambda point: point.name):
        spec = util.find_spec(point.module)
        package = point.dist.name if point.dist else point.module
        if spec is None or spec.origin is None:
            raise UsageError(
                text("plugins.no_module", package=package, module=point.module),
                hint=text("plugins.uninstall", package=package),
            )
        yield _read(point.name, Path(spec.origin), package, point.module)


def _is_group_named() -> bool:
    """Whether a package may have KPIs, looked up where `importlib.metadata` would: every start
    asks, few packages have any, and its import and objects take 20 ms. What only it can read, such
    as an archive on the path, it is left to read."""
    if any(hasattr(one, "find_distributions") for one in sys.meta_path if one is not PathFinder):
        return True
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except NotADirectoryError:
            return True
        except OSError:
            continue
        infos = (name for name in names if name.lower().endswith(_INFOS))
        if any(map(_names_group, (os.path.join(folder, name) for name in infos))):
            return True
    return False


def _names_group(info: str) -> bool:
    try:
        with open(os.path.join(info, "entry_points.txt"), "rb") as file:
            return GROUP.encode() in file.read()
    except OSError:
        return False


def _of_file(path: Path) -> Plugin:
    return _read(path.stem, path, str(path), None)


def _read(name: str, path: Path, origin: str, module: str | None) -> Plugin:
    """
    Raises:
        UsageError: it cannot be read, or is no Python.
    """
    try:
        tree = ast.parse(path.read_bytes())
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(text("files.unreadable", path=path, why=why)) from error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise UsageError(
            text("plugins.no_python", path=path, line=line), hint=text("plugins.mend")
        ) from error
    lines = (ast.get_docstring(tree) or "").splitlines()
    return Plugin(name, path, origin, module, lines[0] if lines else "", _constants(tree))


def _constants(tree: ast.Module) -> dict[str, str | None]:
    """The names to which a file gives values, and the values that are texts."""
    found: dict[str, str | None] = {}
    for line in tree.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            value = line.value.value if isinstance(line.value, ast.Constant) else None
            found[line.targets[0].id] = value if isinstance(value, str) else None
    return found
