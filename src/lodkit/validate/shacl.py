"""SHACL core over some data by pySHACL, handed only the shapes that the data calls for."""

from __future__ import annotations

import warnings
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from ..errors import DomainError, InputError
from ..sandbox import TaskError, worked
from .datatypes import is_well_formed
from .patterns import teach_linear_patterns, with_linear_patterns
from .report import SH, Severity, Term
from .shapes import Selection, key, path_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import rdflib

    from ..domain import Domain
    from .graphs import Data

Terms = dict[Term, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """A result as the validator gives it, before it is joined to a place."""

    focus_node: Term
    path: str | None
    value: Term | None
    message: str
    severity: Severity
    shape: str
    component: str


def check(data: Data, selection: Selection, domain: Domain) -> list[Finding]:
    """Validate data against the selected shapes; shapes that are not lodkit's own, in the sandbox.

    Raises:
        DomainError: pySHACL cannot make sense of a shape.
        InputError: a term is a triple (RDF 1.2).
        LimitError: the shapes take too much.
    """
    triples = (*data.triples, *selection.tree)
    for triple in triples:
        _refuse_triple_terms(triple)
    make = report_triples if domain.is_bundled else _report_in_sandbox
    report: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in make(triples, selection.triples):
        report[triple.subject][triple.predicate.value].append(triple.object)
    findings = (_finding(result, domain) for result in report.values())
    return [finding for finding in findings if finding.focus_node not in selection.individuals]


def report_triples(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[Triple]:
    """Return the results of pySHACL's report: what is said of each, nodes of the data and the shapes as they
    were.

    Raises:
        DomainError: pySHACL cannot make sense of a shape.
        InputError: a term is a triple (RDF 1.2).
    """
    import rdflib

    terms: Terms = {}
    data_graph = fill(rdflib.Graph(bind_namespaces="none"), data, terms)
    shapes_graph = fill(rdflib.Graph(bind_namespaces="none"), with_linear_patterns(shapes), terms)
    report = _run(data_graph, shapes_graph)
    originals = {rdf: term for term, rdf in terms.items()}
    return [
        Triple(
            BlankNode(f"r{number}"), NamedNode(str(predicate)), originals.get(value) or _from_rdflib(value)
        )
        for number, node in enumerate(report.objects(None, rdflib.URIRef(SH + "result")))
        for predicate, value in report.predicate_objects(node)
    ]


def _refuse_triple_terms(triple: Triple) -> None:
    if isinstance(triple.object, Triple):
        raise InputError(f"a triple as a term (RDF 1.2) cannot be validated: {triple.object}")


_DATA, _SHAPES = NamedNode("urn:x-lodkit:data"), NamedNode("urn:x-lodkit:shapes")


def _report_in_sandbox(data: Iterable[Triple], shapes: Iterable[Triple]) -> Iterable[Triple]:
    quads = [
        Quad(triple.subject, triple.predicate, triple.object, graph)
        for graph, triples in ((_DATA, data), (_SHAPES, shapes))
        for triple in triples
    ]
    try:
        return [quad.triple for quad in worked("shacl", quads)]
    except TaskError as error:
        if error.is_limit:
            raise error.as_limit("validating with these shapes", "shapes/") from error
        message = f"the shapes cannot be used: {error.message}"
        raise DomainError(message, file="shapes/", hint="see `lodkit check`") from error


def report_of_quads(quads: Iterable[Quad]) -> list[Triple]:
    """Do in the sandbox what `report_triples` does, of data and shapes in a graph each."""
    parts: dict[object, list[Triple]] = {_DATA: [], _SHAPES: []}
    for quad in quads:
        parts[quad.graph_name].append(quad.triple)
    return report_triples(parts[_DATA], parts[_SHAPES])


def _run(data_graph: rdflib.Graph, shapes_graph: rdflib.Graph) -> rdflib.Graph:
    import pyshacl
    import rdflib
    from pyshacl.errors import ReportableRuntimeError, ValidationFailure

    teach_linear_patterns()
    normalize = rdflib.NORMALIZE_LITERALS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # allow_warnings stays off: it would let nested shapes conform that do not; severity is judged by
            # the report.
            _, report, _ = pyshacl.validate(
                data_graph, shacl_graph=shapes_graph, inplace=True, advanced=False
            )
    except (ReportableRuntimeError, ValidationFailure) as error:
        report = error
    finally:
        rdflib.NORMALIZE_LITERALS = normalize  # pySHACL switches it on
    if not isinstance(report, rdflib.Graph):
        message = getattr(report, "message", None) or str(report)
        raise DomainError(f"the shapes cannot be used: {message}", file="shapes/", hint="see `lodkit check`")
    return report


def fill(graph: rdflib.Graph, triples: Iterable[Triple], terms: Terms) -> rdflib.Graph:
    """Put triples into an rdflib graph; ``terms`` keeps which term became which."""
    for triple in triples:
        graph.add((_term(triple.subject, terms), _term(triple.predicate, terms), _term(triple.object, terms)))
    return graph


def _term(term: Term, terms: Terms) -> Any:
    found = terms.get(term)
    if found is None:
        found = terms[term] = _to_rdflib(term)
    return found


def _to_rdflib(term: Term) -> Any:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == _STRING:
        return rdflib.Literal(term.value)
    if is_well_formed(term.value, term.datatype.value):
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    return _ill_typed(term)


_STRING = "http://www.w3.org/2001/XMLSchema#string"


def _ill_typed(literal: Literal) -> Any:
    """Make a literal that rdflib takes as ill-typed, without rebinding datatypes, which would be for the
    whole process.
    """
    import rdflib

    made: Any = rdflib.Literal(literal.value)
    made._datatype = rdflib.URIRef(literal.datatype.value)
    made._value = None
    made._ill_typed = True
    return made


def _finding(result: Mapping[str, list[Term]], domain: Domain) -> Finding:
    def one(name: str) -> Term | None:
        return next(iter(result.get(SH + name, ())), None)

    path, focus, shape = one("resultPath"), one("focusNode"), one("sourceShape")
    severity, component = one("resultSeverity"), one("sourceConstraintComponent")
    assert focus is not None
    assert shape is not None
    assert component is not None
    return Finding(
        focus,
        path_text(path, domain.graph) if path is not None else None,
        one("value"),
        _message(result.get(SH + "resultMessage", ())),
        severity_of(key(severity) if severity is not None else ""),
        key(shape),
        key(component),
    )


def _from_rdflib(term: Any) -> Term:
    import rdflib

    if isinstance(term, rdflib.Literal):
        return Literal(str(term), language=term.language) if term.language else Literal(str(term))
    return BlankNode(str(term)) if isinstance(term, rdflib.BNode) else NamedNode(str(term))


def _message(messages: Iterable[Term]) -> str:
    """The message in English, if there is one; of several the first by code points."""
    texts = [message for message in messages if isinstance(message, Literal)]
    ranked = sorted((not (text.language or "en").startswith("en"), text.value) for text in texts)
    return " ".join(ranked[0][1].split()) if ranked else ""


def severity_of(iri: str) -> Severity:
    """Return the severity that an IRI stands for; unknown ones, which SHACL allows, count as violations."""
    name = iri.removeprefix(SH)
    return Severity(name) if name in tuple(Severity) else Severity.VIOLATION
