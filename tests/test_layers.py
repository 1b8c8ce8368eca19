"""The code keeps its shape: which module may import which, what is imported when, how long things are, and
no word of a domain in it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "lodkit"
BASE = "https://w3id.org/lodkit/"

ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "blank": set(),
    "limits": set(),
    "extras": {"errors"},
    "statement": {"errors"},
    "cache": set(),
    "files": {"errors", "limits", "spelling"},
    "source": {"errors", "files", "limits", "statement"},
    "sparql": {"errors"},
    "xsd": set(),
    "turtle": set(),
    "spelling": set(),
    "domain": {"blank", "cache", "errors", "files", "limits", "sparql", "spelling", "statement", "xsd"},
    "language": {"domain", "statement"},
    "extract": {"errors", "statement", "source", "domain", "language", "shacl", "xsd"},
    "worker": {"errors", "sparql"},
    "odd": set(),
    "sandbox": {"errors", "limits", "odd", "worker"},
    "rdf": {"blank", "errors", "files", "limits", "statement", "domain", "sandbox", "worker"},
    "shacl": {"errors", "xsd", "domain", "sparql", "sandbox"},
    "validate": {"errors", "statement", "source", "domain", "shacl"},
    "store": {"errors", "files", "rdf", "sparql"},
    "endpoint": {"errors", "files", "limits", "rdf", "sandbox"},
    "load": {"errors", "files", "statement", "rdf", "sandbox", "store", "endpoint"},
    "query": {
        "errors",
        "files",
        "limits",
        "odd",
        "statement",
        "domain",
        "rdf",
        "sandbox",
        "sparql",
        "spelling",
        "store",
        "endpoint",
        "xsd",
        "extras",
    },
    "build": {"errors", "files", "statement", "source", "domain", "extract", "rdf", "validate"},
    "explain": {"build", "domain", "errors", "extract", "source", "spelling", "statement"},
    "lint": {"errors", "domain", "sandbox", "rdf", "sparql", "spelling", "turtle", "query", "xsd"},
    "check": {
        "errors",
        "files",
        "statement",
        "source",
        "domain",
        "extract",
        "rdf",
        "validate",
        "store",
        "query",
        "lint",
    },
    "api": {
        "errors",
        "extras",
        "files",
        "statement",
        "source",
        "domain",
        "build",
        "rdf",
        "sandbox",
        "validate",
        "store",
        "endpoint",
        "load",
        "query",
    },
}
"""What each module or package may import of the others at run time; imports for types only are free, and
lodkit itself imports late.
"""

LAST = {"cli", "__main__"}
"""What nothing else may import, and which may import everything."""

THIRD_PARTY: dict[str, set[str]] = {
    "blank": {"pyoxigraph"},
    "statement": {"pyoxigraph"},
    "sparql": {"pyoxigraph"},
    "shacl": {"pyoxigraph", "pyshacl", "rdflib"},
    "worker": {"pyoxigraph"},
    "odd": {"pyoxigraph"},
    "sandbox": {"pyoxigraph"},
    "domain": {"pyoxigraph"},
    "extract": {"pyoxigraph"},
    "rdf": {"pyoxigraph", "rdflib"},
    "validate": {"pyoxigraph"},
    "store": {"pyoxigraph"},
    "endpoint": {"SPARQLWrapper", "pyoxigraph"},
    "load": {"pyoxigraph"},
    "query": {"pyoxigraph"},
    "lint": {"pyoxigraph"},
    "check": {"pyoxigraph"},
    "api": {"pyoxigraph"},
    "cli": {"typer", "rich", "click", "pyoxigraph"},
}

SLOW_TO_IMPORT = {"rdflib", "pyshacl", "SPARQLWrapper", "pandas", "networkx", "openpyxl"}
COMMAND_LINE_ONLY = {"typer", "click", "rich"}

BY_CHANCE = {"Building", "Library"}
"""Classes whose name is also a word of a message or of a path."""

LONGEST_FUNCTION = 60
LONGEST_MODULE = 500


class Import(NamedTuple):
    """One import: the file, the dotted module it names, and whether it runs when the file is imported."""

    file: Path
    line: int
    module: str
    at_start: bool


FILES = sorted(SOURCE.rglob("*.py"))


def module_name(file: Path) -> str:
    parts = ("lodkit", *file.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in FILES}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def unit(module: str) -> str:
    """Name the module or package right under lodkit that a dotted name belongs to."""
    return [*module.split("."), ""][1]


def statements(body: list[ast.stmt], at_start: bool = True) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield the statements that run, those under ``if TYPE_CHECKING`` left out."""
    for node in body:
        yield node, at_start
        deferred = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for field in ("body", "orelse", "finalbody"):
            types_only = (
                field == "body" and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            )
            if not types_only:
                yield from statements(getattr(node, field, []), at_start and not deferred)
        for handler in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
            yield from statements(handler.body, at_start and not deferred)


def named(file: Path, node: ast.stmt) -> list[str]:
    """List the modules that an import names; a name imported from a package is a module if there is one of
    that name.
    """
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = module_name(file) if file.name == "__init__.py" else module_name(file).rpartition(".")[0]
    above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
    origin = ".".join([*above, *([node.module] if node.module else [])])
    return [full if (full := f"{origin}.{alias.name}") in MODULES else origin for alias in node.names]


@cache
def imports() -> list[Import]:
    return [
        Import(file, node.lineno, module, at_start)
        for file in FILES
        for node, at_start in statements(tree(file).body)
        for module in named(file, node)
    ]


def place(item: Import) -> str:
    return f"{item.file.relative_to(ROOT)}:{item.line} imports {item.module}"


def test_every_module_has_its_arrows() -> None:
    assert {unit(module) for module in MODULES} - {""} <= ARROWS.keys() | LAST


def test_arrows_between_modules() -> None:
    wrong = []
    for item in imports():
        here, there = unit(module_name(item.file)), unit(item.module)
        if item.module.split(".")[0] != "lodkit" or there in {"", here} or here in LAST:
            continue
        if item.at_start if not here else there not in ARROWS.get(here, set()):
            wrong.append(place(item))
    assert wrong == []


def test_arrows_have_no_cycle() -> None:
    done: set[str] = set()
    while ready := {name for name, targets in ARROWS.items() if name not in done and targets <= done}:
        done |= ready
    assert done == ARROWS.keys()


def test_modules_import_in_no_circle() -> None:
    edges: dict[str, set[str]] = {module: set() for module in MODULES}
    for item in imports():
        here = module_name(item.file)
        if item.module in MODULES and item.module != here and (item.module != "lodkit" or "." not in here):
            edges[here].add(item.module)
    edges = {module: targets - {"lodkit"} for module, targets in edges.items()}
    while free := {module for module, targets in edges.items() if not targets & edges.keys()}:
        edges = {module: targets for module, targets in edges.items() if module not in free}
    assert {module: sorted(targets & edges.keys()) for module, targets in edges.items()} == {}


def test_third_party_imports() -> None:
    wrong = []
    for item in imports():
        package = item.module.split(".")[0]
        allowed = THIRD_PARTY.get(unit(module_name(item.file)), set())
        if package not in sys.stdlib_module_names | {"lodkit"} | allowed:
            wrong.append(place(item))
    assert wrong == []


def test_slow_packages_are_imported_where_they_are_used() -> None:
    wrong = []
    for item in imports():
        package = item.module.split(".")[0]
        slow = package in SLOW_TO_IMPORT or (
            package in COMMAND_LINE_ONLY and unit(module_name(item.file)) not in LAST
        )
        if slow and item.at_start:
            wrong.append(place(item))
    assert wrong == []


def test_nothing_slow_is_loaded_by_importing_lodkit() -> None:
    modules = [module for module in MODULES if unit(module) not in LAST and not module.endswith("__main__")]
    code = f"""
import importlib, sys
for module in {modules!r}:
    importlib.import_module(module)
print(*sorted({SLOW_TO_IMPORT | COMMAND_LINE_ONLY!r} & sys.modules.keys()))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def functions() -> Iterator[tuple[str, int]]:
    for file in FILES:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    sizes = dict(functions())
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_modules_are_short() -> None:
    sizes = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_no_module_of_leftovers() -> None:
    leftovers = {"utils", "util", "helper", "helpers", "manager", "common", "misc"}
    assert {file.stem for file in FILES} & leftovers == set()


def local_names(file: str, namespace: str) -> set[str]:
    """Return the local names of the terms of a namespace that a Turtle file describes."""
    path = ROOT / "ontology" / file
    terms = {
        quad.subject.value
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode)
    }
    return {
        term.removeprefix(namespace) for term in terms if term.startswith(namespace) and term != namespace
    }


def literals(file: Path) -> Iterator[ast.Constant]:
    """Yield the string constants that are neither docstrings nor listed in ``__all__``."""
    skipped = {id(node.value) for node in ast.walk(tree(file)) if isinstance(node, ast.Expr)}
    for statement in tree(file).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            skipped |= {id(child) for child in ast.walk(statement)}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node


def test_code_names_no_term_of_the_domain() -> None:
    own = local_names("movement.ttl", BASE + "movement#") - local_names("core.ttl", BASE + "core#")
    # A term of two words ("foundingLocation") or a class ("Person") cannot be met by chance; "status" and the
    # like can.
    telling = {name for name in own if re.search(r"[a-z][A-Z]", name)} | {
        name for name in own if name[:1].isupper()
    }
    telling -= BY_CHANCE
    assert len(telling) > 100
    wrong = []
    for file in FILES:
        for node in literals(file):
            words = set(re.findall(r"\w+", str(node.value)))
            if words & telling or re.search(r"\bmvt:|movement#", str(node.value)):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.value!r}")
    assert wrong == []


def test_documentation_in_code_names_no_prefix_of_the_domain() -> None:
    found = [
        str(file.relative_to(ROOT))
        for file in FILES
        if re.search(r"\bmvt:|movement#", file.read_text(encoding="utf-8"))
    ]
    assert found == []


DOMAIN_FILES = [
    path
    for folder in ("ontology", "shapes", "queries")
    for path in sorted((ROOT / folder).iterdir())
    if path.suffix in {".ttl", ".rq"}
]


@pytest.mark.parametrize("path", [*FILES, *DOMAIN_FILES], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_name_from_an_article(path: Path) -> None:
    names = (ROOT / "tests" / "article_names.txt").read_text(encoding="utf-8").split("\n")
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in names if name) + r")(?!\w)")
    text = path.read_text(encoding="utf-8")
    assert [
        f"{text.count(chr(10), 0, match.start()) + 1}: {match.group()}" for match in pattern.finditer(text)
    ] == []


def test_the_tests_read_this_checkout() -> None:
    import lodkit

    assert Path(lodkit.__file__).parent in {SOURCE, Path(sysconfig.get_path("purelib")) / "lodkit"}
