"""Whatever is said to people stands in the catalogue, and the catalogue holds nothing else."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

import crm_kpi
from crm_kpi.messages import texts

from .elsewhere import english_elsewhere

HOUSE = Path(crm_kpi.__file__).parent
LANGUAGES = sorted(path.parent.name for path in (HOUSE / "messages").glob("*/__init__.py"))


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        place = path.relative_to(HOUSE)
        if place.parts[0] != "messages" or len(place.parts) == 2:
            yield place.as_posix(), ast.parse(path.read_text("utf-8"))


MODULES = dict(modules())


def heirs(*names: str) -> set[str]:
    """The classes of these names, and all that derive from them."""
    classes = [
        n for tree in MODULES.values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)
    ]
    found = set(names)
    while more := {c.name for c in classes if found & set(map(name_of, c.bases))} - found:
        found |= more
    return found


def name_of(function: ast.expr) -> str:
    """The last part of what is called."""
    return getattr(function, "attr", None) or getattr(function, "id", "")


PLACES: Mapping[str, Sequence[int]] = {
    **dict.fromkeys(heirs("CrmKpiError", "ValueError", "PartError", "Distrusted", "Refused"), (0,)),
    "Problem": (0, 5),
    "MetricValue": (6,),
    "wrong": (0, 1),
    "fatal": (1, 2),
    "fault": (1, 2),
    "Fault": (1, 4),
    "Choice": (0, 2),
    "lacks": (0,),
    "tell": (0,),
}
"""What hands a text on, and which of its arguments are one."""
NAMES = ("reason", "hint", "message", "nothing", "what", "what_to_do", "why")
"""Arguments that are texts, whatever takes them."""
LISTS = ("notes", "assumed")
SPEAKERS = ("info", "print", "echo", "secho")
"""What puts a line before people; one without a word of its own, such as a value with blanks
before it, is no text."""

SENTENCE = re.compile(r"(?<![^\s('\"])[a-z]{2,},? [a-z]{2,}\b")
"""Two words beside each other: a literal with that is a text, wherever it goes."""
FOR_DEVELOPERS = ("IdentityError", "TypeError", "AttributeError", "FieldMetadata")
"""Calls whose words no user reads."""
OF_LIBRARIES = ("filterwarnings", "Option")
"""Calls whose words are those of a library, or of --help."""
DOCUMENTATION = ("__repr__", "formula", "formula_of", "counted", "identity", "output_schema")
"""Functions that write down what is computed or must hold, or are for a debugger."""


def is_built(value: ast.expr) -> bool:
    """Whether a text is put together here: a literal, an f-string, or an operation on those."""
    match value:
        case ast.Constant():
            return isinstance(value.value, str)
        case ast.JoinedStr() | ast.BinOp():
            return True
        case ast.BoolOp():
            return any(map(is_built, value.values))
        case ast.IfExp():
            return is_built(value.body) or is_built(value.orelse)
        case ast.Call():
            return name_of(value.func) in ("format", "join", "str")
        case ast.Starred() | ast.NamedExpr():
            return is_built(value.value)
    return False


def handed_on(tree: ast.AST) -> Iterator[ast.expr]:
    """Every expression that a person will read."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="append" | "extend")) if _is_list(
                owner
            ):
                yield from node.args
            case ast.Call() if name_of(node.func) in SPEAKERS:
                yield from filter(has_words, node.args)
            case ast.Call():
                places = PLACES.get(name_of(node.func), ())
                yield from (value for i, value in enumerate(node.args) if i in places)
                if name_of(node.func) != "text":  # whose values may be anything
                    yield from (k.value for k in node.keywords if k.arg in NAMES)
                yield from _items(*(k.value for k in node.keywords if k.arg in LISTS))
            case ast.AugAssign() if _is_list(node.target):
                yield from _items(node.value)


def has_words(value: ast.expr) -> bool:
    """Whether letters stand in what is put together here, beside those of its values."""
    match value:
        case ast.Constant(value=str(words)):
            return any(map(str.isalpha, words))
        case ast.JoinedStr() | ast.BoolOp():
            return any(map(has_words, value.values))
        case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
            return has_words(one) or has_words(other)
    return False


def sentences(node: ast.AST) -> Iterator[ast.expr]:
    """Every sentence below a node but in docstrings and where no user reads it."""
    match node:
        case ast.Call() if name_of(node.func) in ("text", *FOR_DEVELOPERS, *OF_LIBRARIES):
            return
        case ast.FunctionDef() if node.name in DOCUMENTATION:
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Constant(value=str(words)) if SENTENCE.search(words):
            yield node
    for child in ast.iter_child_nodes(node):
        yield from sentences(child)


def _is_list(value: ast.expr) -> bool:
    return name_of(value) in LISTS


def _items(*values: ast.expr) -> Iterator[ast.expr]:
    for value in values:
        yield from value.elts if isinstance(value, ast.List) else [value]


def names_built(nodes: Iterable[ast.AST]) -> set[str]:
    """Names to which a text is bound that is put together here."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and is_built(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def built_elsewhere(tree: ast.Module) -> list[int]:
    """The lines on which a text is handed on that is put together there, or in a name before;
    and all on which a function has a sentence."""
    lines = {value.lineno for value in handed_on(tree) if is_built(value)}
    constants = names_built(tree.body)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = names_built(ast.walk(function)) | constants
            lines |= {v.lineno for v in handed_on(function) if getattr(v, "id", None) in names}
            lines |= {sentence.lineno for sentence in sentences(function)}
    return sorted(lines)


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def needed(entry: str | Mapping[str, str]) -> set[str]:
    """The values that a text names; one with forms counts."""
    if isinstance(entry, str):
        return placeholders(entry)
    return {"count"}.union(*map(placeholders, entry.values()))


def ways_to_say(place: str, tree: ast.Module) -> tuple[str, ...]:
    """How `text` is called in a module; other things may have that name."""
    imported = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("crm_kpi", "crm_kpi.messages")
        for alias in node.names
    ]
    ways = {"text": "text", "messages": "messages.text"}
    if place == "messages/__init__.py":
        return ("text",)
    return tuple(way for name, way in ways.items() if name in imported)


def calls_of_text() -> Iterator[tuple[str, ast.Call, str | None]]:
    """Where each message is made, how, and its key; None where that is no literal."""
    for place, tree in MODULES.items():
        ways = ways_to_say(place, tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ways:
                key = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
                yield f"{place}:{node.lineno}", node, key


@pytest.mark.parametrize("place", MODULES)
def test_no_text_is_put_together_beside_the_catalogue(place: str) -> None:
    assert built_elsewhere(MODULES[place]) == []


@pytest.mark.parametrize(
    "code",
    [
        'raise DataError("no")',
        'raise errors.UsageError(text("a.b"), hint=f"no {x}")',
        'Problem("a" + b, path)',
        'Problem(text("a.b"), hint=x or "no")',
        'MetricValue(None, reason="no" if x else None)',
        'account.notes.append("no")',
        'notes += ["no"]',
        'Account(table, notes=["no"])',
        'raise AddressError("no")',
        'def f(x):\n    reason = "no %s" % x\n    return MetricValue(None, 0, {}, reason=reason)',
        'NO = "no"\ndef f(x):\n    raise ValueError(NO)',
        'reading.fault(loc, "; ".join(x))',
        'rejects.add([Fault(rows, reason, name, values, "no")])',
        'notices.info("no")',
        'notices.info(f"no {x}")',
        'print("no" + x if x else y, file=sys.stderr)',
        'def f(x):\n    return f"{x} is empty", None',
        'def f(x):\n    yield "is empty" if x else None',
        'def f(x):\n    x.why = "is empty"',
        'def f(x):\n    if x.why == "is empty":\n        return',
    ],
)
def test_finds_a_text_that_is_built_elsewhere(code: str) -> None:
    assert built_elsewhere(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        'raise DataError(text("a.b", c="d"), hint=did_you_mean(x, y) or text("a.e"))',
        "raise DataError(*found)",
        "MetricValue(None, reason=base.reason)",
        'notes += [text("a.b")]',
        "notices.info(f\"  {x:,d} <- {y or 'no'}\")",
        'print(f"{CLEAR}{line(x)}", end="")',
        'print("\\n".join(map(f, x)))',
        'def f(reason):\n    value = "no"\n    raise ValueError(reason)',
        'def f(x):\n    """It is empty."""\n    raise TypeError("is empty")',
        "def f(x):\n    return x.query(\"SELECT a FROM read_parquet('x')\")",
    ],
)
def test_leaves_messages_alone(code: str) -> None:
    assert built_elsewhere(ast.parse(code)) == []


def test_every_message_has_its_text_and_the_values_that_it_names() -> None:
    catalogue = texts("en")
    wrong = {}
    for place, call, key in calls_of_text():
        values = {keyword.arg for keyword in call.keywords}
        if key not in catalogue or len(call.args) != 1:
            wrong[place] = f"{key} is no key of the catalogue"
        elif values != needed(catalogue[key]):
            wrong[place] = f"{key} needs {needed(catalogue[key])}, not {values}"
    assert wrong == {}


def test_every_key_that_is_asked_for_is_one_of_the_catalogue() -> None:
    asked = {
        (place, side.value)
        for place, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and name_of(node.left) == "key"
        for side in node.comparators
        if isinstance(side, ast.Constant) and "." in str(side.value)
    }
    assert sorted((place, key) for place, key in asked if key not in texts("en")) == []


def test_every_text_is_said_somewhere() -> None:
    assert sorted(set(texts("en")) - {key for _, _, key in calls_of_text() if key}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_what_english_says_of_the_same_values(language: str) -> None:
    english, catalogue = texts("en"), texts(language)
    assert sorted(catalogue.keys() - english.keys() - english_elsewhere()) == []
    both = catalogue.keys() & english.keys()
    assert [k for k in both if needed(catalogue[k]) != needed(english[k])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_begin_with_their_room_and_stand_there_once(language: str) -> None:
    for path in sorted((HOUSE / "messages" / language).glob("[!_]*.py")):
        keys = [
            key.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict)
            for key in node.value.keys
            if isinstance(key, ast.Constant)
        ]
        assert len(set(keys)) == len(keys)
        assert all(key.startswith(f"{path.stem}.") for key in keys), path


def test_no_text_stands_twice() -> None:
    counts = Counter(map(str, texts("en").values()))
    assert [text for text, count in counts.items() if count > 1] == []


SPOKEN = ("hint", "message", "note", "notes", "reason", "sentence", "why")
"""Names of texts that were said, wherever they stand."""
TAKING_APART = (
    *("startswith", "endswith", "removeprefix", "removesuffix", "find", "index", "replace"),
    *("partition", "rpartition", "split", "rsplit", "splitlines"),
)
MATCHING = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub")


def read_back(tree: ast.AST) -> list[int]:
    """The lines on which the words of a message are looked at, instead of its key and values."""
    return sorted(
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _reads(node)
    )


def _reads(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=name)):
            taken_apart = name in TAKING_APART and name_of(owner) in SPOKEN
            return taken_apart or (name in MATCHING and any(map(_is_spoken, node.args)))
        case ast.Compare():
            sides = [node.left, *node.comparators]
            return any(map(_is_spoken, sides)) and any(map(is_built, sides))
    return False


def _is_spoken(value: ast.expr) -> bool:
    return name_of(value) in SPOKEN


@pytest.mark.parametrize("place", MODULES)
def test_nobody_reads_a_text_back(place: str) -> None:
    assert read_back(MODULES[place]) == []


@pytest.mark.parametrize(
    "code",
    [
        'reason.startswith("no ")',
        'note.partition(" at ")[0]',
        "PLACE.match(error.message)",
        're.search("read as (.+)", note)',
        '"no" in problem.reason',
        'result.reason == "no rows"',
    ],
)
def test_finds_a_text_that_is_read_back(code: str) -> None:
    assert read_back(ast.parse(code))


@pytest.mark.parametrize(
    "code", ['note.key == "a.b"', "reason is None", "message.values", 'path.startswith("a")']
)
def test_leaves_keys_and_values_alone(code: str) -> None:
    assert read_back(ast.parse(code)) == []
