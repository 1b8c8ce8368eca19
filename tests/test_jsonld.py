"""JSON-LD: a context from the shapes, and the same triples or quads read back by three readers."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)
from rdflib.compare import isomorphic

from lodkit import rdf
from lodkit.errors import InputError
from lodkit.rdf.jsonld import context as context_of
from lodkit.rdf.jsonld import context_document

LAMP = "https://example.org/lamp#"
SCHEMA = "https://schema.org/"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"


PREFIXES = {
    "lamp": LAMP,
    "schema": SCHEMA,
    "rdfs": RDFS,
    "xsd": XSD,
    "id": "https://example.org/id/",
    "keeper": "x:",
    "odd": LAMP + "li",
}


@dataclass(frozen=True)
class Shape:
    path: str
    classes: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    max_count: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Lamps:
    """A domain as far as a context needs one."""

    shapes: tuple[Shape, ...]
    version: str = "7"
    prefixes: dict[str, str] = field(default_factory=lambda: dict(PREFIXES))

    @property
    def classes(self) -> dict[str, None]:
        return dict.fromkeys([LAMP + "Lighthouse", LAMP + "Person"])

    @property
    def property_shapes(self) -> dict[str, Shape]:
        return {f"shape:{number}": shape for number, shape in enumerate(self.shapes)}


DATES = (XSD + "date", XSD + "gYear")
SHAPES = (
    Shape(RDFS + "label", datatypes=(LANG_STRING,), max_count=1),
    Shape(SCHEMA + "alternateName", datatypes=(LANG_STRING,)),
    Shape(LAMP + "height", datatypes=(XSD + "integer",), max_count=1),
    Shape(LAMP + "lit", datatypes=DATES, max_count=1),
    Shape(LAMP + "closed", datatypes=(XSD + "gYear",), max_count=1),
    Shape(LAMP + "keeper", classes=(LAMP + "Person",)),
    Shape(LAMP + "owner", classes=(LAMP + "Person",), max_count=1),
    Shape(LAMP + "note", datatypes=(XSD + "string",)),
    Shape(LAMP + "about", classes=(LAMP + "Person",), max_count=1),
    Shape(SCHEMA + "about", datatypes=(XSD + "string",), max_count=1),
    Shape(LAMP + "origin", datatypes=(LANG_STRING,)),
    Shape(LAMP + "origin", classes=(LAMP + "Person",)),
)
DOMAIN = cast(Any, Lamps(SHAPES))

TRIG = f"""
@prefix lamp: <{LAMP}> . @prefix schema: <{SCHEMA}> . @prefix rdfs: <{RDFS}> . @prefix xsd: <{XSD}> .
@prefix id: <https://example.org/id/> .
<https://example.org/a#facts> {{
  id:Norra a lamp:Lighthouse ; rdfs:label "Norra udden"@en ; schema:alternateName "Norra"@en, "Udden"@en, "Norra udden"@sv, "plain" ;
    lamp:height 41, "forty"^^lamp:feet ; lamp:lit "1948"^^xsd:gYear, "1948-05-02"^^xsd:date ;
    lamp:closed "1999"^^xsd:gYear, "1999-01-01"^^xsd:date ;
    lamp:keeper id:Ada, id:Berit ; lamp:owner id:Ada ; lamp:note "a", "b"@en ; lamp:about id:Ada ; schema:about "light" ;
    lamp:origin "built"@en, id:Ada ; rdfs:seeAlso id:Elsewhere .
  id:Ada a lamp:Person, lamp:Lighthouse ; rdfs:label "Ada Lund"@en .
}}
<https://example.org/a#evidence> {{
  <https://example.org/a#char=0,3> <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#beginIndex> "0"^^xsd:nonNegativeInteger ;
    <https://w3id.org/lodkit/core#line> 1 ; <http://www.w3.org/ns/prov#wasDerivedFrom> <https://example.org/a#x> .
  id:Ada rdfs:label "Ada"@en .
}}
"""
DATA = list(rdf.read(TRIG.encode(), "trig"))
FACTS = [quad for quad in DATA if "#facts" in str(quad.graph_name)]


def written(quads: Any, domain: Any = DOMAIN) -> bytes:
    out = io.BytesIO()
    rdf.write(quads, out, "jsonld", domain=domain)
    return out.getvalue()


def triples(quads: Any) -> set[Triple]:
    return {quad.triple for quad in quads}


def refuse(url: str, options: Any = None) -> NoReturn:
    """What PyLD gets as its loader: no document is loaded."""
    raise InputError("a context on the network is not fetched", term=url)


def with_pyld(data: bytes) -> set[Quad]:
    from pyld import jsonld

    text = jsonld.to_rdf(json.loads(data), {"documentLoader": refuse, "format": "application/n-quads"})
    return set(parse(text, RdfFormat.N_QUADS))


def test_the_context_says_what_the_shapes_say() -> None:
    context = context_of(DOMAIN)
    expected = {
        "label": {"@id": "rdfs:label", "@container": "@language"},
        "alternateName": {"@id": "schema:alternateName", "@container": ["@language", "@set"]},
        "height": {"@id": "lamp:height", "@type": "xsd:integer"},
        "lit": {"@id": "lamp:lit"},
        "closed": {"@id": "lamp:closed", "@type": "xsd:gYear"},
        "lamp:keeper": {"@id": "lamp:keeper", "@type": "@id", "@container": "@set"},
        "owner": {"@id": "lamp:owner", "@type": "@id"},
        "note": {"@id": "lamp:note", "@container": "@set"},
        "lamp:about": {"@id": "lamp:about", "@type": "@id"},
        "schema:about": {"@id": "schema:about"},
        "origin": {"@id": "lamp:origin", "@container": "@set"},
        "Lighthouse": "lamp:Lighthouse",
        "beginIndex": {"@id": "nif:beginIndex", "@type": "xsd:nonNegativeInteger"},
        "lamp": LAMP,
    }
    assert {term: context[term] for term in expected} == expected
    assert "about" not in context
    assert context["keeper"] == "x:"
    assert "odd" not in context


def test_the_context_is_versioned_and_the_same_in_any_order() -> None:
    document = context_document(DOMAIN, "https://example.org/")
    assert document["@id"] == "https://example.org/context/7"
    reverse = context_of(cast(Any, Lamps(SHAPES[::-1])))
    assert json.dumps(reverse) == json.dumps(document["@context"])


def test_facts_read_back_as_the_same_triples() -> None:
    data = written(FACTS)
    assert set(rdf.read(data, "jsonld")) == {Quad(*triple) for triple in triples(FACTS)}
    assert triples(with_pyld(data)) == triples(FACTS)
    assert isomorphic(rdflib.Graph().parse(data=data.decode(), format="json-ld"), rdf.to_graph(FACTS))


def test_evidence_reads_back_as_the_same_quads() -> None:
    data = written(DATA)
    assert set(rdf.read(data, "jsonld")) == set(DATA)
    assert with_pyld(data) == set(DATA)
    theirs = rdflib.Dataset()
    theirs.parse(data=data.decode(), format="json-ld")
    assert set(theirs.quads()) == set(rdf.to_rdflib(DATA).quads())
    names = [item["@id"] for item in json.loads(data)["@graph"]]
    assert names == ["https://example.org/a#facts", "https://example.org/a#evidence"]


def test_facts_are_one_object_an_entity() -> None:
    document = json.loads(written(FACTS))
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    assert list(entities) == ["id:Ada", "id:Norra"]
    norra = entities["id:Norra"]
    assert norra["@type"] == ["Lighthouse"]
    assert norra["label"] == {"en": "Norra udden"}
    assert norra["alternateName"] == {"en": ["Norra", "Udden"], "sv": ["Norra udden"], "@none": ["plain"]}
    assert norra["lamp:keeper"] == ["id:Ada", "id:Berit"]
    assert norra["owner"] == "id:Ada"
    assert norra["lit"] == [
        {"@type": "xsd:gYear", "@value": "1948"},
        {"@type": "xsd:date", "@value": "1948-05-02"},
    ]


def test_only_used_terms_are_in_a_file() -> None:
    context = json.loads(written(FACTS[:1]))["@context"]
    assert [term for term in context if not term.startswith("@")] == ["id", "lamp", "rdf", "Lighthouse"]


def test_default_graph_beside_named_graphs() -> None:
    mixed = [
        *DATA,
        Quad(
            NamedNode("https://example.org/id/Loose"),
            NamedNode(RDFS + "label"),
            Literal("loose", language="en"),
        ),
    ]
    assert set(rdf.read(written(mixed), "jsonld")) == set(mixed)


def test_without_a_domain_it_is_still_the_same_data() -> None:
    out = io.BytesIO()
    rdf.write(DATA, out, "jsonld", prefixes={"lamp": LAMP})
    assert set(rdf.read(out.getvalue(), "jsonld")) == set(DATA)
    assert b'"lamp:owner"' in out.getvalue()


PATHS = st.sampled_from(
    [NamedNode(shape.path) for shape in SHAPES]
    + [NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")]
)
NODES = st.sampled_from(
    [NamedNode("https://example.org/id/" + name) for name in ("a", "b:c", "d/e", "@id", "x:y", "", "f#g")]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["true", "1", "1.0", "@id", "id:a", "_:b", "lamp:height"]
)
TYPES = st.sampled_from(
    [NamedNode(XSD + name) for name in ("string", "integer", "boolean", "gYear", "anyURI")]
)
LITERALS = st.builds(lambda text, kind: Literal(text, datatype=kind), TEXTS, TYPES) | st.builds(
    lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["en", "sv", "zh-Hant", "es-419"])
)
GRAPHS = st.sampled_from(
    [NamedNode("https://example.org/a#facts"), NamedNode("https://example.org/a#evidence")]
)


@pytest.mark.slow
@given(st.sets(st.builds(Quad, NODES, PATHS, NODES | LITERALS, GRAPHS), max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_data_come_back(quads: set[Quad]) -> None:
    data = written(quads)
    is_facts = all("#facts" in str(quad.graph_name) for quad in quads)
    expected = {Quad(*triple) for triple in triples(quads)} if is_facts else quads
    assert set(rdf.read(data, "jsonld")) == expected
    assert with_pyld(data) == expected


NESTED = """
@prefix lamp: <https://example.org/lamp#> . @prefix id: <https://example.org/id/> .
id:Norra lamp:keeper [ a lamp:Person ; lamp:note "first" ], id:Ada ; lamp:log ( 1 "two"@en ( id:Ada ) [ lamp:note "x" ] ) ; lamp:empty () .
_:shared lamp:note "shared" . id:Ada lamp:near _:shared . id:Norra lamp:near _:shared .
[] lamp:note "held by nothing" .
"""


def test_nodes_and_lists_stand_where_they_are_used() -> None:
    from lodkit.sandbox import canonical

    data = canonical(list(rdf.read(NESTED.encode(), "ttl")))
    document = json.loads(written(data))
    nodes = {node.get("@id"): node for node in document["@graph"]}
    assert set(nodes) == {"id:Ada", "id:Norra", nodes["id:Ada"]["lamp:near"]["@id"], None}
    norra = nodes["id:Norra"]
    assert norra["lamp:keeper"] == [{"@type": ["Person"], "note": ["first"]}, "id:Ada"]
    assert norra["lamp:empty"] == {"@list": []}
    assert norra["lamp:log"] == {
        "@list": [
            {"@type": "xsd:integer", "@value": "1"},
            {"@language": "en", "@value": "two"},
            {"@list": [{"@id": "id:Ada"}]},
            {"note": ["x"]},
        ]
    }
    assert nodes[None] == {"note": ["held by nothing"]}
    assert set(canonical(parse(written(data), RdfFormat.JSON_LD))) == set(data)


def test_base_direction_is_kept() -> None:
    [quad] = parse('<x:a> <x:p> "\\u05d0"@he--rtl .', RdfFormat.TURTLE)
    assert list(parse(written([quad]), RdfFormat.JSON_LD)) == [quad]


@pytest.mark.parametrize(
    "text",
    [
        "<x:a> a [ <x:q> 1 ] .",
        "<x:a> a [ <x:q> 1 ], <x:b>, [] .",
        "<x:a> a ( 1 ) .",
        "<x:a> a () .",
        "@prefix : <http://e/> . :g { :a :p :b }",
    ],
)
def test_odd_data_come_back(text: str) -> None:
    reading = rdf.Reading()
    quads = list(rdf.read(text.encode(), "trig", reading=reading))
    out = io.BytesIO()
    rdf.write(quads, out, "jsonld", prefixes=reading.prefixes)
    found, held = Dataset(parse(out.getvalue(), RdfFormat.JSON_LD)), Dataset(quads)
    for dataset in (found, held):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert set(found) == set(held)


LABELS = st.sampled_from([BlankNode(name) for name in "abcd"])
LINKS = st.sampled_from(
    [NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#" + name) for name in ("first", "rest", "value")]
)
NIL = st.just(NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"))


@pytest.mark.slow
@given(
    st.sets(
        st.builds(Quad, LABELS | NODES, LINKS | PATHS, LABELS | NODES | NIL, GRAPHS)
        | st.builds(Quad, LABELS | NODES, LINKS | PATHS, LITERALS, GRAPHS),
        max_size=10,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_blank_nodes_come_back(quads: set[Quad]) -> None:
    is_facts = all("#facts" in str(quad.graph_name) for quad in quads)
    expected = {Quad(*quad.triple) for quad in quads} if is_facts else quads
    found = Dataset(parse(written(quads), RdfFormat.JSON_LD))
    held = Dataset(expected)
    for dataset in (found, held):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert set(found) == set(held)
