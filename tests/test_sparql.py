"""SPARQL texts: cut into tokens, refused where they reach out, and evaluated in one place only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.canary import Canary, canary

from lodkit.errors import LimitError, QueryError
from lodkit.sparql import evaluate, refuse_fetching, refuse_unsafe, tokenize
from lodkit.sparql.guard import DEEPEST

SOURCE = Path(__file__).parent.parent / "src" / "lodkit"


@pytest.fixture(scope="module")
def bird() -> Iterator[Canary]:
    with canary() as found:
        yield found


# Each would make the engine call, if nothing stood in front of it: {url} is the canary's address.
CALLING = [
    "SELECT * { SERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { service silent <{url}> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE<{url}>{ ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <{url}> { ?s ?p ?o } } }",
    "SELECT * { FILTER NOT EXISTS { { SERVICE <{url}> { ?s ?p ?o } } } }",
    "PREFIX c: <{url}/> SELECT * { SERVICE c:x { ?s ?p ?o } }",
    "PREFIX : <{url}/> SELECT * { service:x { ?s ?p ?o } }",
    "PREFIX : <{url}/> SELECT * { servicesilent:x { ?s ?p ?o } }",
    "PREFIX x: <{url}/> SELECT * { SERVICEx:y {} }",
    "PREFIX x: <{url}/> SELECT * { ?s ?p trueSERVICEx:y {} }",
    "SELECT * { ?s ?p 1SERVICE <{url}> {} }",
    "SELECT * { ?s ?p 1.0e0SERVICE<{url}>{} }",
    "SELECT * { ?s ?p trueSERVICE<{url}>{} }",
    "SELECT * { ?s ?p true.SERVICE<{url}>{} }",
    "SELECT * { ?s ?p 'a\\'b'. SERVICE <{url}> {} }",
    "SELECT * { ?s ?p ''SERVICE<{url}>{} }",
    'SELECT * { ?s ?p """a"b"""SERVICE<{url}>{} }',
    "SELECT * { ?s ?p ?o #\nSERVICE <{url}> {} }",
    "PREFIX a:<http://e/#> SELECT * { SERVICE <{url}> {} }",
    "SELECT * { VALUES ?x { <{url}> } SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { BIND(<{url}> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { { SELECT * { SERVICE <{url}> { ?s ?p ?o } } } }",
    "SELECT * { GRAPH ?g { SERVICE <{url}> { ?s ?p ?o } } }",
    "ASK { SERVICE <{url}> { ?s ?p ?o } }",
    "ASK{SERVICE<{url}>{?s ?p ?o}}",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <{url}> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { FILTER(?a<?b) SERVICE <{url}> {} FILTER(?a>?b) }",
    "SELECT * { MINUS { SERVICE <{url}> { ?s ?p ?o } } }",
    "SELECT * { OPTIONAL { SERVICE <{url}> { ?s ?p ?o } } }",
]


@pytest.mark.parametrize("text", CALLING)
def test_what_would_call_is_refused_before_it_does(text: str, bird: Canary) -> None:
    store = pyoxigraph.Store()
    store.add(pyoxigraph.Quad(*(pyoxigraph.NamedNode("x:a") for _ in range(3))))
    with pytest.raises(QueryError, match="SERVICE would ask another computer"):
        evaluate(store, text.replace("{url}", bird.url))
    assert bird.hits == []


CHANGING = ["LOAD <{url}>", "load silent <{url}> into graph <x:g>", "INSERT DATA {} ; LOAD <{url}>"]


@pytest.mark.parametrize("text", [*CHANGING, "INSERT { ?s ?p ?o } WHERE { SERVICE <{url}> { ?s ?p ?o } }"])
def test_an_update_that_would_fetch_is_refused(text: str, bird: Canary) -> None:
    with pytest.raises(QueryError, match="would"):
        refuse_fetching(text.replace("{url}", bird.url))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <x:g> { ?s ?p ?o }",
        "SELECT * from named <x:g> { ?s ?p ?o }",
        "ASKFROM<x:g>{}",
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "DROP ALL",
        "CLEAR DEFAULT",
        "CREATE GRAPH <x:g>",
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE {}",
        "SELECT * {} ; DROP ALL",
    ],
)
def test_what_chooses_graphs_or_changes_data_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        refuse_unsafe(text)


FREE = [
    "PREFIX service: <x:> SELECT * { ?s service:SERVICE ?o }",
    "PREFIX service: <x:> SELECT * { service:x ?p ?o }",
    "PREFIX from: <x:> SELECT ?service { ?service from:LOAD 'FROM' } # SERVICE",
    "SELECT ?SERVICE $LOAD ?from { ?SERVICE ?p $LOAD , ?from }",
    'SELECT * { ?s <http://x/SERVICE> \'SERVICE <http://x>\' , """a\nSERVICE""" , \'x\'@service }',
    "SELECT * { _:SERVICE ?p ?o }",
    "PREFIX x: <x:> SELECT * { ?s x:DROP x:INSERT, x:a.LOAD }",
    "SELECT (COUNT(*) AS ?load) { ?s ?p ?o }",
]


@pytest.mark.parametrize("text", FREE)
def test_names_strings_and_comments_are_no_false_alarm(text: str) -> None:
    evaluate(pyoxigraph.Store(), text)


def test_what_engines_may_read_in_two_ways_is_refused_where_one_reaches_out() -> None:
    """Some engines resolve code point escapes before all else (SPARQL 1.1 §19.2)."""
    evaluate(pyoxigraph.Store(), "SELECT * { ?s ?p '\\u0041' }")
    for text in ("'\\u0027 . SERVICE <x:y> {} #'", "'\\u0027 SERVICE'", "1 . \\u0053ERVICE <x:y> {}"):
        with pytest.raises(QueryError):
            refuse_unsafe(f"SELECT * {{ ?s ?p {text} }}")


PIECES = [
    "SERVICE",
    "service",
    "SILENT",
    "<{url}>",
    "<{url}#>",
    "c:x",
    ":x",
    "?x",
    "true",
    "1",
    "1.",
    "e0",
    "'",
    '"',
    "'''",
    "\\",
    "#",
    "\n",
    " ",
    ".",
    "{",
    "}",
    "{}",
    "?s ?p ",
    "@en",
    "^^",
    "_:b",
    "(",
    ")",
    "a",
    ":",
    ";",
    ",",
    "²",
    "·",
    "%41",
    "UNION",
    "FILTER",
    "EXISTS",
]


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9))
def test_no_text_that_passes_the_guard_makes_a_call(bird: Canary, pieces: list[str]) -> None:
    inside = "".join(pieces)
    head = "PREFIX c: <{url}/> PREFIX : <{url}/> SELECT * { "
    text = f"{head}{inside} SERVICE <{{url}}> {{}} }}" if len(inside) % 2 else f"{head}{inside} }}"
    try:
        for _ in evaluate(pyoxigraph.Store(), text.replace("{url}", bird.url)):  # type: ignore[union-attr]
            pass
    except (QueryError, LimitError, OSError, RuntimeError):
        pass
    assert bird.hits == []


@given(st.text(st.sampled_from("abc:.-<>\"'{}()[]?$@#\\ \n1%·_^|&!=*/+;,"), max_size=60))
def test_tokens_joined_are_the_text(text: str) -> None:
    with suppress(QueryError):
        assert "".join(token.text for token in tokenize(text)) == text


@pytest.mark.parametrize(
    "piece",
    [
        '"""',
        "'''",
        '"',
        "<",
        "<a",
        "a.",
        "a:",
        "a:.b",
        "_:a.",
        "a.-",
        "PREFIX a:<",
        "$",
        "%41",
        "\\",
        '""',
        "@a-",
    ],
)
@pytest.mark.slow
def test_no_text_takes_more_than_one_pass(piece: str) -> None:
    """Whatever fails to match is not tried anew from each place: a quadratic text of 2 MB would take hours."""
    try:
        for _ in tokenize(piece * (2_000_000 // len(piece))):
            pass
    except QueryError:
        pass


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_brackets_have_a_depth(pair: str) -> None:
    refuse_unsafe(pair[0] * DEEPEST + pair[1] * DEEPEST)
    with pytest.raises(LimitError, match="deep"):
        refuse_unsafe(pair[0] * (DEEPEST + 1))


def test_one_module_gives_the_engine_sparql() -> None:
    """Nothing but `lodkit.sparql.evaluate` calls ``query`` or ``update`` of a store, of Oxigraph or rdflib."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if not re.search(r"\b(query|update)\s*\(", text):  # parsing and walking all modules takes seconds
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                receiver = ast.unparse(node.func.value).lower()
                is_store = any(word in receiver for word in ("store", "graph", "dataset", "target"))
                if node.func.attr == "query" or (node.func.attr == "update" and is_store):
                    found.append(f"{file.relative_to(SOURCE)} {ast.unparse(node.func)}")
    # The store of lodkit, which goes through `lodkit.sparql.change`.
    own = {"load/health.py store.update", "load/health.py target.update", "load/ways.py store.update"}
    assert [place for place in found if place not in own] == [
        "sparql/evaluate.py store.query",
        "sparql/evaluate.py store.update",
    ]
