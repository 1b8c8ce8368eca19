"""The embedded store: union of graphs, one-line errors, nothing leaves it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from lodkit.errors import InputError, LodkitError, QueryError, StoreError
from lodkit.store import Store


def node(name: str) -> NamedNode:
    return NamedNode(f"https://example.org/{name}")


QUADS = [
    Quad(node("ada"), node("founded"), node("lantern"), node("a#facts")),
    Quad(node("ada"), node("label"), Literal("Ada Lund", language="en"), node("a#facts")),
    Quad(node("ada"), node("founded"), node("circle"), node("b#facts")),
    Quad(node("ada"), node("age"), Literal("41")),
]


def filled(folder: Path | None = None) -> Store:
    store = Store(folder)
    store.add(QUADS)
    return store


def test_queries_see_the_union_and_graphs_by_name() -> None:
    store = filled()
    rows = store.solutions("SELECT ?o { ?s <https://example.org/founded> ?o } ORDER BY ?o")
    assert [variable.value for variable in rows.variables] == ["o"]
    assert [row["o"].value[20:] for row in rows] == ["circle", "lantern"]
    rows = store.solutions(
        "SELECT ?g { GRAPH ?g { ?s x:founded x:circle } }", prefixes={"x": "https://example.org/"}
    )
    assert [row["g"] for row in rows] == [node("b#facts")]
    assert store.graphs() == {node("a#facts").value: 2, node("b#facts").value: 1, "": 1}


def test_adding_again_changes_nothing() -> None:
    store = filled()
    store.add(QUADS)
    assert len(store) == 4
    assert set(store) == set(QUADS)


def test_questions_and_triples() -> None:
    store = filled()
    assert store.ask("ASK { ?s <https://example.org/age> '41' }")
    assert not store.ask("ASK { ?s <https://example.org/age> '42' }")
    assert len(list(store.triples("CONSTRUCT WHERE { ?s <https://example.org/founded> ?o }"))) == 2


@pytest.mark.parametrize(
    ("method", "query", "message"),
    [
        ("solutions", "SELECT * {\n ?s ?p }", "2:9: not SPARQL: expected"),
        ("solutions", "", "not SPARQL"),
        ("solutions", "INSERT DATA { <a:b> <a:b> <a:b> }", "1:1: INSERT: a query does not change data"),
        ("solutions", "LOAD <https://example.org/>", "1:1: LOAD would fetch"),
        ("solutions", "ASK {}", "no rows (write it as a SELECT)"),
        ("ask", "SELECT * {}", "yes-or-no"),
        ("triples", "ASK {}", "no triples"),
        (
            "solutions",
            "SELECT * {\n SERVICE <https://example.org/> { ?s ?p ?o } }",
            "2:2: SERVICE would ask another computer",
        ),
        ("solutions", "SELECT * { service silent ?x { ?s ?p ?o } }", "1:12: SERVICE"),
        ("solutions", "SELECT * { ?s ?p 'a\\'b'. SERVICE <https://example.org/> {} }", "SERVICE would"),
        ("solutions", "SELECT * { ?s ?p 1 .SERVICE <https://example.org/> {} }", "SERVICE would"),
        ("solutions", "SELECT * { ?s a ?p.SERVICE<https://example.org/> {} }", "SERVICE would"),
        ("solutions", "SELECT * { ?s ?p 1SERVICE <https://example.org/> {} }", "SERVICE would"),
        ("solutions", "PREFIX : <x:> SELECT * { service:x {} }", "SERVICE would"),
        ("solutions", "PREFIX x: <x:> SELECT * { ?s ?p trueSERVICEx:y {} }", "SERVICE would"),
        (
            "solutions",
            "PREFIX : <x:> SELECT * { ?s ?p :a\\# . SERVICE <https://example.org/> {} }",
            "SERVICE would",
        ),
        (
            "solutions",
            "PREFIX : <x:> SELECT * { ?s ?p :a\\' . SERVICE :b {} . ?s ?p :a\\' }",
            "SERVICE would",
        ),
        (
            "solutions",
            "SELECT * { FILTER(?a<?b) SERVICE <https://example.org/> {} FILTER(?a>?b) }",
            "SERVICE would",
        ),
    ],
)
def test_wrong_queries_are_one_line(method: str, query: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        getattr(filled(), method)(query)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <x>' }",
        'SELECT * { ?s ?p """a "SERVICE" \\""" b""" }',
        "SELECT * { ?s ?p ?service } # SERVICE",
        "SELECT * { ?s <https://example.org/SERVICE> ?o }",
        "PREFIX : <https://example.org/> SELECT * { ?s :SERVICE ?o . ?s :a.service ?o }",
        "PREFIX x: <https://example.org/> SELECT * { ?s x:a-SERVICE ?o }",
        "SELECT ('x'@service AS ?a) { }",
    ],
)
def test_the_word_service_is_free_elsewhere(query: str) -> None:
    list(filled().solutions(query))


def test_a_folder_keeps_what_was_added(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    filled(folder)
    with pytest.raises(StoreError, match="reading only"):
        Store(folder, read_only=True).add([Quad(node("x"), node("x"), node("x"))])
    one, two = Store(folder, read_only=True), Store(folder, read_only=True)
    assert len(one) == len(two) == 4


def test_a_locked_folder_is_one_line(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    with pytest.raises(StoreError, match="in use by another process") as caught:
        Store(tmp_path / "store")
    assert caught.value.exit_code == 4
    program = f"from lodkit.store import Store; Store({str(tmp_path / 'store')!r})"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    assert "StoreError" in other.stderr
    assert "in use by another process" in other.stderr
    assert len(store) == 4


def test_no_store_where_something_else_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no store"):
        Store(tmp_path / "none", read_only=True)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds other files"):
        Store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(LodkitError):
        Store(tmp_path / "mine.txt")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match="the store failed"):
        Store(tmp_path / "broken")
