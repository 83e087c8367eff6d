"""The house is kept: names that stand once and say what they name, tests that are where one
looks for them, and no state behind anybody's back.

Which room may import which is held by the contracts in `pyproject.toml`.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import crm_kpi

HOUSE = Path(crm_kpi.__file__).parent
MODULES = {path.relative_to(HOUSE): ast.parse(path.read_text()) for path in HOUSE.rglob("*.py")}
ROOMS = {
    room: {p: tree for p, tree in MODULES.items() if (*p.parent.parts, "top")[0] == room}
    for room in sorted({(*p.parent.parts, "top")[0] for p in MODULES})
}
"""The modules of each room; `top` are those above all rooms."""
BY_ID = ("metrics", "analyses", "models", "messages")
"""Rooms whose modules are called by a KPI, or by another room."""
ACROSS = ("bounds", "browser", "corpus", "faults", "freeze", "oracle", "outside")
"""Tests of no room, of the program as a whole."""
TESTS = [
    path.relative_to(Path(__file__).parent) for path in Path(__file__).parent.rglob("test_*.py")
]
EMPTY_NAMES = ("found", "said", "made", "given", "how", "one")
"""What stands for anything; within a short function or a comprehension it may."""
OF_CONTRACT = (("readings.py", "how"),)
"""Names that the output has."""
EMPTY = ("set", "dict", "list", "defaultdict", "Counter", "deque", "OrderedDict")
TOLD = ("conditions", "engine", "frames")
"""Rooms in which every public class and function says what it gives."""
Definition = ast.FunctionDef | ast.ClassDef
PROCESS = Path("tempfiles.py")
"""What must not outlive the process is the process's own, and says so."""


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in BY_ID])
def test_a_module_has_a_name_of_its_own(room: str) -> None:
    names = Counter(path.stem for path in MODULES if path.parts[0] not in BY_ID)
    names["__init__"] = 1
    assert [str(path) for path in ROOMS[room] if names[path.stem] > 1] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_class_has_a_name_of_its_own(room: str) -> None:
    names = Counter(name for tree in MODULES.values() for name in _classes(tree))
    mine = {name for tree in ROOMS[room].values() for name in _classes(tree)}
    assert sorted(name for name in mine if names[name] > 1) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_name_says_what_it_names(room: str) -> None:
    modules = ROOMS[room].items()
    named = [(f"{p}:{line}", name) for p, tree in modules for line, name in _names(tree)]
    named += [(str(path), path.stem) for path, _ in modules]
    named = [(at, n) for at, n in named if (at.partition(":")[0], n) not in OF_CONTRACT]
    assert [(at, name) for at, name in named if name.strip("_") in EMPTY_NAMES] == []


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in BY_ID])
def test_the_tests_of_a_module_stand_where_it_stands(room: str) -> None:
    places = {f"test_{path.stem}.py": path.parent for path in ROOMS[room]}
    tests = [test for test in TESTS if test.parts[0] not in (*BY_ID, *ACROSS)]
    astray = [t for t in tests if t.name in places and t.parent != places[t.name]]
    assert [(str(test), f"tests/{places[test.name]}") for test in astray] == []


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


def test_every_folder_is_a_package() -> None:
    """The import contracts look into no other."""
    assert [str(p) for p in MODULES if not (HOUSE / p).with_name("__init__.py").exists()] == []


def test_public_names_say_what_they_give() -> None:
    names = [
        (path, node, overrides)
        for path, tree in MODULES.items()
        if path.parts[0] in TOLD
        for node, overrides in _public(tree)
    ]
    told = {node.name for _, node, _ in names if ast.get_docstring(node)}
    assert [
        f"{path}:{node.lineno} {node.name}"
        for path, node, overrides in names
        if not ast.get_docstring(node) and not (overrides and node.name in told)
    ] == []


def test_nobody_reaches_into_the_modules_that_are_loaded() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.modules"
    ]
    assert found == []


def _names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What functions, their parameters and the fields of classes are called."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name):
                yield node.lineno, name
                every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                more = filter(None, (node.args.vararg, node.args.kwarg))
                yield from ((arg.lineno, arg.arg) for arg in (*every, *more))
            case ast.ClassDef(body=body):
                fields = [line.target for line in body if isinstance(line, ast.AnnAssign)]
                yield from ((f.lineno, f.id) for f in fields if isinstance(f, ast.Name))
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[Definition, bool]]:
    """Public classes, functions and methods; whether one may override another, which tells."""
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node, isinstance(tree, ast.ClassDef) and bool(tree.bases)
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


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
