"""The shapes against themselves, against the ontology, and against data that break each of them in one way."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from tests.datatypes import kept_datatypes

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "violations"
MVT = "https://w3id.org/lodkit/movement#"
SHAPE = "https://w3id.org/lodkit/shapes#"
EXAMPLE = "https://example.org/"
TOP = ("Agent", "Place", "Event", "Work", "Concept", "Situation")


@dataclass(frozen=True, order=True)
class Outcome:
    """One line of a validation report; absent terms are ``-``."""

    focus: str
    path: str
    shape: str
    component: str
    severity: str


@cache
def graph_of(*files: str) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(ROOT / file)
    return graph


def ontology() -> Graph:
    return graph_of("ontology/core.ttl", "ontology/movement.ttl")


def shapes() -> Graph:
    return graph_of("shapes/movement.ttl", "shapes/plausibility.ttl", "shapes/evidence.ttl")


def movement_shapes() -> Graph:
    return graph_of("shapes/movement.ttl")


@cache
def shapes_with_prefixes() -> Graph:
    """pySHACL looks prefixes up in the shapes graph only."""
    graph = Graph() + shapes()
    for owner, _, declaration in graph_of("ontology/movement.ttl").triples((None, SH.declare, None)):
        graph.add((owner, SH.declare, declaration))
        for triple in graph_of("ontology/movement.ttl").triples((declaration, None, None)):
            graph.add(triple)
    return graph


def curie(term: Node | None) -> str:
    if term is None:
        return "-"
    # rdflib has geo for GeoSPARQL, and names another one geo1
    names = {prefix.rstrip("1"): str(namespace) for prefix, namespace in shapes().namespaces()}
    names["geo"] = "http://www.w3.org/2003/01/geo/wgs84_pos#"
    text = str(term)
    fitting = [(len(namespace), prefix) for prefix, namespace in names.items() if text.startswith(namespace)]
    return f"{max(fitting)[1]}:{text[max(fitting)[0] :]}" if fitting else text


@cache
def expected() -> dict[str, list[Outcome]]:
    table: dict[str, list[Outcome]] = {path.stem: [] for path in CASES.glob("*.ttl")}
    with (CASES / "expected.tsv").open(encoding="utf-8", newline="") as file:
        for case, *outcome in list(csv.reader(file, delimiter="\t"))[1:]:
            table[case].append(Outcome(*outcome))
    return table


@cache
def report() -> dict[str, list[Outcome]]:
    """Validate all cases in one go: their nodes have no IRI in common, so that none meets another."""
    import pyshacl

    data = Graph()
    for case in expected():
        data.parse(CASES / f"{case}.ttl")
    ont = graph_of("ontology/movement.ttl")
    _, results, _ = pyshacl.validate(
        data, shacl_graph=shapes_with_prefixes(), ont_graph=ont, advanced=True, inference="none", inplace=True
    )
    assert isinstance(results, Graph)
    found: dict[str, list[Outcome]] = defaultdict(list)
    for result in results.objects(None, SH.result):
        focus = str(results.value(result, SH.focusNode))
        case = focus.removeprefix(EXAMPLE).partition("#")[0]
        names = (SH.resultPath, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
        found[case].append(
            Outcome(
                focus.removeprefix(EXAMPLE + case), *(curie(results.value(result, name)) for name in names)
            )
        )
    return found


@pytest.mark.parametrize("case", sorted(expected()))
@pytest.mark.slow
def test_case_fails_exactly_as_said(case: str) -> None:
    assert sorted(report()[case]) == sorted(expected()[case])


@pytest.mark.slow
def test_nothing_else_is_reported() -> None:
    assert set(report()) <= set(expected())


def test_every_case_is_in_the_table() -> None:
    assert {case for case, outcomes in expected().items() if not outcomes} == {
        "conforming-citation",
        "conforming-facts",
        "conforming-evidence",
        "conforming-lean-evidence",
    }


def test_every_constraint_component_in_use_has_a_case() -> None:
    """Constraints inside sh:or, sh:not and the like are covered by the case of what holds them."""
    outer = [*shapes().subjects(RDF.type, SH.PropertyShape), *targeted()]
    parameters = {p for shape in outer for p in shapes().predicates(shape)} & COMPONENTS.keys()
    tested = {outcome.component for outcomes in expected().values() for outcome in outcomes}
    assert {f"sh:{COMPONENTS[parameter]}ConstraintComponent" for parameter in parameters} == tested


@pytest.mark.slow
def test_every_plausibility_shape_has_a_case() -> None:
    tested = {outcome.shape for outcomes in expected().values() for outcome in outcomes}
    warnings = {curie(shape) for shape in graph_of("shapes/plausibility.ttl").subjects(SH.severity, None)}
    assert warnings - tested == set()


def test_every_disjoint_pair_has_a_case() -> None:
    pairs = {f"both-{a.lower()}-and-{b.lower()}" for a, b in combinations(TOP, 2)}
    assert pairs <= set(expected())
    assert all(expected()[pair][0].component == "sh:NotConstraintComponent" for pair in pairs)


COMPONENTS: dict[Node, str] = {
    SH["class"]: "Class",
    SH.datatype: "Datatype",
    SH.nodeKind: "NodeKind",
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH.minInclusive: "MinInclusive",
    SH.maxInclusive: "MaxInclusive",
    SH.minExclusive: "MinExclusive",
    SH.maxExclusive: "MaxExclusive",
    SH.minLength: "MinLength",
    SH.maxLength: "MaxLength",
    SH.pattern: "Pattern",
    SH.languageIn: "LanguageIn",
    SH.uniqueLang: "UniqueLang",
    SH.equals: "Equals",
    SH.disjoint: "Disjoint",
    SH.lessThan: "LessThan",
    SH.lessThanOrEquals: "LessThanOrEquals",
    SH["not"]: "Not",
    SH["and"]: "And",
    SH["or"]: "Or",
    SH.xone: "Xone",
    SH.node: "Node",
    SH.hasValue: "HasValue",
    SH["in"]: "In",
    SH.sparql: "SPARQL",
}
OTHER_TERMS = {
    SH[name]
    for name in (
        *(
            "NodeShape",
            "PropertyShape",
            "SPARQLConstraint",
            "Violation",
            "Warning",
            "Info",
            "IRI",
            "Literal",
            "IRIOrLiteral",
        ),
        *(
            "targetClass",
            "targetSubjectsOf",
            "targetObjectsOf",
            "property",
            "path",
            "name",
            "description",
            "message",
            "severity",
        ),
        *("prefixes", "select"),
    )
}


def targeted() -> Iterator[Node]:
    for target in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf):
        yield from shapes().subjects(target, None)


def test_shapes_use_no_misspelt_term_of_shacl() -> None:
    used = {
        term
        for triple in shapes()
        for term in triple
        if isinstance(term, URIRef) and term.startswith(str(SH))
    }
    assert used - COMPONENTS.keys() - OTHER_TERMS == set()


@pytest.mark.slow
def test_shapes_pass_shacl_for_shacl() -> None:
    import pyshacl

    with kept_datatypes():
        conforms, _, text = pyshacl.validate(
            Graph(), shacl_graph=shapes_with_prefixes(), meta_shacl=True, advanced=True
        )
    assert conforms, text


def own_classes() -> set[Node]:
    return {cls for cls in ontology().subjects(RDF.type, OWL.Class) if str(cls).startswith(MVT)}


def node_shapes() -> dict[Node, Node]:
    """Node shapes of the domain's classes, by class."""
    return {cls: shape for shape, cls in movement_shapes().subject_objects(SH.targetClass)}


@pytest.mark.slow
def test_every_class_has_one_node_shape_of_its_name() -> None:
    targets = Counter(shapes().objects(None, SH.targetClass))
    nodes = {
        cls
        for cls in targets
        if any((s, RDF.type, SH.NodeShape) in shapes() for s in shapes().subjects(SH.targetClass, cls))
    }
    assert nodes >= own_classes()
    assert {str(s).removeprefix(SHAPE) for s in node_shapes().values()} == {
        str(cls).removeprefix(MVT) for cls in own_classes()
    }


def test_no_class_is_the_target_of_two_node_shapes() -> None:
    found = Counter(
        cls
        for shape, cls in shapes().subject_objects(SH.targetClass)
        if (shape, RDF.type, SH.NodeShape) in shapes()
    )
    assert [cls for cls, count in found.items() if count > 1] == []


def test_every_shape_has_an_iri_of_the_namespace() -> None:
    named = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in shapes().subjects(RDF.type, kind)}
    assert all(str(shape).startswith(SHAPE) for shape in named)
    assert {
        shape
        for shape in shapes().objects(None, SH.property)
        if shape not in named and isinstance(shape, URIRef)
    } == set()


def test_property_shapes_are_named_after_class_and_path() -> None:
    for node in node_shapes().values():
        for prop in movement_shapes().objects(node, SH.property):
            local = str(movement_shapes().value(prop, SH.path)).replace("#", "/").rpartition("/")[2]
            assert str(prop) == f"{node}-{local}"


def top_property_shapes() -> Iterator[Node]:
    nested = {
        shape for shape in shapes().subjects(RDF.type, SH.PropertyShape) if "unattributed" in str(shape)
    }
    yield from set(shapes().subjects(RDF.type, SH.PropertyShape)) - nested


def test_every_property_shape_says_what_it_is() -> None:
    for shape in top_property_shapes():
        for predicate in (SH.path, SH.name, SH.description, SH.message, SH.severity):
            assert len(list(shapes().objects(shape, predicate))) == 1, (shape, predicate)
        assert all(
            getattr(shapes().value(shape, p), "language", None) == "en"
            for p in (SH.name, SH.description, SH.message)
        ), shape
        assert set(shapes().predicates(shape)) & COMPONENTS.keys(), shape


def test_every_targeted_shape_says_what_it_is() -> None:
    for shape in targeted():
        assert shapes().value(shape, RDFS.label) or shapes().value(shape, SH.name), shape


def is_property(term: Node) -> bool:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    return any((term, RDF.type, kind) in ontology() for kind in kinds)


def test_every_property_in_shapes_is_declared() -> None:
    used = {
        *shapes().objects(None, SH.path),
        *shapes().objects(None, SH.targetSubjectsOf),
        *shapes().objects(None, SH.targetObjectsOf),
    }
    used |= {*shapes().objects(None, SH.disjoint), *shapes().objects(None, SH.lessThanOrEquals)}
    used.discard(OWL.sameAs)  # OWL declares it itself (OWL 2 RDF-Based Semantics, table 4.3)
    assert [term for term in used if not is_property(term)] == []


def test_every_class_in_shapes_is_declared() -> None:
    used = {*shapes().objects(None, SH["class"]), *shapes().objects(None, SH.targetClass)}
    assert [cls for cls in used if (cls, RDF.type, OWL.Class) not in ontology()] == []


def test_every_property_of_the_domain_has_a_property_shape() -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    declared = {p for kind in kinds for p in graph_of("ontology/movement.ttl").subjects(RDF.type, kind)}
    assert declared - set(movement_shapes().objects(None, SH.path)) == set()


@cache
def ancestors(cls: Node) -> frozenset[Node]:
    return frozenset(c for c in ontology().transitive_objects(cls, RDFS.subClassOf) if c)


def values_of(shape: Node) -> Iterator[tuple[Node, Node]]:
    """What a property shape asks of values: ``sh:class``, ``sh:datatype`` and ``sh:nodeKind``, those of
    ``sh:or`` included.
    """
    graph = movement_shapes()
    options = [member for head in graph.objects(shape, SH["or"]) for member in Collection(graph, head)]
    for node in (shape, *options):
        for predicate in (SH["class"], SH.datatype, SH.nodeKind):
            yield from ((predicate, value) for value in graph.objects(node, predicate))


def test_every_property_shape_of_a_class_types_its_values() -> None:
    for node in node_shapes().values():
        for shape in movement_shapes().objects(node, SH.property):
            assert list(values_of(shape)), shape


def test_shapes_agree_with_kinds_domains_and_ranges() -> None:
    for cls, node in node_shapes().items():
        for shape in movement_shapes().objects(node, SH.property):
            path = movement_shapes().value(shape, SH.path)
            assert set(ontology().objects(path, RDFS.domain)) <= ancestors(cls), shape
            for predicate, value in values_of(shape):
                kind = OWL.ObjectProperty if predicate == SH["class"] else OWL.DatatypeProperty
                assert (path, RDF.type, kind) in ontology() or (
                    path,
                    RDF.type,
                    OWL.AnnotationProperty,
                ) in ontology(), shape
                wider = {XSD.decimal} if value == XSD.integer else set()
                assert set(ontology().objects(path, RDFS.range)) <= {*ancestors(value), value, *wider}, shape


def test_slots_are_unambiguous() -> None:
    by_class = {
        cls: {movement_shapes().value(s, SH.path) for s in movement_shapes().objects(n, SH.property)}
        for cls, n in node_shapes().items()
    }
    for cls in own_classes():
        paths = {path for ancestor in ancestors(cls) for path in by_class.get(ancestor, set())}
        slots = Counter(str(path).replace("#", "/").rpartition("/")[2] for path in paths)
        assert [slot for slot, count in slots.items() if count > 1] == [], cls


def test_closed_lists_hold_all_their_individuals() -> None:
    for head in movement_shapes().objects(None, SH["in"]):
        members = set(Collection(movement_shapes(), head))
        if len(members) > 1:
            kinds = {ontology().value(member, RDF.type, any=True) for member in members} - {
                OWL.NamedIndividual
            }
            everyone = {i for kind in kinds for i in ontology().subjects(RDF.type, kind)}
            assert members == everyone or not kinds
