"""What the writers for people share: quads by graph and subject, and terms that are made once and kept."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Triple,
    parse,
)

from lodkit.rdf import FORMATS, compact, nesting, turtle, write
from lodkit.rdf.nodes import graphs_of, literal_parts, merged

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "": "http://e/doc1#",
    "b": "http://e/doc1#b",
    "e": "http://e/",
    "tag": "urn:",
    "xsd": XSD,
}

IRIS = st.sampled_from(
    [
        *(
            NamedNode(f"http://e/doc{n}#{name}")
            for n in (1, 2, 3, 10)
            for name in ("a", "b/c", "12", "9", "")
        ),
        *(
            NamedNode(iri)
            for iri in ("http://e/", "http://e/x.", "http://e//x", "urn:a:b", "tag:x", RDF + "type")
        ),
    ]
)
BLANKS = st.sampled_from([BlankNode(f"b{number}") for number in range(4)])
TEXTS = st.sampled_from(
    ["", "a", '"', "\\", "\n", "é😀", "1", "01", "true", " <http://e/doc1#a> .", "_:b1", "^^<x:y>"]
)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda text: Literal(text, language="en"), TEXTS),
    st.builds(lambda text: Literal(text, language="he", direction=BaseDirection.RTL), TEXTS),
    st.builds(
        lambda text, iri: Literal(text, datatype=NamedNode(iri)),
        TEXTS,
        st.sampled_from([XSD + "integer", XSD + "boolean", "http://e/doc1#date", "http://e/doc2#date"]),
    ),
)
TRIPLES = st.builds(Triple, IRIS | BLANKS, IRIS, LITERALS | BLANKS)
GRAPHS = st.sampled_from(
    [DefaultGraph(), NamedNode("http://e/doc1#facts"), NamedNode("http://e/doc2#evidence")]
)
FLAT = st.lists(st.builds(Quad, IRIS, IRIS, IRIS | LITERALS, GRAPHS), max_size=12)
ANY = st.lists(
    st.builds(Quad, IRIS | BLANKS, IRIS, IRIS | LITERALS | BLANKS | TRIPLES, GRAPHS | BLANKS), max_size=12
)  # fmt: skip


def written(quads: Iterable[Quad], form: str) -> bytes:
    out = io.BytesIO()
    write(quads, out, form, prefixes=PREFIXES)
    return out.getvalue()


def canonical(quads: Iterable[Quad]) -> set[Quad]:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


@pytest.mark.slow
@given(ANY)
def test_quads_by_graph_and_subject(quads: list[Quad]) -> None:
    expected: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
        value = f"<<( {quad.object} )>>" if isinstance(quad.object, Triple) else str(quad.object)
        expected[graph][str(quad.subject)].add((str(quad.predicate), value))
    assert graphs_of(quads) == {
        graph: {subject: tuple(zip(*sorted(pairs), strict=True)) for subject, pairs in nodes.items()}
        for graph, nodes in expected.items()
    }
    assert merged(graphs_of(quads)) == graphs_of(Quad(*quad.triple) for quad in quads).get("", {})


@given(LITERALS)
def test_parts_of_a_literal(literal: Literal) -> None:
    text, datatype, language, direction = literal_parts(str(literal))
    assert str(Literal(literal.value)) == text
    assert datatype in (literal.datatype.value, None)
    assert (language, direction) == (literal.language, literal.direction and "rtl")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["ttl", "trig"])
@given(quads=ANY)
def test_any_data_come_back(form: str, quads: list[Quad]) -> None:
    """Some terms are of the document that is the base, some of one that was, or that will be."""
    expected = quads if form == "trig" else [Quad(*quad.triple) for quad in quads]
    assert canonical(parse(written(quads, form), FORMATS[form].parser)) == canonical(expected)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["ttl", "trig", "jsonld"])
@given(quads=FLAT)
def test_the_short_way_is_the_long_way(form: str, quads: list[Quad]) -> None:
    """Data without blank nodes are written as if there could be some."""
    short = written(quads, form)
    long = replace(nesting.FLAT)
    with pytest.MonkeyPatch.context() as patch:
        for module in (turtle, compact):
            patch.setattr(module, "nestings_of", lambda graphs, _: dict.fromkeys(graphs, long))
        assert written(quads, form) == short


@pytest.mark.slow
@pytest.mark.parametrize("form", ["ttl", "trig", "nq", "jsonld"])
@given(data=st.data(), quads=FLAT)
def test_order_and_copies_do_not_matter(form: str, data: st.DataObject, quads: list[Quad]) -> None:
    again = data.draw(st.permutations(quads + quads[:3]))
    assert written(again, form) == written(quads, form)
