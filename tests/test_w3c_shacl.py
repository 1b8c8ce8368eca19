"""The W3C's test suite of SHACL Core and SHACL-SPARQL (tests/w3c/shacl): what it expects of a validation
report.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from lodkit.domain.graph import SH, DomainGraph, Term, graph_of, key_of
from lodkit.domain.shapes import Path as PropertyPath
from lodkit.domain.shapes import checked_shapes, read_path
from lodkit.errors import DomainError
from lodkit.shacl import Asking, index, validate

ROOT = Path(__file__).parent / "w3c" / "shacl"
BASE = "http://example.org/w3c/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"


class Case(NamedTuple):
    """A test: the file that describes it, its name, data and shapes."""

    file: Path
    node: str
    data: Path
    shapes: Path


Row = tuple[str, PropertyPath | None, str | None, str, str, str]


@cache
def triples_of(file: Path) -> tuple[Triple, ...]:
    """Parse a file once, so that its blank nodes are the same for data, shapes and what is expected."""
    base = BASE + str(file.relative_to(ROOT))
    found = parse(file.read_bytes(), RdfFormat.TURTLE, base_iri=base, rename_blank_nodes=True)
    return tuple(dict.fromkeys(quad.triple for quad in found))


@cache
def graph_at(file: Path) -> DomainGraph:
    return graph_of(triples_of(file))


def path_of(iri: str) -> Path:
    return ROOT / iri.removeprefix(BASE)


def cases_of(manifest: Path) -> list[Case]:
    graph = graph_at(manifest)
    found: list[Case] = []
    for predicates in graph.triples.values():
        for include in predicates.get(MF + "include", ()):
            found += cases_of(path_of(key_of(include)))
        for head in predicates.get(MF + "entries", ()):
            for entry in map(key_of, graph.collection(head)):
                (action,) = map(key_of, graph.objects(entry, MF + "action"))
                (data,), (shapes,) = (graph.iris(action, SHT + n) for n in ("dataGraph", "shapesGraph"))
                found.append(Case(manifest, entry, path_of(data), path_of(shapes)))
    return found


CORE, SPARQL = (cases_of(ROOT / part / "manifest.ttl") for part in ("core", "sparql"))
SPARQL += cases_of(ROOT / "sparql" / "component" / "nodeValidator-001.ttl")  # proposed, and in no manifest


def expected(case: Case) -> Counter[Row] | None:
    """The results that a test wants; None where it wants a failure."""
    graph = graph_at(case.file)
    (report,) = graph.objects(case.node, MF + "result")
    if report == NamedNode(SHT + "Failure"):
        return None
    known = {
        term for file in (case.data, case.shapes) for t in triples_of(file) for term in (t.subject, t.object)
    }
    rows: Counter[Row] = Counter()
    for node in map(key_of, graph.objects(key_of(report), SH + "result")):
        one = {
            name: graph.objects(node, SH + name)
            for name in ("focusNode", "resultPath", "value", "sourceShape")
        }
        paths = [read_path(graph, path) for path in one["resultPath"]]
        (severity,) = graph.iris(node, SH + "resultSeverity")
        (component,) = graph.iris(node, SH + "sourceConstraintComponent")
        focus, value, shape = (text(one[name], known) for name in ("focusNode", "value", "sourceShape"))
        rows[str(focus), next(iter(paths), None), value, severity, component, str(shape)] += 1
    assert graph.text(key_of(report), SH + "conforms") == ("false" if rows else "true")
    return rows


def text(terms: list[Term], known: set[Term]) -> str | None:
    """A term; of a blank node that is in another file only that it is one."""
    (term,) = terms or (None,)
    return None if term is None else "_:" if isinstance(term, BlankNode) and term not in known else str(term)


def found_in(case: Case) -> Counter[Row]:
    shapes = checked_shapes(graph_at(case.shapes))
    data = index(triples_of(case.data))
    with Asking(data, shapes) as asking:
        results = validate(data, shapes, asking).results
    return Counter(
        (
            str(one.focus),
            one.path,
            None if one.value is None else str(one.value),
            one.severity,
            one.component,
            str(one.shape.node),
        )
        for one in results
    )


def name_of(case: Case) -> str:
    return case.node.removeprefix(BASE).removesuffix(".ttl")


@pytest.mark.parametrize("case", [*CORE, *SPARQL], ids=name_of)
def test_the_report_is_the_one_that_the_suite_wants(case: Case) -> None:
    wanted = expected(case)
    if wanted is None:
        with pytest.raises(DomainError):
            found_in(case)
    else:
        assert found_in(case) == wanted


def test_the_suite_is_whole() -> None:
    assert (len(CORE), len(SPARQL)) == (98, 23)
