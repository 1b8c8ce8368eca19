"""The ontology against the rules of OWL 2 DL that Python can check, and against its own conventions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from tests.datatypes import kept_datatypes

ROOT = Path(__file__).parent.parent / "ontology"
BASE = "https://w3id.org/lodkit/"
MVT = BASE + "movement#"
LK = BASE + "core#"
WIKIDATA = "http://www.wikidata.org/entity/"
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)

# OWL 2 Structural Specification §4: datatypes that may be ranges; no dates without a time are among them.
OWL_DATATYPES = {
    XSD[name]
    for name in (
        *(
            "decimal",
            "integer",
            "nonNegativeInteger",
            "nonPositiveInteger",
            "positiveInteger",
            "negativeInteger",
            "long",
            "int",
            "short",
        ),
        *(
            "byte",
            "unsignedLong",
            "unsignedInt",
            "unsignedShort",
            "unsignedByte",
            "double",
            "float",
            "string",
            "normalizedString",
            "token",
        ),
        *(
            "language",
            "Name",
            "NCName",
            "NMTOKEN",
            "boolean",
            "hexBinary",
            "base64Binary",
            "anyURI",
            "dateTime",
            "dateTimeStamp",
        ),
    )
}
RESERVED = tuple(str(namespace) for namespace in (OWL, RDF, RDFS, XSD))
# The RDF vocabulary names the parts of a statement, which OWL 2 DL does not know.
REIFICATION = {RDF.Statement, RDF.subject, RDF.predicate, RDF.object}


@cache
def graph_of(*names: str) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(ROOT / name)
    return graph


def core() -> Graph:
    return graph_of("core.ttl")


def movement() -> Graph:
    return graph_of("movement.ttl")


def both() -> Graph:
    return graph_of("core.ttl", "movement.ttl")


def classes(graph: Graph) -> set[Node]:
    return set(graph.subjects(RDF.type, OWL.Class))


def properties(graph: Graph, *kinds: URIRef) -> set[Node]:
    return {p for kind in kinds or KINDS for p in graph.subjects(RDF.type, kind)}


def is_own(term: Node) -> bool:
    return str(term).startswith((MVT, LK))


@cache
def superclasses(cls: Node) -> frozenset[Node]:
    return frozenset(c for c in both().transitive_objects(cls, RDFS.subClassOf) if c)


def disjoint_pairs() -> Iterator[tuple[Node, Node]]:
    for axiom in both().subjects(RDF.type, OWL.AllDisjointClasses):
        for head in both().objects(axiom, OWL.members):
            yield from combinations(Collection(both(), head), 2)


def are_disjoint(first: Node, second: Node) -> bool:
    a, b = superclasses(first), superclasses(second)
    return any((x in a and y in b) or (x in b and y in a) for x, y in disjoint_pairs())


def english(graph: Graph, term: Node, predicate: URIRef) -> list[str]:
    return [str(o) for o in graph.objects(term, predicate) if isinstance(o, Literal) and o.language == "en"]


@pytest.mark.parametrize("name", ["core.ttl", "movement.ttl"])
def test_every_term_has_label_definition_example_and_source(name: str) -> None:
    graph = graph_of(name)
    bare = {p for p in properties(graph, OWL.AnnotationProperty) if str(p).startswith(str(SH))}
    for term in classes(graph) | properties(graph) - bare:
        assert len(english(graph, term, RDFS.label)) == 1, term
        assert len(english(graph, term, SKOS.definition)) == 1, term
        assert len(english(graph, term, SKOS.example)) == 1, term
        assert len(list(graph.objects(term, RDFS.isDefinedBy))) == 1, term


@pytest.mark.parametrize(("name", "namespace"), [("core.ttl", LK), ("movement.ttl", MVT)])
def test_own_terms_are_defined_by_their_ontology(name: str, namespace: str) -> None:
    graph = graph_of(name)
    own = {term for term in graph.subjects(RDFS.isDefinedBy, None) if str(term).startswith(namespace)}
    assert {o for term in own for o in graph.objects(term, RDFS.isDefinedBy)} == {URIRef(namespace[:-1])}
    assert (URIRef(namespace[:-1]), RDF.type, OWL.Ontology) in graph


def test_definitions_are_sentences() -> None:
    for term, definition in both().subject_objects(SKOS.definition):
        assert re.match(r"[A-Z\"].*[.)]$", str(definition)), term


def test_labels_of_classes_are_unambiguous() -> None:
    labels = Counter(label for cls in classes(movement()) for label in english(movement(), cls, RDFS.label))
    assert [label for label, count in labels.items() if count > 1] == []


def test_every_class_but_the_top_has_a_superclass_of_the_domain() -> None:
    for cls in classes(movement()) - {URIRef(MVT + "Entity")}:
        assert URIRef(MVT + "Entity") in superclasses(cls), cls


def test_every_property_is_of_one_kind() -> None:
    declared = Counter(p for kind in KINDS for p in set(both().subjects(RDF.type, kind)))
    assert [p for p, count in declared.items() if count > 1] == []


def test_nothing_is_class_and_property_or_individual() -> None:
    individuals = set(both().subjects(RDF.type, OWL.NamedIndividual))
    assert classes(both()) & properties(both()) == set()
    assert (classes(both()) | properties(both())) & individuals == set()


def test_every_term_in_use_is_declared() -> None:
    used = {o for p in (RDFS.subClassOf, RDFS.domain) for o in both().objects(None, p)} - {OWL.Thing}
    assert used - classes(both()) == set()
    used = {o for p in (RDFS.subPropertyOf, OWL.inverseOf) for o in both().objects(None, p)}
    assert used - properties(both()) == set()
    builtin = {p for p in both().predicates() if str(p).startswith(RESERVED)}
    assert set(both().predicates()) - builtin - properties(both()) == set()


def test_types_of_individuals_are_declared() -> None:
    kinds = {o for o in both().objects(None, RDF.type) if not str(o).startswith(str(OWL))}
    assert kinds - classes(both()) == set()
    for individual in both().subjects(RDF.type, OWL.NamedIndividual):
        assert len(set(both().objects(individual, RDF.type))) == 2, individual


def test_reserved_vocabulary_is_not_defined_anew() -> None:
    """Only annotation properties of RDFS may be declared again; the RDF terms for statements are the one
    known exception.
    """
    declared = {term for term in classes(both()) | properties(both()) if str(term).startswith(RESERVED)}
    assert declared - REIFICATION == {RDFS.label, RDFS.seeAlso, RDFS.isDefinedBy}
    assert declared & (classes(movement()) | properties(movement())) == {RDFS.label, RDFS.seeAlso}


def test_ranges_are_of_the_right_kind() -> None:
    for prop, target in both().subject_objects(RDFS.range):
        if (prop, RDF.type, OWL.ObjectProperty) in both():
            assert target in classes(both()), prop
        else:
            assert (prop, RDF.type, OWL.DatatypeProperty) in both(), prop
            assert target in OWL_DATATYPES, prop


def test_annotation_properties_have_no_axioms() -> None:
    for prop in properties(both(), OWL.AnnotationProperty):
        for predicate in (OWL.inverseOf, RDFS.domain, RDFS.range, RDFS.subPropertyOf):
            assert not list(both().objects(prop, predicate)), prop


def test_characteristics_are_those_of_object_properties() -> None:
    for kind in (OWL.SymmetricProperty, OWL.TransitiveProperty, OWL.InverseFunctionalProperty):
        assert properties(both(), kind) <= properties(both(), OWL.ObjectProperty)
    for pair in both().subject_objects(OWL.inverseOf):
        assert set(pair) <= properties(both(), OWL.ObjectProperty), pair


def test_subproperties_are_of_the_same_kind() -> None:
    for prop, parent in both().subject_objects(RDFS.subPropertyOf):
        assert set(both().objects(prop, RDF.type)) & set(KINDS) == set(
            both().objects(parent, RDF.type)
        ) & set(KINDS), prop


@pytest.mark.parametrize("predicate", [RDFS.subClassOf, RDFS.subPropertyOf], ids=["classes", "properties"])
def test_trees_have_no_cycle(predicate: URIRef) -> None:
    for term in set(both().subjects(predicate, None)):
        parents = {
            a
            for parent in both().objects(term, predicate)
            for a in both().transitive_objects(parent, predicate)
        }
        assert term not in parents, term


def test_no_superclass_is_named_twice() -> None:
    """A class names its nearest superclasses only."""
    for cls in classes(both()):
        parents = set(both().objects(cls, RDFS.subClassOf))
        assert [p for p in parents if any(p in superclasses(q) - {q} for q in parents)] == [], cls


def test_top_classes_are_pairwise_disjoint() -> None:
    top = [URIRef(MVT + name) for name in ("Agent", "Place", "Event", "Work", "Concept")]
    assert all(are_disjoint(a, b) for a, b in combinations(top, 2))
    assert all(not are_disjoint(a, a) for a in top)


def test_no_class_lies_below_two_disjoint_classes() -> None:
    for cls in classes(both()):
        above = superclasses(cls)
        assert [(a, b) for a, b in disjoint_pairs() if a in above and b in above] == [], cls


def domain_and_range(prop: Node) -> list[set[Node]]:
    return [set(both().objects(prop, RDFS.domain)), set(both().objects(prop, RDFS.range)) & classes(both())]


def meet(first: set[Node], second: set[Node]) -> bool:
    return all(a in superclasses(b) or b in superclasses(a) for a in first for b in second)


def test_subproperties_fit_into_domain_and_range_of_their_parents() -> None:
    for prop, parent in both().subject_objects(RDFS.subPropertyOf):
        for own, above in zip(domain_and_range(prop), domain_and_range(parent), strict=True):
            assert all(any(a in superclasses(o) for o in own) for a in above if own), prop


def test_inverses_exchange_domain_and_range() -> None:
    for prop, inverse in both().subject_objects(OWL.inverseOf):
        (domain, target), (other_domain, other_target) = domain_and_range(prop), domain_and_range(inverse)
        assert meet(domain, other_target), prop
        assert meet(target, other_domain), prop


def test_symmetric_properties_stay_within_their_domain() -> None:
    for prop in properties(both(), OWL.SymmetricProperty):
        assert meet(*domain_and_range(prop)), prop


def test_keys_are_properties_that_the_class_may_have() -> None:
    keys = {cls: list(Collection(movement(), head)) for cls, head in movement().subject_objects(OWL.hasKey)}
    assert len(keys) > 10
    for cls, members in keys.items():
        assert members, cls
        for prop in members:
            assert prop in properties(both(), OWL.ObjectProperty, OWL.DatatypeProperty), prop
            assert all(d in superclasses(cls) for d in both().objects(prop, RDFS.domain)), (cls, prop)


def test_reused_terms_get_no_domain_or_range_from_here() -> None:
    """What schema.org and others say of their terms is theirs to say; what this domain asks of them stands in
    its shapes.
    """
    for prop in properties(movement()):
        if not is_own(prop):
            assert not list(movement().objects(prop, RDFS.domain)), prop
            assert not list(movement().objects(prop, RDFS.range)), prop


def test_prefixes_are_declared_for_queries_and_shapes() -> None:
    declared = {
        str(movement().value(node, SH.prefix)): movement().value(node, SH.namespace)
        for node in movement().objects(URIRef(MVT[:-1]), SH.declare)
    }
    assert all(
        isinstance(namespace, Literal) and namespace.datatype == XSD.anyURI for namespace in declared.values()
    )
    assert str(declared["mvt"]) == MVT
    assert str(declared["lk"]) == LK
    wanted = "lk mvt shape phrase field noun term english id article schema dcterms org foaf skos prov nif rdf rdfs xsd"
    assert set(wanted.split()) <= set(declared)


def test_words_of_closed_lists_are_unambiguous() -> None:
    for kind in {
        k for i in movement().subjects(RDF.type, OWL.NamedIndividual) for k in movement().objects(i, RDF.type)
    } - {OWL.NamedIndividual}:
        words = Counter(
            word.lower()
            for individual in movement().subjects(RDF.type, kind)
            for predicate in (SKOS.prefLabel, SKOS.altLabel)
            for word in english(movement(), individual, predicate)
        )
        assert words, kind
        assert [word for word, count in words.items() if count > 1] == [], kind


@pytest.mark.slow
def test_the_closure_of_the_ontology_is_consistent() -> None:
    """With an instance of every class, so that a class that can have none is found (OWL 2 Profiles §4.3)."""
    graph = logical_axioms()
    for cls in classes(movement()):
        graph.add((URIRef("urn:an:" + str(cls)[len(MVT) :]), RDF.type, cls))
    assert contradictions(graph) == []


@pytest.mark.slow
def test_the_closure_finds_a_contradiction() -> None:
    graph = Graph()
    graph += (
        t
        for t in logical_axioms()
        if t[1] in {RDFS.subClassOf, OWL.members, RDF.first, RDF.rest} or t[2] == OWL.AllDisjointClasses
    )
    for name in ("Band", "City"):
        graph.add((URIRef("urn:a:both"), RDF.type, URIRef(MVT + name)))
    assert contradictions(graph) != []


def logical_axioms() -> Graph:
    """The ontology without annotations, which have no part in inference and slow it down."""
    annotations = properties(both(), OWL.AnnotationProperty) | {OWL.versionInfo}
    graph = Graph()
    graph += (triple for triple in both() if triple[1] not in annotations)
    return graph


def contradictions(graph: Graph) -> list[str]:
    import owlrl  # type: ignore[import-untyped]

    with kept_datatypes():
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    errors = [str(o) for p, o in graph.predicate_objects() if str(p).endswith("agent-ont#error")]
    return errors + [str(s) for s in graph.subjects(RDF.type, OWL.Nothing)]


def test_alignments_start_from_declared_terms() -> None:
    graph = graph_of("alignments.ttl")
    terms = {s for s in graph.subjects() if (s, RDF.type, OWL.Ontology) not in graph and s != SKOS.closeMatch}
    assert terms <= classes(movement()) | properties(movement())
    assert set(graph.subjects(RDFS.subClassOf, None)) <= classes(movement())
    assert set(graph.subjects(RDFS.subPropertyOf, None)) <= properties(
        movement(), OWL.ObjectProperty, OWL.DatatypeProperty
    )


def test_alignments_lead_outside() -> None:
    graph = graph_of("alignments.ttl")
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
        assert not any(is_own(o) for o in graph.objects(None, predicate))
    for term, match in graph.subject_objects(SKOS.closeMatch):
        letter = "Q" if term in classes(movement()) else "P"
        assert re.fullmatch(re.escape(WIKIDATA) + letter + r"[1-9]\d*", str(match)), term


def test_alignments_of_one_term_are_one_entity() -> None:
    matches = Counter(graph_of("alignments.ttl").objects(None, SKOS.closeMatch))
    assert [match for match, count in matches.items() if count > 1] == []


def test_ontologies_say_title_licence_and_version() -> None:
    for graph in (core(), movement(), graph_of("alignments.ttl")):
        (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
        for predicate in (DCTERMS.title, DCTERMS.license, OWL.versionInfo):
            assert graph.value(ontology, predicate), ontology
