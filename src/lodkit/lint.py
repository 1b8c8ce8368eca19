"""What a shapes file can get wrong without any validator saying so: misspelt terms, paths and classes that
nothing declares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Variable

from .domain.graph import OWL, RDF, RDFS, SH, XSD, key_of
from .domain.shapes import (
    PathError,
    advanced_terms,
    declared_prefixes,
    predicates_of,
    read_path,
    read_shapes,
    vocabulary,
)
from .errors import DomainError, LimitError, QueryError, StoreError
from .sandbox import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .domain import Domain, DomainGraph
    from .domain.graph import Term
    from .domain.shapes import ShapesGraph

_XSD_TERMS = frozenset(
    """
    anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration
    float gDay gMonth gMonthDay gYear gYearMonth hexBinary int integer language long negativeInteger
    nonNegativeInteger nonPositiveInteger positiveInteger short string time unsignedByte unsignedInt
    unsignedLong unsignedShort yearMonthDuration
    """.split()
)
_REFERENCES = ("property", "node", "not", "qualifiedValueShape", "and", "or", "xone")
_PROPERTY_CLASSES = (
    *tuple(OWL + name for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")),
    RDF + "Property",
)
_BUILT_IN = (RDF, RDFS, OWL)
_OF_NODE_SHAPES = frozenset(
    SH + name
    for name in (
        "and",
        "class",
        "closed",
        "hasValue",
        "in",
        "not",
        "nodeKind",
        "or",
        "pattern",
        "sparql",
        "xone",
    )
)
_DATES = frozenset(XSD + name for name in ("date", "gYear", "gYearMonth", "dateTime"))


MOST_PROBLEMS = 1_000
"""How many problems are listed."""


@dataclass(frozen=True)
class Shapes:
    """A domain's shapes as the rules look at them; ``referrers`` leads from a node to one that it is a
    value of.

    ``reporting`` are the shapes whose results reach a report: those with a target, and their property
    shapes.
    """

    domain: Domain
    graph: DomainGraph = field(repr=False)
    read: ShapesGraph = field(repr=False)
    referrers: Mapping[str, str] = field(repr=False)
    referenced: frozenset[str] = field(repr=False)
    reporting: frozenset[str] = field(repr=False)
    declared_properties: frozenset[str] = field(repr=False)
    declared_classes: frozenset[str] = field(repr=False)

    def error(
        self, message: str, node: str, *, word: str | None = None, hint: str | None = None
    ) -> DomainError:
        """Make an error about ``word``, else about the node, at the line where the word, else the node,
        stands.
        """
        about = self.graph.named(node)
        name, line = self.graph.place(about)
        if word is not None and line is not None:
            file = next(file for file in self.graph.files if file.name == name)
            line = file.line_with(word, line) or line
        return DomainError(message, file=name, line=line, term=self.domain.compact(word or about), hint=hint)


def lint_shapes(domain: Domain) -> list[DomainError]:
    """Return what is wrong with a domain's shapes, each with file, line and term."""
    shapes = _read(domain)
    found: dict[str, DomainError] = {}
    for error in (error for rule in _RULES for error in rule(shapes)):
        found.setdefault(str(error), error)
        if len(found) > MOST_PROBLEMS:
            more = DomainError(
                f"more than {MOST_PROBLEMS} problems, of which these are not all", file="shapes/"
            )
            return [*_sorted(list(found.values())[:MOST_PROBLEMS]), more]
    return _sorted(found.values())


def _sorted(errors: Iterable[DomainError]) -> list[DomainError]:
    return sorted(errors, key=lambda e: (e.file or "", e.line or 0, str(e)))


def _read(domain: Domain) -> Shapes:
    graph, read = domain.graph, read_shapes(domain.graph)
    edges = [(s, p, o) for s, ps in graph.triples.items() for p, os in ps.items() for o in os]
    referrers: dict[str, str] = {}
    for subject, _, value in edges:
        referrers.setdefault(key_of(value), subject)
    heads = [(s, p, o) for s, p, o in edges if p.removeprefix(SH) in _REFERENCES]
    referenced = frozenset(key_of(m) for _, _, o in heads for m in graph.collection(o) or [o])
    return Shapes(
        domain,
        graph,
        read,
        referrers,
        referenced,
        frozenset(_reporting(read)),
        frozenset(iri for cls in _PROPERTY_CLASSES for iri in graph.instances.get(cls, ())),
        frozenset(iri for cls in (OWL + "Class", RDFS + "Class") for iri in graph.instances.get(cls, ())),
    )


def _misspelt(shapes: Shapes) -> Iterator[DomainError]:
    for subject, predicates in shapes.graph.triples.items():
        for predicate, values in predicates.items():
            terms = [predicate, *(v.value for v in values if isinstance(v, NamedNode))]
            for term in terms:
                if term.startswith(SH) and term.removeprefix(SH) not in vocabulary().terms:
                    is_advanced = term.removeprefix(SH) in advanced_terms()
                    yield shapes.error(
                        "not a term of SHACL core or SHACL-SPARQL",
                        subject,
                        word=term,
                        hint="only pySHACL knows it" if is_advanced else "a validator would pass over it",
                    )


def _undeclared(shapes: Shapes) -> Iterator[DomainError]:
    expected = (
        *((SH + name, shapes.declared_classes, "class") for name in ("class", "targetClass")),
        *(
            (SH + name, shapes.declared_properties, "property")
            for name in (
                "path",
                "lessThan",
                "lessThanOrEquals",
                "equals",
                "disjoint",
                "targetSubjectsOf",
                "targetObjectsOf",
            )
        ),
    )
    for subject, predicates in shapes.graph.triples.items():
        for predicate, declared, kind in expected:
            for iri in (
                iri for value in predicates.get(predicate, ()) for iri in _leaves(value, shapes.graph)
            ):
                if iri not in declared and not iri.startswith(_BUILT_IN):
                    yield shapes.error(
                        f"{kind} is not declared in ontology/",
                        subject,
                        word=iri,
                        hint=f"declare it as an OWL {kind}",
                    )


def _leaves(term: Term, graph: DomainGraph) -> Iterator[str]:
    """The IRIs in a property path (SHACL §2.3.1)."""
    try:
        yield from (iri.value for iri in predicates_of(read_path(graph, term)))
    except PathError:  # a fault of the shapes, which is told when they are read
        return


def _reporting(shapes: ShapesGraph) -> set[str]:
    found: set[str] = set()
    queue = [shape.key for shape in shapes.shapes.values() if shape.targets]
    while queue:
        key = queue.pop()
        if key not in found:
            found.add(key)
            shape = shapes.shapes.get(key)
            queue += map(key_of, shape.values("property") if shape else ())
    return found


def _undocumented(shapes: Shapes) -> Iterator[DomainError]:
    graph = shapes.graph
    for shape in shapes.reporting:
        predicates = graph.triples.get(shape, {}).keys()
        for name in ("name", "description", "message", "severity") if SH + "path" in predicates else ():
            if SH + name not in predicates:
                yield shapes.error(f"property shape without sh:{name}", shape)
        if SH + "path" not in predicates and _OF_NODE_SHAPES & predicates and not _has_message(shape, graph):
            yield shapes.error("node shape with constraints but without sh:message", shape)


def _has_message(shape: str, graph: DomainGraph) -> bool:
    constraints = graph.objects(shape, SH + "sparql")
    own = bool(constraints) and all(graph.objects(key_of(c), SH + "message") for c in constraints)
    return own or bool(graph.objects(shape, SH + "message"))


def _nameless(shapes: Shapes) -> Iterator[DomainError]:
    for shape in shapes.reporting:
        if any(isinstance(value, BlankNode) for value in shapes.graph.objects(shape, SH + "property")):
            yield shapes.error("property shape without an IRI", shape, hint="name it, so that reports can")


def _idle(shapes: Shapes) -> Iterator[DomainError]:
    """Shapes that nothing leads to: no target, no other shape, not a class."""
    graph = shapes.graph
    for kind in ("NodeShape", "PropertyShape"):
        for shape in graph.instances.get(SH + kind, ()):
            if not shapes.read.shapes[shape].targets and shape not in shapes.referenced:
                yield shapes.error(
                    "shape has no target and no other shape refers to it", shape, hint="it never fires"
                )
    for shape in sorted(shapes.referenced):
        if shape not in graph.triples:
            owner = shapes.referrers.get(shape, shape)
            yield shapes.error("shape is referred to but not described", owner, word=shape)


def _lists(shapes: Shapes) -> Iterator[DomainError]:
    graph = shapes.graph
    for subject, predicates in graph.triples.items():
        for member in (m for head in predicates.get(SH + "in", ()) for m in graph.collection(head)):
            if (
                isinstance(member, NamedNode)
                and member.value not in graph.triples
                and not member.value.startswith(SH)
            ):
                yield shapes.error("value of sh:in is not described in ontology/", subject, word=member.value)


def _datatypes(shapes: Shapes) -> Iterator[DomainError]:
    for subject, predicates in shapes.graph.triples.items():
        for value in predicates.get(SH + "datatype", ()):
            iri = key_of(value)
            if iri.startswith(XSD) and iri.removeprefix(XSD) not in _XSD_TERMS:
                yield shapes.error(
                    "not a datatype of XML Schema", subject, word=iri, hint="no value could be of it"
                )


def _comparisons(shapes: Shapes) -> Iterator[DomainError]:
    """SHACL §4.5.3: values that cannot be compared violate ``sh:lessThan``, and a year cannot be compared
    with a day.
    """
    graph = shapes.graph
    for shape, predicates in graph.triples.items():
        if not (SH + "lessThan" in predicates or SH + "lessThanOrEquals" in predicates):
            continue
        options = [m for head in graph.objects(shape, SH + "or") for m in graph.collection(head)]
        datatypes = {d for node in (shape, *map(key_of, options)) for d in graph.iris(node, SH + "datatype")}
        if len(datatypes & _DATES) > 1:
            hint = "compare years in sh:sparql instead"
            yield shapes.error(
                "sh:lessThan on dates of several types, which cannot be compared", shape, hint=hint
            )


def _queries(shapes: Shapes) -> Iterator[DomainError]:
    empty = Session()
    try:
        for owner, predicates in shapes.graph.triples.items():
            for constraint in map(key_of, predicates.get(SH + "sparql", ())):
                yield from _query_problems(constraint, owner, shapes, empty)
    finally:
        empty.close()


def _query_problems(constraint: str, owner: str, shapes: Shapes, empty: Session) -> Iterator[DomainError]:
    prefixes = declared_prefixes(shapes.graph, constraint)
    text = re.sub(r"[$?]PATH\b", "<urn:path>", shapes.graph.text(constraint, SH + "select") or "")
    try:
        variables = empty.solutions(text, prefixes=prefixes).variables
    except (LimitError, QueryError, StoreError) as error:
        hint = error.hint or "sh:prefixes must lead to an ontology with sh:declare"
        yield shapes.error(f"sh:select: {error.message}", owner, hint=hint)
        return
    if Variable("this") not in variables:
        yield shapes.error("sh:select does not return $this", owner)


_RULES: tuple[Callable[[Shapes], Iterator[DomainError]], ...] = (
    _misspelt,
    _undeclared,
    _undocumented,
    _nameless,
    _idle,
    _lists,
    _datatypes,
    _comparisons,
    _queries,
)
