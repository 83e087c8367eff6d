"""The house is kept: names that stand once, and no state behind anybody's back.

Which room may import which is held by the contracts in `pyproject.toml`.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import crm_kpi

ROOM = Path(crm_kpi.__file__).parent
MODULES = {path.relative_to(ROOM): ast.parse(path.read_text()) for path in ROOM.rglob("*.py")}
SOURCES = {path: tree for path, tree in MODULES.items() if path.parts[0] == "sources"}
EMPTY = ("set", "dict", "list", "defaultdict", "Counter", "deque", "OrderedDict")
PROCESS = Path("tempfiles.py")
"""What must not outlive the process is the process's own, and says so."""


def test_a_module_of_sources_has_a_name_of_its_own() -> None:
    names = Counter(path.stem for path in MODULES)
    assert [str(p) for p in SOURCES if p.stem != "__init__" and names[p.stem] > 1] == []


def test_a_class_of_sources_has_a_name_of_its_own() -> None:
    names = Counter(name for tree in MODULES.values() for name in _classes(tree))
    mine = {name for tree in SOURCES.values() for name in _classes(tree)}
    assert sorted(name for name in mine if names[name] > 1) == []


def test_no_module_holds_state() -> None:
    """A container that is empty at first is filled later, by somebody whom nobody sees."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in MODULES.items()
        if path != PROCESS
        for node in [*tree.body, *(n for n in ast.walk(tree) if isinstance(n, ast.Global))]
        if isinstance(node, ast.Global) or (_is_empty_container(node) and not _holds_texts(path))
    ]
    assert found == []


def test_nobody_reaches_into_the_modules_that_are_loaded() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.modules"
    ]
    assert found == []


def _classes(tree: ast.Module) -> list[str]:
    """Classes, and names of types that are written like one."""
    found = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id[0].isupper() and not target.id.isupper():
            found.append(target.id)
    return found


def _is_empty_container(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Dict | ast.List | ast.Set):
        return not (value.keys if isinstance(value, ast.Dict) else value.elts)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in EMPTY and not value.args and not value.keywords
    return False


def _holds_texts(path: Path) -> bool:
    """A room whose texts have not moved to `messages` yet has an empty map of them there."""
    return path.parts[0] == "messages"
