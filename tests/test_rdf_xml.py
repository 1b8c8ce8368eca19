"""RDF/XML: the same triples read back by three readers, the same bytes each time, or a refusal that says why."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, RdfFormat, parse
from rdflib import Graph
from rdflib.compare import isomorphic

from lodkit import rdf
from lodkit.errors import InputError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"


def written(quads: Any, prefixes: dict[str, str] | None = None) -> str:
    out = io.BytesIO()
    rdf.write(quads, out, "rdf", prefixes=prefixes)
    return out.getvalue().decode()


def turtle(text: str) -> list[Quad]:
    return list(parse("@prefix x: <http://x/> . @prefix y: <http://y#> . " + text, RdfFormat.TURTLE))


SHOWN = {
    "x:a a x:Person ; y:name 'A'@en, 'B & <C>' ; y:age 3 .": [
        '    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
        '    xmlns:x="http://x/"',
        '    xmlns:y="http://y#">',
        '  <x:Person rdf:about="http://x/a">',
        f'    <y:age rdf:datatype="{XSD}integer">3</y:age>',
        '    <y:name xml:lang="en">A</y:name>',
        "    <y:name>B &amp; &lt;C&gt;</y:name>",
        "  </x:Person>",
    ],
    "x:a a x:Person .": ['  <x:Person rdf:about="http://x/a"/>'],
    "x:a a x:A, x:B, <http://x/1> .": [
        '  <rdf:Description rdf:about="http://x/a">',
        '    <rdf:type rdf:resource="http://x/1"/>',
        '    <rdf:type rdf:resource="http://x/A"/>',
    ],
    "_:n x:p _:n .": ['  <rdf:Description rdf:nodeID="', '    <x:p rdf:nodeID="'],
    "x:a <http://other/1-a> 1 .": ['    xmlns:ns1="http://other/1-"'],
}


@pytest.mark.parametrize("text", SHOWN)
def test_how_it_looks(text: str) -> None:
    found = written(turtle(text), {"x": "http://x/", "y": "http://y#", "unused": "http://z/"})
    lines = found.splitlines()
    for line in SHOWN[text]:
        assert any(one.startswith(line) for one in lines), (line, found)
    assert "unused" not in found


REFUSED = {
    "a property without a name": ("x:a <http://x/1> 1 .", "no name in XML"),
    "a property that is syntax": (f"x:a <{RDF}li> 1 .", "no name in XML"),
    "a character of no XML": ('x:a x:p "\\u0001" .', "U\\+0001"),
    "a triple as a term": ("x:a x:p <<( x:a x:p x:b )>> .", "triple as a term"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_it_cannot_say_is_refused(what: str) -> None:
    text, words = REFUSED[what]
    with pytest.raises(InputError, match=words):
        written(turtle(text))


NODES = st.sampled_from(
    [NamedNode(f"http://x/{name}") for name in ("a", "b&c", "d'e", "f#g", "ü", "")]
    + [BlankNode(name) for name in ("a", "1", "b1", "b1_", "b-2", "c.d")]
)
PREDICATES = st.sampled_from(
    [
        NamedNode(iri)
        for iri in ("http://x/p", "http://x#q-1", "urn:a:ü", "http://x/1a", RDF + "type", RDF + "_1")
    ]
)
TEXTS = st.text(
    st.characters(
        exclude_categories=["Cs"], exclude_characters=[chr(n) for n in range(32) if n not in (9, 10, 13)]
    ).filter(lambda char: char not in "\ufffe\uffff")
)
LITERALS = (
    st.builds(Literal, TEXTS)
    | st.builds(lambda text: Literal(text, language="en-gb"), TEXTS)
    | st.builds(lambda text: Literal(text, language="he", direction=BaseDirection.RTL), TEXTS)
    | st.builds(lambda text: Literal(text, datatype=NamedNode("http://x/?a&b=<".replace("<", "c"))), TEXTS)
)
QUADS = st.sets(
    st.builds(Quad, NODES, PREDICATES, NODES) | st.builds(Quad, NODES, PREDICATES, LITERALS), max_size=12
)


@pytest.mark.slow
@given(QUADS)
def test_any_triples_come_back(quads: set[Quad]) -> None:
    text = written(quads)
    assert written(sorted(quads, key=str)) == text
    found = rdf.quad_lines(rdf.read(text.encode(), "rdf"))
    used = {str(term) for quad in quads for term in (quad.subject, quad.object)}
    free = next(name for name in ("_:b1", "_:b1_", "_:b1__") if name not in used)
    labels = {"_:1": free}  # a name in XML begins with a letter

    def named(term: Any) -> Any:
        return BlankNode(labels[str(term)][2:]) if str(term) in labels else term

    assert found == rdf.quad_lines(Quad(named(q.subject), q.predicate, named(q.object)) for q in quads)


@pytest.mark.slow
@given(QUADS.map(lambda quads: {quad for quad in quads if getattr(quad.object, "direction", None) is None}))
def test_rdflib_reads_the_same(quads: set[Quad]) -> None:
    assert isomorphic(Graph().parse(data=written(quads), format="xml"), rdf.to_graph(quads))
