"""IRIs and literals that look like something else come back from every format as they were, or are refused in
one line.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, Literal, NamedNode, Quad, RdfFormat, parse

from lodkit import rdf
from lodkit.domain import Domain, read_domain
from lodkit.errors import InputError

pytestmark = pytest.mark.slow

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DOMAIN = read_domain(Path(__file__).parent.parent)
SPACES = rdf.namespaces(DOMAIN)
FORMATS = ("ttl", "trig", "nt", "nq", "jsonld")

# What stands after the scheme. Prefixes of the domain are among the schemes, so "dcterms:x" is an IRI here.
AFTER_SCHEME = (
    *("x", "", "@type", "@id", "/x", "//x", "//", "///x", "/./y", "/../y", "..", ".", "x.", "x..", "a/b"),
    *("?q", "#f", "?q#f", "%41", "%C3%A9", "%2F", "é", "e\u0301", "\uf900", "x:y", "x::y", ":", "1", "-1"),
    *("a,b;c", "a(b)", "~!$&'", "*+=", "a@b", "_", "_:b", "x#", "x?", "//h/a/../b", "//u@h:80/", "//[::1]/"),
)
SCHEMES = (
    *("http", "https", "HTTP", "urn", "tag", "data", "x", "h2", "a.b", "a+b", "a-b", "mailto", "file"),
    *("dcterms", "id", "article", "lk", "schema", "rdf", "xsd", "mvt", "label", "founder"),
)
AFTER_NAMESPACE = (
    *("", "x", "@type", "//x", "//", "x:y", "1", "..", "/", ".", "x.", "-x", "x#", "?x", "%41", "a/b"),
    *("é", "e\u0301", "Person", "type", "label", "_", "~", "a'b", "a(b)c", "x;y", "x,y"),
)


def iris(scheme: str) -> Iterator[NamedNode]:
    """Yield what can stand after a scheme or a namespace, as far as it makes IRIs."""
    for rest in AFTER_NAMESPACE if scheme in SPACES.values() else AFTER_SCHEME:
        try:
            yield NamedNode(scheme + rest)
        except ValueError:
            continue


GROUPS = [*(f"{scheme}:" for scheme in SCHEMES), *SPACES.values()]
LONG = [NamedNode("http://a/" + "x" * 5000), NamedNode("urn:x:" + "y" * 100_000)]

S, P, VALUE, G = (NamedNode(f"http://e/{name}") for name in "spvg")
FOUNDER = NamedNode("https://schema.org/founder")  # the domain coerces its values to nodes
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")  # and these to a map by language
POSITIONS: dict[str, Callable[[NamedNode], Quad]] = {
    "subject": lambda iri: Quad(iri, P, VALUE, G),
    "predicate": lambda iri: Quad(S, iri, VALUE, G),
    "predicate of a text": lambda iri: Quad(S, iri, Literal("x", language="en"), G),
    "object": lambda iri: Quad(S, P, iri, G),
    "object, coerced": lambda iri: Quad(S, FOUNDER, iri, G),
    "class": lambda iri: Quad(S, NamedNode(RDF + "type"), iri, G),
    "graph": lambda iri: Quad(S, P, VALUE, iri),
    "datatype": lambda iri: Quad(S, P, Literal("x", datatype=iri), G),
}


def written(quads: list[Quad], form: str, domain: Domain | None = DOMAIN) -> bytes:
    out = io.BytesIO()
    rdf.write(quads, out, form, domain=domain)
    return out.getvalue()


def come_back(quads: list[Quad], form: str, domain: Domain | None) -> bool:
    found = set(rdf.read(written(quads, form, domain), form))
    merged = not rdf.FORMATS[form].graphs or (
        found and not any(str(q.graph_name) != "DEFAULT" for q in found)
    )
    return found == {Quad(*quad.triple) if merged else quad for quad in quads}


def test_there_are_enough_of_them() -> None:
    assert len({iri for group in GROUPS for iri in iris(group)}) > 1000


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("domain", [None, DOMAIN], ids=["bare", "domain"])
def test_odd_iris_come_back(form: str, domain: Domain | None) -> None:
    # by scheme: one IRI that looks like a short form would change how all others are written
    wrong = [
        (group, name)
        for group in GROUPS
        for name, quad in POSITIONS.items()
        if (quads := list(map(quad, iris(group)))) and not come_back(quads, form, domain)
    ]
    assert wrong == []
    assert come_back([POSITIONS["object"](iri) for iri in LONG], form, domain)


@pytest.mark.parametrize("form", FORMATS)
def test_odd_iris_come_back_together_with_what_they_look_like(form: str) -> None:
    quads = [
        quad(NamedNode(iri))
        for prefix, space in SPACES.items()
        for iri in (f"{prefix}:x", f"{space}x", f"{space}//x")
        for quad in POSITIONS.values()
    ]
    assert come_back(quads, form, DOMAIN)


def test_other_prefixes_stay_when_one_is_the_scheme_of_an_iri() -> None:
    data = written([Quad(NamedNode("dcterms:x"), LABEL, Literal("x", language="en"), G)], "jsonld")
    assert b'"dcterms": ' not in data
    assert b'"label": {' in data
    assert b'"@id": "dcterms:x"' in data


@pytest.mark.parametrize(
    "prefixes",
    [
        {"urn": "http://e/urn#", "my": "urn:my:"},
        {"http": "http://e/#", "https": "https://e/"},
        {"a": "b:x#", "b": "c:x#", "c": "a:x#"},
        {"x": "x:x:", "id": "id://"},
    ],
    ids=str,
)
def test_prefixes_that_are_schemes(prefixes: dict[str, str]) -> None:
    spaces = [*prefixes.values(), *(f"{name}:" for name in prefixes)]
    for iri in (NamedNode(space + rest) for space in spaces for rest in ("x", "/x", "y")):
        quads = [quad(iri) for quad in POSITIONS.values()]
        for form in FORMATS:
            out = io.BytesIO()
            rdf.write(quads, out, form, prefixes=prefixes)
            found = set(rdf.read(out.getvalue(), form))
            assert {quad.triple for quad in found} == {quad.triple for quad in quads}, (iri, form)


TEXTS = (
    *map(chr, range(0x20)),
    *("\x7f", "\x80", "\x85", "\x9b", "\u2028", "\u2029", "\ufffe", "\uffff", "\ufeff", "\U0010ffff"),
    *('"', '""', '"""', 'a"', 'a"""', "\\", "a\\", "\\n", "\\u0041", "\r\n", "\n\r", "a\rb", "'", "'''", ""),
    *("1", "01", "+1", "true", "1.0", "1e5", "-0", "\u202e", "e\u0301", "<a>", "_:b", "@id", '"@en'),
    *('"^^<x>', '" .\n<a> <b> <c> .', f'"^^<{RDF}langString>', "x" * 100_000),
)
DATATYPES = (
    *(XSD + name for name in ("string", "integer", "boolean", "decimal", "double", "date", "anyURI")),
    *(RDF + name for name in ("JSON", "HTML", "XMLLiteral", "PlainLiteral")),
    "http://e/d",
)
TAGS = (
    *("EN", "en-US", "zh-Hant-TW", "x-private", "i-klingon", "a" * 8, "en-" + "a" * 8, "de-1996"),
    "en" + "-aaaaaaaa" * 30,
)
LITERALS = [
    *(Literal(text) for text in TEXTS),
    *(Literal(text, language="en") for text in TEXTS),
    *(Literal(text, datatype=NamedNode(datatype)) for text in TEXTS for datatype in DATATYPES),
    *(Literal("x", language=tag) for tag in TAGS),
    *(Literal(text, datatype=NamedNode(RDF + "JSON")) for text in ('{"b": 1, "a":1.0}', "{", "null")),
]
PREDICATES = [
    P,
    LABEL,
    FOUNDER,
    NamedNode(RDF + "type"),
    NamedNode("https://schema.org/foundingDate"),
    NamedNode("https://w3id.org/lodkit/core#line"),
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("domain", [None, DOMAIN], ids=["bare", "domain"])
def test_odd_literals_come_back(form: str, domain: Domain | None) -> None:
    quads = [Quad(S, predicate, literal, G) for predicate in PREDICATES for literal in LITERALS]
    assert come_back(quads, form, domain)


@pytest.mark.parametrize("form", FORMATS)
def test_a_text_with_a_direction_comes_back(form: str) -> None:
    quads = [Quad(S, P, Literal("x", language="ar", direction=BaseDirection.RTL), G)]
    assert come_back(quads, form, DOMAIN)


UNTAGGED = {
    "jsonld": '[{{"@id": "x:s", "x:p": {{"@value": "a \\"", "@type": "{0}{1}"}}}}, {{"@id": "x:t", "x:p": "b"}}]',
    "rdf": '<r:RDF xmlns:r="{0}" xmlns:e="x:"><r:Description r:about="x:s"><e:p r:datatype="{0}{1}">a</e:p>'
    "<e:p>b</e:p></r:Description></r:RDF>",
}


@pytest.mark.parametrize("form", UNTAGGED)
@pytest.mark.parametrize("name", ["langString", "dirLangString"])
def test_a_tagged_text_without_a_tag_is_refused(form: str, name: str) -> None:
    """JSON-LD and RDF/XML can say it, no other format can; what follows it is not lost in silence."""
    with pytest.raises(
        InputError, match=r"a literal without .* must not be rdf:|JSON-LD drops what has a bad"
    ):
        list(rdf.read(UNTAGGED[form].format(RDF, name).encode(), form))


@pytest.mark.parametrize("form", ["ttl", "trig", "nt", "nq"])
def test_such_a_text_is_not_written(form: str) -> None:
    literal = next(
        quad.object for quad in parse(UNTAGGED["jsonld"].format(RDF, "langString"), RdfFormat.JSON_LD)
    )
    with pytest.raises(InputError, match=r"no language cannot be written"):
        written([Quad(S, P, literal, G)], form)


SCHEME = st.sampled_from([*SCHEMES, "z"])
REST = st.text(st.sampled_from("/:?#.@_-ax1é%~,;()'"), max_size=8)
SPACE = st.sampled_from(sorted(SPACES.values()))


def iri_or_none(text: str) -> NamedNode | None:
    try:
        return NamedNode(text)
    except ValueError:
        return None


IRIS = (st.builds("{}:{}".format, SCHEME, REST) | st.builds("{}{}".format, SPACE, REST)).map(iri_or_none)
QUADS = st.builds(
    lambda position, iri: iri and POSITIONS[position](iri), st.sampled_from(sorted(POSITIONS)), IRIS
)


@given(st.lists(QUADS, min_size=1, max_size=6))
def test_any_iris_come_back(found: list[Quad | None]) -> None:
    quads = [quad for quad in found if quad]
    for form in FORMATS:
        data = written(quads, form, None)
        got = {quad.triple for quad in rdf.read(data, form)}
        assert got == {quad.triple for quad in quads}
