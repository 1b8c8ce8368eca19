"""Generated data and shapes, as Turtle: what both engines are to judge alike."""

from __future__ import annotations

from hypothesis import strategies as st

PREFIXES = """
@prefix : <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

NODES = (":a", ":b", ":c", ":d", "_:x", "_:y")
CLASSES = (":C", ":D", ":E")
PREDICATES = (":p", ":q", ":r")
LITERALS = (
    "1", "2", "3.5", "-1", '"1"', '"b"', '"abc"', '""', '"ab"@en', '"ab"@en-GB', '"Öl"@de', "true",
    '"2020-01-01"^^xsd:date', '"2021-05-05"^^xsd:date', '"x"^^xsd:integer', '"2020-01-01T00:00:00+00:00"^^xsd:dateTime',
)  # fmt: skip
PATHS = (
    *PREDICATES,
    "[ sh:inversePath :p ]",
    "( :p :q )",
    "[ sh:alternativePath ( :p :q ) ]",
    "[ sh:zeroOrMorePath :p ]",
    "[ sh:oneOrMorePath :p ]",
    "[ sh:zeroOrOnePath :q ]",
    "( [ sh:inversePath :p ] :q )",
    "[ sh:inversePath ( :p :q ) ]",
    "[ sh:zeroOrMorePath [ sh:alternativePath ( :p [ sh:inversePath :q ] ) ] ]",
)
KINDS = (
    "sh:IRI",
    "sh:BlankNode",
    "sh:Literal",
    "sh:BlankNodeOrIRI",
    "sh:IRIOrLiteral",
    "sh:BlankNodeOrLiteral",
)
DATATYPES = ("xsd:integer", "xsd:string", "xsd:date", "xsd:boolean", "rdf:langString", "xsd:decimal")

_node, _class, _predicate, _literal = map(st.sampled_from, (NODES, CLASSES, PREDICATES, LITERALS))
_term = st.one_of(st.sampled_from(NODES[:4]), _literal)
_small, _some = st.integers(0, 3).map(str), st.integers(1, 3).map(str)


@st.composite
def data(draw: st.DrawFn) -> str:
    """Some triples, some of them types, and a class tree."""
    triples = draw(st.lists(st.tuples(_node, _predicate, st.one_of(_node, _literal)), max_size=14))
    types = draw(st.lists(st.tuples(_node, st.just("a"), _class), max_size=6))
    tree = draw(st.lists(st.tuples(_class, st.just("rdfs:subClassOf"), _class), max_size=2))
    return PREFIXES + "\n".join(" ".join(triple) + " ." for triple in (*triples, *types, *tree))


WELL_FORMED = tuple(text for text in LITERALS if not text.startswith('"x"'))
"""What a bound may be."""


def _list(members: list[str]) -> str:
    return f"( {' '.join(members)} )"


FACETS = st.one_of(
    _class.map("sh:class {}".format),
    st.sampled_from(DATATYPES).map("sh:datatype {}".format),
    st.sampled_from(KINDS).map("sh:nodeKind {}".format),
    st.tuples(
        st.sampled_from(("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")),
        st.sampled_from(WELL_FORMED),
    ).map(lambda pair: f"sh:{pair[0]} {pair[1]}"),
    _some.map("sh:minLength {}".format),
    _small.map("sh:maxLength {}".format),
    st.sampled_from(("^a", "b$", "^[a-z]+$", "http")).map('sh:pattern "{}"'.format),
    st.sampled_from(('( "en" )', '( "de" "en-GB" )', '( "*" )')).map("sh:languageIn {}".format),
    st.lists(_term, max_size=4).map(_list).map("sh:in {}".format),
    _term.map("sh:hasValue {}".format),
    _predicate.map("sh:equals {}".format),
    _predicate.map("sh:disjoint {}".format),
)
OF_PROPERTIES = st.one_of(
    FACETS,
    _small.map("sh:minCount {}".format),
    _small.map("sh:maxCount {}".format),
    st.just("sh:uniqueLang true"),
)


def _once(words: list[str]) -> list[str]:
    """At most one of each parameter: most may have one value only."""
    return list({word.split()[0]: word for word in words}.values())


def shape(depth: int, *, is_property: bool) -> st.SearchStrategy[str]:
    """What stands inside the brackets of a shape."""
    own = OF_PROPERTIES if is_property else FACETS
    words = st.lists(own, min_size=1, max_size=3)
    if depth:
        words = st.tuples(words, st.lists(_nested(depth - 1, is_property=is_property), max_size=2)).map(
            lambda parts: [*parts[0], *parts[1]]
        )
    body = words.map(_once).map(" ; ".join)
    if not is_property:
        return body
    return st.tuples(st.sampled_from(PATHS), body).map(lambda parts: f"sh:path {parts[0]} ; {parts[1]}")


def _nested(depth: int, *, is_property: bool) -> st.SearchStrategy[str]:
    node, prop = shape(depth, is_property=False), shape(depth, is_property=True)
    either = st.one_of(node, prop)
    listed = st.lists(either.map("[ {} ]".format), min_size=1, max_size=3).map(_list)
    qualified = st.tuples(node, st.sampled_from(("qualifiedMinCount", "qualifiedMaxCount")), _small)
    return st.one_of(
        node.map("sh:node [ {} ]".format),
        prop.map("sh:property [ {} ]".format),
        either.map("sh:not [ {} ]".format),
        *(listed.map(f"sh:{name} {{}}".format) for name in ("and", "or", "xone")),
        *((qualified.map(_qualified),) if is_property else ()),
    )


def _qualified(parts: tuple[str, str, str]) -> str:
    return f"sh:qualifiedValueShape [ {parts[0]} ] ; sh:{parts[1]} {parts[2]}"


TARGETS = st.one_of(
    _class.map("sh:targetClass {}".format),
    st.sampled_from(NODES[:4]).map("sh:targetNode {}".format),
    _predicate.map("sh:targetSubjectsOf {}".format),
    _predicate.map("sh:targetObjectsOf {}".format),
)


@st.composite
def shapes(draw: st.DrawFn) -> str:
    """One to three shapes with targets."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        is_property = draw(st.booleans())
        target = draw(TARGETS)
        kind = "Property" if is_property else "Node"
        body = draw(shape(2, is_property=is_property))
        found.append(f":S{number} a sh:{kind}Shape ; {target} ; {body} .")
    return PREFIXES + "\n".join(found)


_number = st.integers(-3, 3).map(str) | st.sampled_from(("0.5", "-1.5", "2.0", "1e0"))
_RANGES = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
COMPARISONS = st.one_of(
    st.tuples(st.sampled_from(_RANGES), _number).map(lambda pair: f"sh:{pair[0]} {pair[1]}"),
    _predicate.map("sh:lessThan {}".format),
    _predicate.map("sh:lessThanOrEquals {}".format),
)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Triples with numbers as objects."""
    triples = draw(st.lists(st.tuples(st.sampled_from(NODES[:4]), _predicate, _number), max_size=12))
    return PREFIXES + "\n".join(" ".join(triple) + " ." for triple in triples)


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    """A property shape that compares."""
    body = " ; ".join(_once(draw(st.lists(COMPARISONS, min_size=1, max_size=3))))
    return PREFIXES + f":S a sh:PropertyShape ; {draw(TARGETS)} ; sh:path {draw(_predicate)} ; {body} ."
